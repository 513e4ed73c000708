"""The EFS file system, for what S3 behind a mount cannot do: locks, appends, renames of folders."""

import json
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.hybrid_storage import lifecycle, policies
from components.hybrid_storage.args import EfsArgs

NFS_PORT = 2049


class SharedFileSystemArgs(TypedDict):
    """Arguments of SharedFileSystem; those without a word here mean what they mean in HybridStorageArgs."""

    region: str
    """Region of every regional resource."""
    tags: dict[str, str]
    """Tags of every taggable resource, next to `Name`."""
    protected: bool
    """Whether the file system survives a destroy."""
    backup_tag: NotRequired[str]
    """Value of the tag `Backup`, by which a backup plan selects the file system."""
    key_arn: pulumi.Input[str]
    """KMS key that encrypts the files."""
    vpc_id: pulumi.Input[str]
    """VPC of the mount targets."""
    zones: Sequence[str]
    """Zones, in the order of the subnets."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets of the mount targets, one per zone."""
    on_premises_cidrs: Sequence[str]
    """Networks of the data centre."""
    efs: EfsArgs
    """The settings of the file system."""


class SharedFileSystem(pulumi.ComponentResource):
    """An encrypted EFS file system with a mount target in every zone and one access point, to be mounted over TLS.

    Its security group admits nobody by itself but, if so configured, the data centre; whoever makes hosts opens it to them.
    """

    file_system_id: pulumi.Output[str]
    """Id of the file system."""
    access_point_id: pulumi.Output[str]
    """Id of the access point; the policy admits no other way in."""
    security_group_id: pulumi.Output[str]
    """Security group of the mount targets."""

    def __init__(self, name: str, args: SharedFileSystemArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:SharedFileSystem", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        region, efs = args["region"], args["efs"]
        backup = {"Backup": args["backup_tag"]} if "backup_tag" in args else {}

        file_system = aws.efs.FileSystem(
            name,
            encrypted=True,
            kms_key_id=args["key_arn"],
            performance_mode="generalPurpose",
            # Archive exists only with elastic throughput.
            throughput_mode="elastic",
            lifecycle_policies=lifecycle.efs_policies(ia_days=efs["ia_days"], archive_days=efs["archive_days"]),
            tags={**args["tags"], **backup, "Name": name},
            region=region,
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], retain_on_delete=args["protected"]),
        )
        aws.efs.BackupPolicy(
            name,
            file_system_id=file_system.id,
            # What a backup plan keeps need not be kept, and paid for, a second time.
            backup_policy={"status": "DISABLED" if backup else "ENABLED"},
            region=region,
            opts=child,
        )

        group = aws.ec2.SecurityGroup(
            name,
            description="Mount targets of the EFS file system",
            vpc_id=args["vpc_id"],
            tags={**args["tags"], "Name": name},
            region=region,
            opts=child,
        )
        for cidr in args["on_premises_cidrs"] if efs["on_premises"] else ():
            rule = f"{name}-from-{cidr.replace('/', '-')}"
            aws.vpc.SecurityGroupIngressRule(
                rule,
                security_group_id=group.id,
                description="NFS from the data centre",
                cidr_ipv4=cidr,
                ip_protocol="tcp",
                from_port=NFS_PORT,
                to_port=NFS_PORT,
                tags={**args["tags"], "Name": rule},
                region=region,
                opts=child,
            )
        subnet_ids = pulumi.Output.from_input(args["subnet_ids"])
        for position, zone in enumerate(args["zones"]):
            aws.efs.MountTarget(
                f"{name}-{zone.rsplit('-', 1)[-1]}",
                file_system_id=file_system.id,
                subnet_id=subnet_ids[position],
                security_groups=[group.id],
                region=region,
                # A file system has one mount target in a zone, in whatever subnet.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )

        access_point = aws.efs.AccessPoint(
            name,
            file_system_id=file_system.id,
            posix_user={"uid": efs["owner_id"], "gid": efs["group_id"]},
            root_directory={
                "path": "/files",
                "creation_info": {"owner_uid": efs["owner_id"], "owner_gid": efs["group_id"], "permissions": "0750"},
            },
            tags={**args["tags"], "Name": name},
            region=region,
            # Another owner makes it anew, while the folder, which is there, keeps its old one: nobody could read any file.
            # https://docs.aws.amazon.com/efs/latest/ug/API_CreationInfo.html
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"]),
        )
        aws.efs.FileSystemPolicy(
            name,
            file_system_id=file_system.id,
            policy=pulumi.Output.all(file_system.arn, access_point.arn).apply(
                lambda arns: json.dumps(policies.file_system_policy(file_system_arn=arns[0], access_point_arn=arns[1]))
            ),
            region=region,
            opts=child,
        )

        self.file_system_id = file_system.id
        self.access_point_id = access_point.id
        self.security_group_id = group.id
        self.register_outputs(
            {
                "file_system_id": self.file_system_id,
                "access_point_id": self.access_point_id,
                "security_group_id": self.security_group_id,
            }
        )
