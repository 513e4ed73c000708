"""The S3 File Gateway: a VM in the data centre that serves the bucket, or parts of it, over NFS and SMB.

A human starts the VM and asks it for an activation key; with the key in the config, everything here is made in one go.
"""

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws

from components.hybrid_storage import policies
from components.hybrid_storage.args import FileGatewayArgs, FurtherGatewayArgs, MoreSmbArgs, NfsArgs, RefreshArgs, SmbArgs
from components.hybrid_storage.by_the_clock import WEEKDAYS, Refresh, RefreshComponentArgs, UploadLimits

LOCAL_DISK = "aws:storagegateway/getLocalDisk:getLocalDisk"
"""The provider function that lists the disks of a gateway."""


def activation_request(region: str, endpoint: str | None) -> str:
    """The command that asks a gateway VM for its activation key; to be run where port 80 of the VM can be reached.

    The key it prints is bound to the region and to the endpoint named here, serves once and expires after half an hour.
    https://docs.aws.amazon.com/filegateway/latest/files3/get-activation-key.html
    """
    query = ["gatewayType=FILE_S3", f"activationRegion={region}", *([f"vpcEndpoint={endpoint}"] if endpoint else [])]
    return f'curl "http://GATEWAY_ADDRESS/?{"&".join(query)}&no_redirect"'


def plain_host(dns_name: str) -> str:
    """The DNS name of an S3 interface endpoint as a file share takes it: EC2 lists it with a leading wildcard."""
    return dns_name.removeprefix("*.")


def _settled(smb: SmbArgs | None) -> list[str]:
    """What of a gateway is never changed, for the provider would replace the gateway, or fail.

    Its endpoint is settled by the activation. Without a domain in the settings any more it stays joined to that which it has
    joined: the provider knows no leaving but a new gateway. A guest's password cannot be taken back either, only changed.
    """
    given = smb.keys() if smb else ()
    return [
        "gatewayVpcEndpoint",
        *(["smbActiveDirectorySettings"] if "domain" not in given else []),
        *(["smbGuestPassword"] if "guest_password" not in given else []),
    ]


class FileGatewayComponentArgs(TypedDict):
    """Arguments of FileGateway; those without a word here mean what they mean in HybridStorageArgs."""

    region: str
    """Region of every regional resource."""
    tags: dict[str, str]
    """Tags of every taggable resource, next to `Name`."""
    protected: bool
    """Whether a destroy of the gateway is refused: files may still be on their way from its cache to the bucket."""
    account: pulumi.Input[str]
    """Account id."""
    activation_key: str
    """The key that the gateway VM gave out."""
    settings: FileGatewayArgs | FurtherGatewayArgs
    """The settings of the gateway."""
    bucket_arn: pulumi.Input[str]
    """Bucket that the shares show."""
    key_arn: pulumi.Input[str]
    """KMS key of the bucket and of the log groups."""
    read_only: bool
    """Whether clients of the shares may not write."""
    on_premises_cidrs: Sequence[str]
    """Who may mount the NFS share if its own settings do not say."""
    storage_gateway_endpoint_dns_name: pulumi.Input[str] | None
    """VPC endpoint of Storage Gateway."""
    s3_interface_endpoint_dns_name: pulumi.Input[str] | None
    """Interface endpoint of S3."""


class FileGateway(pulumi.ComponentResource):
    """An activated S3 File Gateway with a cache, health and audit logs, and its file shares."""

    arn: pulumi.Output[str]
    """ARN of the gateway."""
    gateway_id: pulumi.Output[str]
    """Id of the gateway, a dimension of its CloudWatch metrics."""
    nfs_share_arn: pulumi.Output[str] | None
    """ARN of the NFS share, if there is one."""
    smb_share_arn: pulumi.Output[str] | None
    """ARN of the SMB share, if there is one."""

    def __init__(self, name: str, args: FileGatewayComponentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:FileGateway", name, {**args}, opts)
        self._name, self._args = name, args
        settings = args["settings"]
        nfs, smb = settings.get("nfs"), settings.get("smb")
        of_nfs = {**({"nfs": nfs} if nfs else {}), **{f"nfs-{one['share_name']}": one for one in settings["more_nfs"]}}
        of_smb: dict[str, SmbArgs | MoreSmbArgs] = {
            **({"smb": smb} if smb else {}),
            **{f"smb-{one['share_name']}": one for one in settings["more_smb"]},
        }
        prefixes = [one.get("prefix", "") for one in (*of_nfs.values(), *of_smb.values())]

        gateway = self._gateway(self._log_group("health"))
        caches = [self._cache(gateway), *(self._more_cache(gateway, path) for path in settings["more_cache_disk_paths"])]
        role, access = self._role(gateway, prefixes)
        # A gateway has to have a cache before it takes a share, and the role its rights before the share tries it. A share
        # cannot be made next to the one it replaces: two on the same part of a bucket are refused.
        share = pulumi.ResourceOptions(parent=self, depends_on=[*caches, access], delete_before_replace=True)
        common = self._share_arguments(gateway, role, self._log_group("audit"))
        arns = {
            key: aws.storagegateway.NfsFileShare(f"{name}-{key}", **common, **self._nfs(key, one), opts=share).arn
            for key, one in of_nfs.items()
        }
        for key, smb_share in of_smb.items():
            made = aws.storagegateway.SmbFileShare(
                f"{name}-{key}", **common, **self._smb(key, smb_share, domain=bool(smb and "domain" in smb)), opts=share
            )
            arns[key] = made.arn
        for key, any_share in (*of_nfs.items(), *of_smb.items()):
            if refresh := any_share.get("refresh"):
                self._refresh(key, arns[key], refresh)
        if (limits := settings.get("upload_limits")) is not None:
            UploadLimits(
                f"{name}-uploads",
                {
                    "region": args["region"],
                    "tags": args["tags"],
                    "account": args["account"],
                    "gateway_arn": gateway.arn,
                    "limits": limits,
                },
                pulumi.ResourceOptions(parent=self),
            )

        self.arn = gateway.arn
        self.gateway_id = gateway.gateway_id
        self.nfs_share_arn = arns.get("nfs")
        self.smb_share_arn = arns.get("smb")
        self.register_outputs(
            {
                "arn": self.arn,
                "gateway_id": self.gateway_id,
                "nfs_share_arn": self.nfs_share_arn,
                "smb_share_arn": self.smb_share_arn,
            }
        )

    def _refresh(self, key: str, share_arn: pulumi.Output[str], refresh: RefreshArgs) -> None:
        """Schedules have 64 characters for their names: of a further share it is a digest that tells it."""
        known = {"nfs": "refresh", "smb": "smb-refresh"}
        name = f"{self._name}-{known.get(key) or 'refresh-' + hashlib.sha256(key.encode()).hexdigest()[:8]}"
        args: RefreshComponentArgs = {
            "region": self._args["region"],
            "tags": self._args["tags"],
            "account": self._args["account"],
            "share_arn": share_arn,
            "refresh": refresh,
        }
        Refresh(name, args, pulumi.ResourceOptions(parent=self))

    def _tags(self, name: str) -> dict[str, str]:
        return {**self._args["tags"], "Name": name}

    def _log_group(self, purpose: str) -> aws.cloudwatch.LogGroup:
        name = f"{self._name}-{purpose}"
        return aws.cloudwatch.LogGroup(
            name,
            retention_in_days=self._args["settings"]["log_retention_days"],
            kms_key_id=self._args["key_arn"],
            tags=self._tags(name),
            region=self._args["region"],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _gateway(self, health: aws.cloudwatch.LogGroup) -> aws.storagegateway.Gateway:
        args, settings, smb = self._args, self._args["settings"], self._args["settings"].get("smb")
        window = settings["maintenance"]
        domain = smb.get("domain") if smb else None
        return aws.storagegateway.Gateway(
            self._name,
            gateway_name=settings["name"],
            gateway_type="FILE_S3",
            # By key, never by address: an address would make the machine that runs Pulumi call the VM.
            activation_key=args["activation_key"],
            gateway_timezone=settings["time_zone"],
            gateway_vpc_endpoint=args["storage_gateway_endpoint_dns_name"],
            cloudwatch_log_group_arn=health.arn,
            maintenance_start_time={
                "day_of_week": str(WEEKDAYS.index(window["day_of_week"])),
                "hour_of_day": window["hour"],
                "minute_of_hour": window["minute"],
            },
            smb_active_directory_settings=(
                {
                    "domain_name": domain["name"],
                    "username": domain["username"],
                    "password": domain["password"],
                    "organizational_unit": domain.get("organizational_unit"),
                    "domain_controllers": domain.get("controllers"),
                }
                if domain
                else None
            ),
            smb_guest_password=smb.get("guest_password") if smb else None,
            smb_security_strategy=smb["security_strategy"] if smb else None,
            tags=self._tags(self._name),
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], ignore_changes=_settled(smb)),
        )

    def _cache(self, gateway: aws.storagegateway.Gateway) -> aws.storagegateway.Cache:
        """The cache, on the disk with the given id, or else on the disk with the given path.

        Ids exist only once the gateway is active and differ by hypervisor, while the path is known from the start: looking the
        id up saves the human a second round.

        It has a name of its own for each activation: were that of a new VM a replacement, it would get the old VM's disk id,
        whose changes are ignored.
        """
        args, settings = self._args, self._args["settings"]
        disk_id: pulumi.Input[str] | None = settings.get("cache_disk_id")
        if disk_id is None:
            disk_id = gateway.arn.apply(lambda arn: self._look_up(settings["cache_disk_path"], arn))
        name = f"{self._name}-cache"
        return aws.storagegateway.Cache(
            f"{name}-{hashlib.sha256(args['activation_key'].encode()).hexdigest()[:8]}",
            disk_id=disk_id,
            gateway_arn=gateway.arn,
            region=args["region"],
            # Some gateways give a disk another id once it is the cache, and a cache cannot be taken away: never replace it.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["diskId"], aliases=[pulumi.Alias(name=name)]),
        )

    def _more_cache(self, gateway: aws.storagegateway.Gateway, path: str) -> aws.storagegateway.Cache:
        """Another disk of the cache, on its path; each activation has its own, as with the first."""
        activation = hashlib.sha256(self._args["activation_key"].encode()).hexdigest()[:8]
        disk_id: pulumi.Output[str] = gateway.arn.apply(lambda arn: self._look_up(path, arn))
        return aws.storagegateway.Cache(
            f"{self._name}-cache-{activation}-{path.removeprefix('/dev/').replace('/', '-')}",
            disk_id=disk_id,
            gateway_arn=gateway.arn,
            region=self._args["region"],
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["diskId"]),
        )

    async def _look_up(self, path: str, gateway_arn: str) -> str:
        """The id of a disk of the gateway, which only the VM can tell.

        When the VM is off, the stack can be updated all the same, above all in a failover: once there is a cache, the answer is
        used for nothing, as changes of it are ignored.
        """
        asked = {"diskPath": path, "gatewayArn": gateway_arn, "region": self._args["region"]}
        try:
            # Not `get_local_disk_output`: an output that fails, fails the program, whoever has seen it.
            found = await pulumi.runtime.invoke_async(
                LOCAL_DISK, asked, pulumi.InvokeOptions(parent=self, version=version("pulumi-aws"))
            )
        except Exception as error:
            if "not connected" not in str(error):
                raise
            found = {}
        return str(found.get("diskId", "unknown-while-the-gateway-is-off"))

    def _role(self, gateway: aws.storagegateway.Gateway, prefixes: Sequence[str]) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            f"{self._name}-shares",
            description="What the file shares of the S3 File Gateway may do with the bucket",
            assume_role_policy=pulumi.Output.all(gateway.arn, self._args["account"]).apply(
                lambda known: json.dumps(policies.gateway_trust(gateway_arn=known[0], account=known[1]))
            ),
            tags=self._tags(f"{self._name}-shares"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        access = aws.iam.RolePolicy(
            f"{self._name}-shares",
            role=role.name,
            policy=pulumi.Output.all(self._args["bucket_arn"], self._args["key_arn"]).apply(
                lambda arns: json.dumps(policies.gateway_access(bucket_arn=arns[0], key_arn=arns[1], prefixes=prefixes))
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return role, access

    def _share_arguments(
        self, gateway: aws.storagegateway.Gateway, role: aws.iam.Role, audit: aws.cloudwatch.LogGroup
    ) -> dict[str, Any]:
        """What both kinds of share have in common."""
        args, refresh = self._args, self._args["settings"]["cache_refresh_seconds"]
        endpoint = args["s3_interface_endpoint_dns_name"]
        return {
            "gateway_arn": gateway.arn,
            "role_arn": role.arn,
            "kms_encrypted": True,
            "kms_key_arn": args["key_arn"],
            # New files are hot; the lifecycle of the bucket moves them on. It could not move them up again.
            "default_storage_class": "S3_STANDARD",
            # With any other, a share never becomes available on a bucket on which ACLs have no effect.
            # https://docs.aws.amazon.com/filegateway/latest/files3/CreatingAnNFSFileShare.html
            "object_acl": "private",
            # Listings older than this are fetched from the bucket again, which shows files that AWS has written.
            "cache_attributes": {"cache_stale_timeout_in_seconds": refresh} if refresh else None,
            "read_only": args["read_only"] or None,
            # No event per uploaded file: nothing listens.
            "notification_policy": "{}",
            "audit_destination_arn": audit.arn,
            **(
                {
                    "vpc_endpoint_dns_name": pulumi.Output.from_input(endpoint).apply(plain_host),
                    "bucket_region": args["region"],
                }
                if endpoint is not None
                else {}
            ),
            "region": args["region"],
        }

    def _location(self, prefix: str) -> pulumi.Output[str]:
        bucket_arn = pulumi.Output.from_input(self._args["bucket_arn"])
        return pulumi.Output.concat(bucket_arn, "/", prefix) if prefix else bucket_arn

    def _nfs(self, key: str, nfs: NfsArgs) -> dict[str, Any]:
        return {
            "file_share_name": nfs["share_name"],
            "location_arn": self._location(nfs.get("prefix", "")),
            "client_lists": nfs.get("clients", self._args["on_premises_cidrs"]),
            "squash": nfs["squash"],
            "nfs_file_share_defaults": {
                "file_mode": nfs["file_mode"],
                "directory_mode": nfs["directory_mode"],
                "owner_id": str(nfs["owner_id"]),
                "group_id": str(nfs["group_id"]),
            },
            "tags": self._tags(f"{self._name}-{key}"),
        }

    def _smb(self, key: str, smb: SmbArgs | MoreSmbArgs, *, domain: bool) -> dict[str, Any]:
        arguments = {
            "file_share_name": smb["share_name"],
            "location_arn": self._location(smb["prefix"]),
            "tags": self._tags(f"{self._name}-{key}"),
        }
        if not domain:
            return {**arguments, "authentication": "GuestAccess"}
        return {
            **arguments,
            "authentication": "ActiveDirectory",
            "smb_acl_enabled": True,
            "access_based_enumeration": True,
            "valid_user_lists": smb.get("valid_users"),
            "invalid_user_lists": smb.get("invalid_users"),
            "admin_user_lists": smb.get("admin_users"),
        }
