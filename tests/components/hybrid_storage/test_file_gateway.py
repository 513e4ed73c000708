"""FileGateway: what an activation key sets off."""

import json
from typing import Any

import pytest
from botocore.session import Session

from components.hybrid_storage.file_gateway import activation_request, plain_host
from tests.components.hybrid_storage.support import (
    ACTIVE,
    CIDRS,
    DISK,
    GATEWAY_ENDPOINT,
    KEY,
    LOCAL_DISK,
    S3_ENDPOINT,
    TAGS,
    storage,
)
from tests.recorder import ACCOUNT, REGION, Graph

GATEWAY = "aws:storagegateway/gateway:Gateway"
NFS = "aws:storagegateway/nfsFileShare:NfsFileShare"
SMB = "aws:storagegateway/smbFileShare:SmbFileShare"
CACHE = "aws:storagegateway/cache:Cache"
GATEWAY_ARN = f"arn:aws:storagegateway:{REGION}:{ACCOUNT}:Gateway/storage-gateway"
DOMAIN = {"name": "corp.example", "username": "join", "password": "secret12"}


def gateway(settings: dict[str, Any] | None = None, **wiring: Any) -> Graph:
    return storage({"fileGateway": {**ACTIVE["fileGateway"], **(settings or {})}}, **wiring)


def with_smb(smb: dict[str, Any]) -> Graph:
    return gateway({"nfs": {"prefix": "unix/"}, "smb": smb})


def test_the_activation_request_names_region_and_endpoint() -> None:
    assert activation_request("eu-west-1", None) == (
        'curl "http://GATEWAY_ADDRESS/?gatewayType=FILE_S3&activationRegion=eu-west-1&no_redirect"'
    )
    assert activation_request("eu-west-1", "vpce-1.example") == (
        'curl "http://GATEWAY_ADDRESS/?gatewayType=FILE_S3&activationRegion=eu-west-1&vpcEndpoint=vpce-1.example&no_redirect"'
    )


def test_an_endpoint_is_named_without_its_wildcard() -> None:
    assert plain_host("*.vpce-1.s3.eu-west-1.vpce.amazonaws.com") == "vpce-1.s3.eu-west-1.vpce.amazonaws.com"
    assert plain_host("vpce-1.s3.eu-west-1.vpce.amazonaws.com") == "vpce-1.s3.eu-west-1.vpce.amazonaws.com"


def test_a_human_is_told_the_request_with_the_endpoint_before_there_is_a_key() -> None:
    graph = storage(storage_gateway_endpoint_dns_name=GATEWAY_ENDPOINT)
    told = graph.outputs[graph.one("hybridge:index:HybridStorage").urn]
    assert f"vpcEndpoint={GATEWAY_ENDPOINT}" in told["gateway_activation_request"]
    assert graph.created("hybridge:index:FileGateway") == []
    assert not any(resource.type.startswith("aws:storagegateway") for resource in graph.resources)


def test_the_gateway_is_activated_by_key_through_the_endpoint() -> None:
    graph = gateway(
        {"timeZone": "GMT+9:00", "maintenance": {"dayOfWeek": "Saturday", "hour": 2, "minute": 30}},
        storage_gateway_endpoint_dns_name=GATEWAY_ENDPOINT,
    )
    assert graph.one(GATEWAY).inputs == {
        "gatewayName": "hybridge-files",
        "gatewayType": "FILE_S3",
        "activationKey": KEY,
        "gatewayTimezone": "GMT+9:00",
        "gatewayVpcEndpoint": GATEWAY_ENDPOINT,
        "cloudwatchLogGroupArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:LogGroup/storage-gateway-health",
        "maintenanceStartTime": {"dayOfWeek": "6", "hourOfDay": 2, "minuteOfHour": 30},
        "tags": {**TAGS, "Name": "storage-gateway"},
        "region": REGION,
    }


def test_health_and_audit_are_logged_and_the_logs_encrypted() -> None:
    groups = gateway({"logRetentionDays": 365}).created("aws:cloudwatch/logGroup:LogGroup")
    assert sorted(group.name for group in groups) == ["storage-gateway-audit", "storage-gateway-health"]
    for group in groups:
        assert group.inputs["retentionInDays"] == 365
        assert group.inputs["kmsKeyId"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/storage-key"


def test_the_cache_is_the_disk_at_the_path_as_the_gateway_knows_it() -> None:
    graph = gateway({"cacheDiskPath": "/dev/vdb"})
    [looked_up] = [args for token, args in graph.calls if token == LOCAL_DISK]
    assert looked_up == {"diskPath": "/dev/vdb", "gatewayArn": GATEWAY_ARN, "region": REGION}
    assert graph.one(CACHE).inputs["diskId"] == DISK


def test_a_gateway_that_is_off_stops_no_update(monkeypatch: pytest.MonkeyPatch) -> None:
    async def off(*_: Any) -> Any:
        raise Exception("InvalidGatewayRequestException: The specified gateway is not connected.")

    monkeypatch.setattr("pulumi.runtime.invoke_async", off)
    graph = gateway()
    assert graph.one(CACHE).ignore_changes == ("diskId",), "so that what is known of the disk stays"
    assert graph.one(NFS)


def test_any_other_refusal_to_list_disks_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: Any) -> Any:
        raise Exception("AccessDeniedException: not authorized")

    monkeypatch.setattr("pulumi.runtime.invoke_async", refused)
    with pytest.raises(Exception, match="not authorized"):
        gateway()


def test_a_disk_given_by_id_is_not_looked_up() -> None:
    graph = gateway({"cacheDiskId": "xen-vbd-51728"})
    assert [token for token, _ in graph.calls if token == LOCAL_DISK] == []
    assert graph.one(CACHE).inputs == {"diskId": "xen-vbd-51728", "gatewayArn": GATEWAY_ARN, "region": REGION}


def test_a_cache_is_never_replaced_because_its_disk_got_another_id() -> None:
    assert gateway().one(CACHE).ignore_changes == ("diskId",)


def test_the_cache_of_a_new_vm_is_a_new_one() -> None:
    """A replacement would keep the disk id of the old VM, because its changes are ignored."""
    first, second = gateway().one(CACHE), gateway({"activationKey": "OTHER-KEY"}).one(CACHE)
    assert first.name != second.name
    assert first.name == gateway({"cacheDiskPath": "/dev/vdb"}).one(CACHE).name


def test_nothing_of_smb_or_of_the_endpoint_replaces_a_gateway() -> None:
    guest, domain = "smbGuestPassword", "smbActiveDirectorySettings"
    for graph, settled in (
        (gateway(), {guest, domain}),
        (with_smb({"guestPassword": "secret12"}), {domain}),
        (with_smb({"domain": DOMAIN}), {guest}),
    ):
        assert set(graph.one(GATEWAY).ignore_changes) == {"gatewayVpcEndpoint", *settled}


def test_the_nfs_share_shows_the_whole_bucket_to_the_data_centre_alone() -> None:
    graph = gateway()
    assert graph.one(NFS).inputs == {
        "gatewayArn": GATEWAY_ARN,
        "fileShareName": "files",
        "locationArn": "arn:aws:s3:::storage-files",
        "clientLists": CIDRS,
        "squash": "RootSquash",
        "roleArn": f"arn:aws:iam:{REGION}:{ACCOUNT}:Role/storage-gateway-shares",
        "kmsEncrypted": True,
        "kmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/storage-key",
        "defaultStorageClass": "S3_STANDARD",
        "objectAcl": "private",
        "cacheAttributes": {"cacheStaleTimeoutInSeconds": 300},
        "notificationPolicy": "{}",
        "auditDestinationArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:LogGroup/storage-gateway-audit",
        "nfsFileShareDefaults": {"fileMode": "0666", "directoryMode": "0777", "ownerId": "65534", "groupId": "65534"},
        "tags": {**TAGS, "Name": "storage-gateway-nfs"},
        "region": REGION,
    }


def test_a_share_waits_for_the_cache_and_for_the_rights_of_its_role() -> None:
    graph = gateway()
    share = graph.one(NFS)
    assert graph.one(CACHE).urn in share.dependencies
    assert graph.one("aws:iam/rolePolicy:RolePolicy").urn in share.dependencies


def test_clients_can_be_narrowed() -> None:
    clients = ["10.0.8.0/24", "192.168.1.10"]
    assert gateway({"nfs": {"clients": clients}}).one(NFS).inputs["clientLists"] == clients


def test_a_refresh_of_zero_leaves_the_cache_to_itself() -> None:
    assert "cacheAttributes" not in gateway({"cacheRefreshSeconds": 0}).one(NFS).inputs


def test_files_go_through_the_interface_endpoint_of_s3_if_there_is_one() -> None:
    inputs = gateway(s3_interface_endpoint_dns_name=S3_ENDPOINT).one(NFS).inputs
    assert (inputs["vpcEndpointDnsName"], inputs["bucketRegion"]) == (S3_ENDPOINT.removeprefix("*."), REGION)
    assert not {"vpcEndpointDnsName", "bucketRegion"} & gateway().one(NFS).inputs.keys()


def test_there_is_no_smb_without_its_settings() -> None:
    graph = gateway()
    assert graph.created(SMB) == []
    assert not any(key.startswith("smb") for key in graph.one(GATEWAY).inputs)


def test_a_guest_signs_in_to_smb_with_a_secret_password() -> None:
    graph = with_smb({"guestPassword": "secret12"})
    made = graph.one(GATEWAY)
    assert made.inputs["smbGuestPassword"] == "secret12"
    assert "smbGuestPassword" in made.secrets
    assert made.inputs["smbSecurityStrategy"] == "MandatoryEncryption"
    share = graph.one(SMB).inputs
    assert (share["authentication"], share["fileShareName"]) == ("GuestAccess", "documents")
    assert not {"smbAclEnabled", "accessBasedEnumeration", "validUserLists"} & share.keys()


def test_users_of_a_domain_sign_in_to_smb_once_the_gateway_has_joined_it() -> None:
    graph = with_smb({"domain": {**DOMAIN, "controllers": ["dc1.corp.example"]}, "validUsers": ["@staff"]})
    made = graph.one(GATEWAY)
    assert made.inputs["smbActiveDirectorySettings"] == {
        "domainName": "corp.example",
        "username": "join",
        "password": "secret12",
        "domainControllers": ["dc1.corp.example"],
    }
    assert "smbActiveDirectorySettings" in made.secrets
    assert "smbGuestPassword" not in made.inputs
    share = graph.one(SMB).inputs
    assert share["authentication"] == "ActiveDirectory"
    assert (share["smbAclEnabled"], share["accessBasedEnumeration"], share["validUserLists"]) == (True, True, ["@staff"])


def test_two_shares_show_parts_of_the_bucket_that_have_nothing_in_common() -> None:
    graph = with_smb({"guestPassword": "secret12"})
    assert graph.one(NFS).inputs["locationArn"] == "arn:aws:s3:::storage-files/unix/"
    assert graph.one(SMB).inputs["locationArn"] == "arn:aws:s3:::storage-files/documents/"


@pytest.mark.parametrize("type_", [NFS, SMB])
def test_both_shares_encrypt_audit_and_refresh_alike(type_: str) -> None:
    share = with_smb({"guestPassword": "secret12"}).one(type_).inputs
    assert share["kmsEncrypted"] is True
    assert share["auditDestinationArn"].endswith("LogGroup/storage-gateway-audit")
    assert share["cacheAttributes"] == {"cacheStaleTimeoutInSeconds": 300}


def test_outputs_name_the_gateway_and_its_shares() -> None:
    graph = with_smb({"guestPassword": "secret12"})
    told = graph.outputs[graph.one("hybridge:index:HybridStorage").urn]
    assert (told["gateway_arn"], told["gateway_id"], told["gateway_name"]) == (GATEWAY_ARN, "sgw-12345678", "hybridge-files")
    assert told["file_share_arn"].endswith("NfsFileShare/storage-gateway-nfs")
    assert told["smb_file_share_arn"].endswith("SmbFileShare/storage-gateway-smb")


def test_folders_that_aws_writes_to_are_refreshed_by_the_clock_within_the_limits_of_the_gateway() -> None:
    graph = gateway({"nfs": {"refresh": {"folders": ["/orders/out", "/web"]}}})
    schedule = graph.one("aws:scheduler/schedule:Schedule").inputs
    # RefreshCache is taken once a minute at most; the default is well apart from that.
    assert (schedule["scheduleExpression"], schedule["flexibleTimeWindow"]) == ("rate(5 minutes)", {"mode": "OFF"})
    share = graph.one("aws:storagegateway/nfsFileShare:NfsFileShare")
    target = schedule["target"]
    assert target["arn"] == "arn:aws:scheduler:::aws-sdk:storagegateway:refreshCache"
    asked = json.loads(target["input"])
    # In the very words of the API.
    model = Session().get_service_model("storagegateway").operation_model("RefreshCache").input_shape
    assert set(asked) <= set(model.members)
    assert asked["FolderList"] == ["/orders/out", "/web"] and asked["Recursive"] is True
    assert share.urn in graph.one("aws:iam/rolePolicy:RolePolicy", name="storage-gateway-refresh").dependencies
    [allowed] = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy", name="storage-gateway-refresh").inputs["policy"])[
        "Statement"
    ]
    assert (allowed["Action"], allowed["Resource"]) == ("storagegateway:RefreshCache", asked["FileShareARN"])
    assert storage(ACTIVE).created("aws:scheduler/schedule:Schedule") == []


def test_the_cache_grows_by_further_disks_which_the_shares_wait_for() -> None:
    one = storage({"fileGateway": {"activationKey": KEY}}).created("aws:storagegateway/cache:Cache")
    graph = storage({"fileGateway": {"activationKey": KEY, "moreCacheDiskPaths": ["/dev/sdc", "/dev/nvme1n1"]}})
    caches = graph.created("aws:storagegateway/cache:Cache")
    # What there is keeps its name, so that nothing of it is made anew.
    assert {cache.name for cache in one} < {cache.name for cache in caches}
    assert len(caches) == 3 and all(cache.ignore_changes == ("diskId",) for cache in caches)
    share = graph.one("aws:storagegateway/nfsFileShare:NfsFileShare")
    assert {cache.urn for cache in caches} <= share.asked_to_wait_for
    asked = {inputs["diskPath"] for token, inputs in graph.calls if token == LOCAL_DISK}
    assert asked == {"/dev/sdb", "/dev/sdc", "/dev/nvme1n1"}
