"""HybridStorage: files that are written in the data centre and read on both sides."""

import json

import pulumi
import pulumi_aws as aws

from components.arguments import completed
from components.hybrid_storage import policies
from components.hybrid_storage.args import FileGatewayArgs, FurtherGatewayArgs, HybridStorageArgs
from components.hybrid_storage.bucket import FilesBucket, FilesBucketArgs
from components.hybrid_storage.efs import SharedFileSystem, SharedFileSystemArgs
from components.hybrid_storage.file_gateway import FileGateway, FileGatewayComponentArgs, activation_request
from components.hybrid_storage.replication import RULE, Side, replicate

__all__ = ["HybridStorage", "HybridStorageArgs"]


class HybridStorage(pulumi.ComponentResource):
    """A private bucket of files, and the ways to it: NFS and SMB in the data centre, a mount on the hosts in AWS.

    The data centre reaches the bucket through an S3 File Gateway, or several, each of which exists once its activation key is
    given; hosts in AWS
    mount the bucket with Mountpoint for Amazon S3, under the rights of `access_policy_arn`. EFS is there if enabled.

    A file that has been archived (GLACIER, DEEP_ARCHIVE) is still listed on both sides, but reading it gives an input/output
    error until somebody restores the object. A file that was written in AWS appears in the data centre once the listing that
    the gateway keeps of its folder is older than the refresh time.

    One writer at a time to a file: neither the gateway nor Mountpoint locks files for the other.

    The files may be those of another region (`replicate_from`), which are replicated into this bucket as they are written and
    are `read_only` until this region takes over. Once it writes, `reverse` replicates back what is new. What was written before
    a replication began is carried over by S3 Batch Replication, a job that a person starts. Replicated files keep the owner and
    mode that the File Gateway gave them. EFS is not replicated: its files come along in backups only.
    """

    bucket_name: pulumi.Output[str]
    """Name of the bucket."""
    bucket_arn: pulumi.Output[str]
    """ARN of the bucket."""
    kms_key_arn: pulumi.Output[str]
    """ARN of the key that encrypts the bucket, the gateway's logs and EFS."""
    mount_path: str
    """Where hosts on both sides mount the files."""
    access_policy_arn: pulumi.Output[str]
    """Managed policy that lets the role of a host read the files, and write them if AWS may write."""
    replication_rule_id: str | None
    """The rule by which the files of another region are replicated, a dimension of its CloudWatch metrics; None without one."""
    gateway_activation_request: pulumi.Output[str]
    """The command that asks a gateway VM for its activation key, with GATEWAY_ADDRESS to be filled in."""
    gateway_name: str
    """Name of the File Gateway, a dimension of its CloudWatch metrics."""
    gateway_arn: pulumi.Output[str] | None
    """ARN of the File Gateway; None until it has an activation key. So are the other outputs of the gateway."""
    gateway_id: pulumi.Output[str] | None
    """Id of the File Gateway, the other dimension of its CloudWatch metrics."""
    file_share_arn: pulumi.Output[str] | None
    """ARN of the NFS share."""
    gateway_arns: pulumi.Output[dict[str, str]]
    """ARNs of the further gateways that are activated, by name."""
    smb_file_share_arn: pulumi.Output[str] | None
    """ARN of the SMB share; None without one."""
    efs_file_system_id: pulumi.Output[str] | None
    """Id of the EFS file system; None without one. So are the other outputs of EFS."""
    efs_access_point_id: pulumi.Output[str] | None
    """Id of the access point, the only way in."""
    efs_security_group_id: pulumi.Output[str] | None
    """Security group of the mount targets. It admits nobody in the VPC: whoever makes hosts opens it for TCP 2049."""

    def __init__(self, name: str, args: HybridStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = completed(HybridStorageArgs, args, f"HybridStorage {name!r}")
        super().__init__("hybridge:index:HybridStorage", name, {**args}, opts)
        account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        key = self._key(name, args, account)
        bucket = FilesBucket(f"{name}-files", _bucket_args(args, account, key), pulumi.ResourceOptions(parent=self))

        read_only = args.get("read_only", False)
        access = aws.iam.Policy(
            f"{name}-access",
            description="Mount the files of the bucket with Mountpoint for Amazon S3",
            policy=pulumi.Output.all(bucket.arn, key.arn).apply(
                lambda arns: json.dumps(
                    policies.host_access(
                        bucket_arn=arns[0],
                        # Hosts see what the NFS share shows, so that a path leads to the same file on both sides.
                        prefix=args["file_gateway"]["nfs"].get("prefix", ""),
                        key_arn=arns[1],
                        region=args["region"],
                        writes=args["aws_writes"] and not read_only,
                    )
                )
            ),
            tags={**args["tags"], "Name": f"{name}-access"},
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.bucket_name = bucket.name
        self.bucket_arn = bucket.arn
        self.kms_key_arn = key.arn
        self.mount_path = args["mount_path"]
        self.access_policy_arn = access.arn
        self.replication_rule_id = RULE if "replicate_from" in args else None
        if "replicate_from" in args:
            here: Side = {
                "bucket_name": bucket.name,
                "bucket_arn": bucket.arn,
                "key_arn": key.arn,
                "region": args["region"],
            }
            replicate(name, args, here, account, needed=[bucket.versioning], parent=self)
        self._make_gateways(name, args, account, key)
        self._make_efs(name, args, key)
        self.register_outputs(
            {
                "bucket_name": self.bucket_name,
                "bucket_arn": self.bucket_arn,
                "kms_key_arn": self.kms_key_arn,
                "mount_path": self.mount_path,
                "access_policy_arn": self.access_policy_arn,
                "replication_rule_id": self.replication_rule_id,
                "gateway_activation_request": self.gateway_activation_request,
                "gateway_name": self.gateway_name,
                "gateway_arn": self.gateway_arn,
                "gateway_id": self.gateway_id,
                "gateway_arns": self.gateway_arns,
                "file_share_arn": self.file_share_arn,
                "smb_file_share_arn": self.smb_file_share_arn,
                "efs_file_system_id": self.efs_file_system_id,
                "efs_access_point_id": self.efs_access_point_id,
                "efs_security_group_id": self.efs_security_group_id,
            }
        )

    def _key(self, name: str, args: HybridStorageArgs, account: pulumi.Output[str]) -> aws.kms.Key:
        active = any("activation_key" in gateway for gateway in (args["file_gateway"], *args["file_gateways"]))
        partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(parent=self)).partition
        key = aws.kms.Key(
            f"{name}-key",
            description="Files on both sides: the bucket, the logs of the File Gateway, EFS",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=pulumi.Output.all(partition, account).apply(
                lambda known: json.dumps(
                    policies.key_policy(
                        partition=known[0],
                        account=known[1],
                        region=args["region"],
                        log_group_prefix=f"{name}-gateway-" if active else None,
                    )
                )
            ),
            tags={**args["tags"], "Name": f"{name}-key"},
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], retain_on_delete=args["protected"]),
        )
        aws.kms.Alias(f"{name}-key", target_key_id=key.key_id, region=args["region"], opts=pulumi.ResourceOptions(parent=self))
        return key

    def _make_gateways(self, name: str, args: HybridStorageArgs, account: pulumi.Output[str], key: aws.kms.Key) -> None:
        settings = args["file_gateway"]
        self.gateway_name = settings["name"]
        endpoint = args.get("storage_gateway_endpoint_dns_name")
        self.gateway_activation_request = pulumi.Output.from_input(endpoint).apply(
            lambda known: activation_request(args["region"], known)
        )
        self.gateway_arn = self.gateway_id = self.file_share_arn = self.smb_file_share_arn = None
        if gateway := self._gateway(f"{name}-gateway", args, settings, account, key):
            self.gateway_arn = gateway.arn
            self.gateway_id = gateway.gateway_id
            self.file_share_arn = gateway.nfs_share_arn
            self.smb_file_share_arn = gateway.smb_share_arn
        further = {
            one["name"]: self._gateway(f"{name}-gateway-{one['name']}", args, one, account, key)
            for one in args["file_gateways"]
        }
        self.gateway_arns = pulumi.Output.all(**{called: one.arn for called, one in further.items() if one}).apply(dict)

    def _gateway(
        self,
        name: str,
        args: HybridStorageArgs,
        settings: FileGatewayArgs | FurtherGatewayArgs,
        account: pulumi.Output[str],
        key: aws.kms.Key,
    ) -> FileGateway | None:
        """A gateway, once it has an activation key."""
        if "activation_key" not in settings:
            return None
        gateway_args: FileGatewayComponentArgs = {
            "region": args["region"],
            "tags": args["tags"],
            "protected": args["protected"],
            "account": account,
            "activation_key": settings["activation_key"],
            "settings": settings,
            "bucket_arn": self.bucket_arn,
            "key_arn": key.arn,
            "read_only": args.get("read_only", False),
            "on_premises_cidrs": args["on_premises_cidrs"],
            "storage_gateway_endpoint_dns_name": args.get("storage_gateway_endpoint_dns_name"),
            "s3_interface_endpoint_dns_name": args.get("s3_interface_endpoint_dns_name"),
        }
        return FileGateway(name, gateway_args, pulumi.ResourceOptions(parent=self))

    def _make_efs(self, name: str, args: HybridStorageArgs, key: aws.kms.Key) -> None:
        self.efs_file_system_id = self.efs_access_point_id = self.efs_security_group_id = None
        if not args["efs"]["enabled"]:
            return
        efs_args: SharedFileSystemArgs = {
            "region": args["region"],
            "tags": args["tags"],
            "protected": args["protected"],
            "key_arn": key.arn,
            "vpc_id": args["vpc_id"],
            "zones": args["zones"],
            "subnet_ids": args["private_subnet_ids"],
            "on_premises_cidrs": args["on_premises_cidrs"],
            "efs": args["efs"],
        }
        if "backup_tag" in args:
            efs_args["backup_tag"] = args["backup_tag"]
        efs = SharedFileSystem(f"{name}-efs", efs_args, pulumi.ResourceOptions(parent=self))
        self.efs_file_system_id = efs.file_system_id
        self.efs_access_point_id = efs.access_point_id
        self.efs_security_group_id = efs.security_group_id


def _bucket_args(args: HybridStorageArgs, account: pulumi.Output[str], key: aws.kms.Key) -> FilesBucketArgs:
    bucket: FilesBucketArgs = {
        "region": args["region"],
        "tags": args["tags"],
        "protected": args["protected"],
        "account": account,
        "key_arn": key.arn,
        "hot_days": args["hot_days"],
        "tier_class": args["tier_class"],
        "archive_days": args["archive_days"],
        "archive_class": args["archive_class"],
        "noncurrent_days": args["noncurrent_days"],
        "abort_upload_days": args["abort_upload_days"],
        "access_log_retention_days": args["access_log_retention_days"],
    }
    if "bucket_name" in args:
        bucket["bucket_name"] = args["bucket_name"]
    if "backup_tag" in args:
        bucket["backup_tag"] = args["backup_tag"]
    if "object_lock" in args:
        bucket["object_lock"] = args["object_lock"]
    return bucket
