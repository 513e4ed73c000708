"""File shares over NFS and SMB."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.storagegateway.gateways import ERROR, find_gateway, need_log_group, tag_list, tags_of
from rehearsal.extensions.storagegateway.smb import settings_of

CLASSES = {"S3_STANDARD", "S3_INTELLIGENT_TIERING", "S3_STANDARD_IA", "S3_ONEZONE_IA"}
LONGEST_REFRESH = 2_592_000


def _location(arn: str) -> tuple[str, str]:
    """Bucket and prefix of a share's location."""
    bucket, _, prefix = arn.split(":::", 1)[-1].partition("/")
    return bucket, prefix


def _check_bucket(call: Call) -> str:
    """The status of the share after looking at its bucket."""
    bucket_name, prefix = _location(call.params["LocationARN"])
    bucket = call.backend("s3").buckets.get(bucket_name)
    if bucket is None:
        raise Refuse(ERROR, f"The specified S3 bucket does not exist: {bucket_name}")
    if prefix and not prefix.endswith("/"):
        raise Refuse(ERROR, f"The prefix must end with a forward slash: {prefix}")
    if prefix and not call.params.get("FileShareName"):
        raise Refuse(ERROR, "A file share of a prefix needs a FileShareName.")
    for share in call.state["shares"].values():
        other_bucket, other = _location(share["LocationARN"])
        if other_bucket == bucket_name and (prefix.startswith(other) or other.startswith(prefix)):
            raise Refuse(ERROR, f"The location overlaps with that of {share['FileShareARN']}: {share['LocationARN']}")
    # AWS makes the share all the same, but it never becomes available.
    acl = call.params.get("ObjectACL", "private")
    enforced = "BucketOwnerEnforced" in str(bucket.ownership_rule)
    return "UNAVAILABLE" if enforced and acl != "private" else "AVAILABLE"


def _check_access(call: Call) -> None:
    params = call.params
    roles = {role.arn: role for role in call.backend("iam").roles.values()}
    role = roles.get(params["Role"])
    if role is None or "storagegateway.amazonaws.com" not in str(role.assume_role_policy_document):
        raise Refuse(ERROR, f"The specified role does not exist or cannot be assumed: {params['Role']}")
    if params.get("KMSKey") and not params.get("KMSEncrypted") and "Kms" not in params.get("EncryptionType", ""):
        raise Refuse(ERROR, "A KMSKey is given only with KMSEncrypted.")
    if params.get("KMSKey") and params["KMSKey"].split("/")[-1] not in call.backend("kms").keys:
        raise Refuse(ERROR, f"The specified KMS key does not exist: {params['KMSKey']}")
    need_log_group(call, params.get("AuditDestinationARN", ""))


def _check_settings(call: Call) -> None:
    params = call.params
    refresh = params.get("CacheAttributes", {}).get("CacheStaleTimeoutInSeconds", 0)
    if refresh and not 300 <= refresh <= LONGEST_REFRESH:
        raise Refuse(ERROR, f"CacheStaleTimeoutInSeconds {refresh}: 0, or 300 to {LONGEST_REFRESH}")
    if params.get("DefaultStorageClass", "S3_STANDARD") not in CLASSES:
        raise Refuse(ERROR, f"DefaultStorageClass {params['DefaultStorageClass']}: one of {sorted(CLASSES)}")
    if params.get("VPCEndpointDNSName") and not params.get("BucketRegion"):
        raise Refuse(ERROR, "BucketRegion is required with VPCEndpointDNSName.")


def _create_share(call: Call, kind: str) -> dict[str, Any]:
    gateway = find_gateway(call)
    if gateway["GatewayType"] != "FILE_S3":
        raise Refuse(ERROR, "This operation is supported on S3 File Gateways only.")
    if not any(disk["DiskAllocationType"] == "CACHE STORAGE" for disk in call.state["disks"][gateway["GatewayARN"]]):
        raise Refuse(ERROR, "The gateway has no cache: add one before creating a file share.")
    _check_access(call)
    _check_settings(call)
    status = _check_bucket(call)
    identifier = call.new_id("share-", 8)
    arn = call.arn(f"share/{identifier}")
    name = call.params.get("FileShareName") or _location(call.params["LocationARN"])[0]
    names = {share["FileShareName"] for share in call.state["shares"].values() if share["GatewayARN"] == gateway["GatewayARN"]}
    if name in names:
        raise Refuse(ERROR, f"The gateway has a file share of that name: {name}")
    call.state["tags"][arn] = tags_of(call.params.get("Tags", []))
    call.state["shares"][arn] = {
        "GuessMIMETypeEnabled": True,
        "ReadOnly": False,
        "RequesterPays": False,
        "DefaultStorageClass": "S3_STANDARD",
        "ObjectACL": "private",
        "NotificationPolicy": "{}",
        **{key: value for key, value in call.params.items() if key not in ("ClientToken", "Tags")},
        "FileShareName": name,
        "FileShareARN": arn,
        "FileShareId": identifier,
        "FileShareStatus": status,
        "Path": f"/{name}",
        "kind": kind,
    }
    return {"FileShareARN": arn}


def _missing(arn: str) -> Refuse:
    """There is no such share. Tools wait for this code until one is gone."""
    return Refuse(ERROR, f"The specified file share was not found: {arn}", error={"errorCode": "FileShareNotFound"})


def _shares(call: Call, kind: str) -> list[dict[str, Any]]:
    found = []
    for arn in call.params["FileShareARNList"]:
        share = call.state["shares"].get(arn)
        if share is None or share["kind"] != kind:
            raise _missing(arn)
        found.append({**share, "Tags": tag_list(call.state["tags"][arn])})
    return found


@operation("storagegateway", "CreateNFSFileShare")
def create_nfs_file_share(call: Call) -> dict[str, Any]:
    """Show a bucket, or a part of it, over NFS."""
    if call.params.get("Squash", "RootSquash") not in ("RootSquash", "NoSquash", "AllSquash"):
        raise Refuse(ERROR, f"Squash {call.params['Squash']} is not valid.")
    return _create_share(call, "NFS")


@operation("storagegateway", "DescribeNFSFileShares")
def describe_nfs_file_shares(call: Call) -> dict[str, Any]:
    """NFS shares by ARN."""
    return {"NFSFileShareInfoList": _shares(call, "NFS")}


@operation("storagegateway", "CreateSMBFileShare")
def create_smb_file_share(call: Call) -> dict[str, Any]:
    """Show a bucket, or a part of it, over SMB, to whom the gateway is already able to sign in."""
    settings, authentication = settings_of(call), call.params.get("Authentication", "ActiveDirectory")
    if authentication == "GuestAccess" and not settings["SMBGuestPasswordSet"]:
        raise Refuse(ERROR, "Guest access needs an SMB guest password: set it on the gateway first.")
    if authentication == "ActiveDirectory" and settings["ActiveDirectoryStatus"] != "JOINED":
        raise Refuse(ERROR, "The gateway is not joined to an Active Directory domain.")
    users = ("AdminUserList", "ValidUserList", "InvalidUserList", "SMBACLEnabled")
    if authentication == "GuestAccess" and any(call.params.get(key) for key in users):
        raise Refuse(ERROR, f"{', '.join(users)} apply to Active Directory only.")
    return _create_share(call, "SMB")


@operation("storagegateway", "DescribeSMBFileShares")
def describe_smb_file_shares(call: Call) -> dict[str, Any]:
    """SMB shares by ARN."""
    return {"SMBFileShareInfoList": _shares(call, "SMB")}


@operation("storagegateway", "UpdateNFSFileShare")
def update_nfs_file_share(call: Call) -> dict[str, Any]:
    """What is named changes, the rest stays."""
    return _update(call, "NFS")


@operation("storagegateway", "UpdateSMBFileShare")
def update_smb_file_share(call: Call) -> dict[str, Any]:
    """What is named changes, the rest stays."""
    return _update(call, "SMB")


def _update(call: Call, kind: str) -> dict[str, Any]:
    _check_settings(call)
    arn = call.params["FileShareARN"]
    share = call.state["shares"].get(arn)
    if share is None or share["kind"] != kind:
        raise _missing(arn)
    share.update(call.params)
    return {"FileShareARN": arn}


@operation("storagegateway", "ListFileShares")
def list_file_shares(call: Call) -> dict[str, Any]:
    """Every share, or those of one gateway."""
    wanted = call.params.get("GatewayARN")
    return {
        "FileShareInfoList": [
            {**share, "FileShareType": share["kind"]}
            for share in call.state["shares"].values()
            if wanted in (None, share["GatewayARN"])
        ]
    }


@operation("storagegateway", "DeleteFileShare")
def delete_file_share(call: Call) -> dict[str, Any]:
    """Forget a share; its files stay in the bucket."""
    arn = call.params["FileShareARN"]
    if call.state["shares"].pop(arn, None) is None:
        raise _missing(arn)
    return {"FileShareARN": arn}


@operation("storagegateway", "RefreshCache")
def refresh_cache(call: Call) -> dict[str, Any]:
    """Fetch the listing of a share anew; there is nothing to fetch here."""
    arn = call.params["FileShareARN"]
    if arn not in call.state["shares"]:
        raise _missing(arn)
    return {"FileShareARN": arn, "NotificationId": call.new_id(length=32)}
