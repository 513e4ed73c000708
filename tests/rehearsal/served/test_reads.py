"""What tools that nobody of the project wrote read of a served account, where they crashed, went blind or waited for ever."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import urllib3
from botocore.exceptions import ClientError

from rehearsal.emulator import Emulator
from tests.rehearsal.served.support import REGION, Account, served

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "*"}, "Action": "sts:AssumeRole"}]}


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Emulator(), served() as account:
        yield account


@pytest.fixture(scope="module")
def vpc(account: Account) -> str:
    return str(account.client("ec2").create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"])


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_a_patch_baseline_has_filters_and_rules_though_nobody_asked_for_any(account: Account) -> None:
    ssm = account.client("ssm")
    made = ssm.create_patch_baseline(Name="plain", OperatingSystem="AMAZON_LINUX_2023")["BaselineId"]
    baseline = ssm.get_patch_baseline(BaselineId=made)
    assert (baseline["GlobalFilters"], baseline["ApprovalRules"]) == ({"PatchFilters": []}, {"PatchRules": []})
    ssm.register_patch_baseline_for_patch_group(BaselineId=made, PatchGroup="hosts")
    with pytest.raises(ClientError) as used:
        ssm.delete_patch_baseline(BaselineId=made)
    assert code(used) == "ResourceInUseException"
    ssm.deregister_patch_baseline_for_patch_group(BaselineId=made, PatchGroup="hosts")
    ssm.delete_patch_baseline(BaselineId=made)
    with pytest.raises(ClientError) as gone:
        ssm.get_patch_baseline(BaselineId=made)
    assert code(gone) == "DoesNotExistException"


def test_a_target_of_a_maintenance_window_is_found_by_its_id(account: Account) -> None:
    ssm = account.client("ssm")
    window = ssm.create_maintenance_window(
        Name="nights", Schedule="cron(0 2 ? * SUN *)", Duration=2, Cutoff=1, AllowUnassociatedTargets=False
    )["WindowId"]
    targets = [
        ssm.register_target_with_maintenance_window(
            WindowId=window, ResourceType="INSTANCE", Targets=[{"Key": "tag:Group", "Values": [group]}], OwnerInformation=group
        )["WindowTargetId"]
        for group in ("first", "second")
    ]
    for key, value in (("WindowTargetId", targets[1]), ("OwnerInformation", "second")):
        (found,) = ssm.describe_maintenance_window_targets(WindowId=window, Filters=[{"Key": key, "Values": [value]}])[
            "Targets"
        ]
        assert found["WindowTargetId"] == targets[1]
    ssm.deregister_target_from_maintenance_window(WindowId=window, WindowTargetId=targets[1])
    filters = [{"Key": "WindowTargetId", "Values": [targets[1]]}]
    assert ssm.describe_maintenance_window_targets(WindowId=window, Filters=filters)["Targets"] == []
    assert len(ssm.describe_maintenance_window_targets(WindowId=window)["Targets"]) == 1
    with pytest.raises(ClientError) as invalid:
        ssm.describe_maintenance_window_targets(WindowId=window, Filters=[{"Key": "Nothing", "Values": ["x"]}])
    assert code(invalid) == "ValidationException"


@pytest.mark.parametrize("path", ["/tags/{}", "/tags/{}/"])
@pytest.mark.parametrize("encoded", [False, True])
def test_tags_of_backups_are_found_however_their_arn_is_written(account: Account, path: str, encoded: bool) -> None:
    backup = account.client("backup")
    vaults = {vault["BackupVaultName"]: vault["BackupVaultArn"] for vault in backup.list_backup_vaults()["BackupVaultList"]}
    arn = (
        vaults.get("vault") or backup.create_backup_vault(BackupVaultName="vault", BackupVaultTags={"a": "b"})["BackupVaultArn"]
    )
    answer = urllib3.request(
        "GET",
        account.url + path.format(quote(arn, safe="") if encoded else arn),
        headers={
            "Authorization": f"AWS4-HMAC-SHA256 Credential=rehearsal/20260101/{REGION}/backup/aws4_request, Signature=0",
            "Content-Type": "application/json",
        },
    )
    assert json.loads(answer.data) == {"Tags": {"a": "b"}}


def test_a_group_that_a_rule_names_is_one_of_this_account(account: Account, vpc: str) -> None:
    ec2 = account.client("ec2")
    one, other = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("one", "other")
    )
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": other}]}
    ec2.authorize_security_group_ingress(GroupId=one, IpPermissions=[permission])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [one]}])["SecurityGroupRules"]
    assert [rule["ReferencedGroupInfo"] for rule in rules if "ReferencedGroupInfo" in rule] == [{"GroupId": other}]


def vpn(account: Account, asn: int, **options: Any) -> dict[str, Any]:
    ec2 = account.client("ec2")
    router = ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=asn, IpAddress=f"203.0.113.{asn % 200}")["CustomerGateway"]
    hub = ec2.create_vpn_gateway(Type="ipsec.1", AmazonSideAsn=64555)["VpnGateway"]["VpnGatewayId"]
    made: dict[str, Any] = ec2.create_vpn_connection(
        Type="ipsec.1", CustomerGatewayId=router["CustomerGatewayId"], VpnGatewayId=hub, **options
    )["VpnConnection"]
    return dict(ec2.describe_vpn_connections(VpnConnectionIds=[made["VpnConnectionId"]])["VpnConnections"][0])


def test_a_tunnel_tells_of_the_options_that_were_asked_for_alone(account: Account) -> None:
    connection = vpn(account, 65001, Options={"TunnelOptions": [{"RekeyMarginTimeSeconds": 540}, {}]})
    told = {"OutsideIpAddress", "TunnelInsideCidr", "PreSharedKey"}
    first, second = connection["Options"]["TunnelOptions"]
    assert (set(first) - told, set(second) - told) == ({"RekeyMarginTimeSeconds"}, set())
    assert "PreSharedKeyArn" not in connection
    kept = vpn(account, 65002, PreSharedKeyStorage="SecretsManager")
    assert kept["PreSharedKeyArn"].startswith("arn:aws:secretsmanager:")
    shown = [one.text for one in ET.fromstring(kept["CustomerGatewayConfiguration"]).iter("pre_shared_key")]
    assert shown == ["REDACTED", "REDACTED"]


def test_the_router_s_configuration_has_both_ends_of_each_tunnel(account: Account) -> None:
    ciphers = {
        "Phase1EncryptionAlgorithms": [{"Value": "AES256-GCM-16"}],
        "Phase1IntegrityAlgorithms": [{"Value": "SHA2-384"}],
        "Phase1DHGroupNumbers": [{"Value": 20}],
        "TunnelInsideCidr": "169.254.20.0/30",
        "PreSharedKey": "a<key>of_our_own",
    }
    connection = vpn(account, 65003, Options={"TunnelOptions": [ciphers, {}]})
    root = ET.fromstring(connection["CustomerGatewayConfiguration"])
    assert root.get("id") == connection["VpnConnectionId"]
    first, second = root.findall("ipsec_tunnel")

    def text(tunnel: ET.Element, path: str) -> str:
        return tunnel.findtext(path) or ""

    assert [text(first, f"{end}/tunnel_inside_address/ip_address") for end in ("vpn_gateway", "customer_gateway")] == [
        "169.254.20.1",
        "169.254.20.2",
    ]
    assert (
        text(first, "vpn_gateway/tunnel_outside_address/ip_address")
        == (connection["Options"]["TunnelOptions"][0]["OutsideIpAddress"])
    )
    assert text(first, "customer_gateway/tunnel_outside_address/ip_address") == "203.0.113.3"
    assert [text(first, f"{end}/bgp/asn") for end in ("vpn_gateway", "customer_gateway")] == ["64555", "65003"]
    assert [
        text(first, f"ike/{name}") for name in ("encryption_protocol", "authentication_protocol", "perfect_forward_secrecy")
    ] == ["aes256-gcm-16", "sha2-384", "group20"]
    assert text(first, "ike/pre_shared_key") == "a<key>of_our_own"
    assert text(second, "ike/encryption_protocol") == "aes-128-cbc"
    device = account.client("ec2").get_vpn_connection_device_types()["VpnConnectionDeviceTypes"][0]
    sample = account.client("ec2").get_vpn_connection_device_sample_configuration(
        VpnConnectionId=connection["VpnConnectionId"], VpnConnectionDeviceTypeId=device["VpnConnectionDeviceTypeId"]
    )["VpnConnectionDeviceSampleConfiguration"]
    assert "ip_address: 169.254.20.2" in sample


def test_a_zone_that_begins_with_a_vpc_is_private_and_tells_of_it(account: Account, vpc: str) -> None:
    route53 = account.client("route53")
    made = route53.create_hosted_zone(
        Name="corp.example", CallerReference="1", VPC={"VPCId": vpc, "VPCRegion": REGION}, HostedZoneConfig={"Comment": "names"}
    )
    zone = route53.get_hosted_zone(Id=made["HostedZone"]["Id"])
    assert zone["HostedZone"]["Config"] == {"Comment": "names", "PrivateZone": True}
    assert zone["VPCs"] == [{"VPCId": vpc, "VPCRegion": REGION}]


def test_a_record_that_goes_takes_no_other_along(account: Account) -> None:
    route53 = account.client("route53")
    zone = route53.create_hosted_zone(Name="open.example", CallerReference="2")["HostedZone"]["Id"]

    def change(action: str, name: str) -> None:
        record = {"Name": name, "Type": "A", "SetIdentifier": REGION, "Weight": 1, "TTL": 60}
        changes = [{"Action": action, "ResourceRecordSet": {**record, "ResourceRecords": [{"Value": "10.0.0.1"}]}}]
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})

    for name in ("a.open.example", "b.open.example"):
        change("CREATE", name)
    change("DELETE", "a.open.example")
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert [record["Name"] for record in records if record["Type"] == "A"] == ["b.open.example."]
    (authority,) = (record for record in records if record["Type"] == "SOA")
    assert authority["ResourceRecords"][0]["Value"].startswith("ns-")


def test_parameters_that_were_set_say_who_set_them(account: Account) -> None:
    rds = account.client("rds")
    rds.create_db_parameter_group(DBParameterGroupName="own", DBParameterGroupFamily="postgres16", Description="own")
    asked = [
        {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"},
        {"ParameterName": "max_wal_senders", "ParameterValue": "20", "ApplyMethod": "pending-reboot"},
    ]
    rds.modify_db_parameter_group(DBParameterGroupName="own", Parameters=asked)
    found = rds.describe_db_parameters(DBParameterGroupName="own", Source="user")["Parameters"]
    assert {one["ParameterName"]: one["Source"] for one in found} == {"rds.force_ssl": "user", "max_wal_senders": "user"}
    assert rds.describe_db_parameters(DBParameterGroupName="own", Source="engine-default")["Parameters"] == []


def test_hosts_get_the_tags_that_are_for_them_and_not_the_template_s_own(account: Account) -> None:
    ec2 = account.client("ec2")
    hosts = {"ResourceType": "volume", "Tags": [{"Key": "for", "Value": "hosts"}]}
    own = {"ResourceType": "launch-template", "Tags": [{"Key": "for", "Value": "itself"}]}
    for name, data in (("tagged", {"TagSpecifications": [hosts]}), ("plain", {"EbsOptimized": True})):
        made = ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data, TagSpecifications=[own])
        template = made["LaunchTemplate"]
        assert template["Tags"] == own["Tags"]
        (version,) = ec2.describe_launch_template_versions(LaunchTemplateId=template["LaunchTemplateId"])[
            "LaunchTemplateVersions"
        ]
        assert version["LaunchTemplateData"].get("TagSpecifications") == data.get("TagSpecifications")


def test_a_gateway_that_was_activated_through_an_endpoint_names_it(account: Account, vpc: str) -> None:
    ec2, storage = account.client("ec2"), account.client("storagegateway")
    key = {"GatewayName": "files", "GatewayTimezone": "GMT", "GatewayRegion": REGION, "GatewayType": "FILE_S3"}
    arns = [storage.activate_gateway(ActivationKey="A" * 8, **key)["GatewayARN"]]
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc, VpcEndpointType="Interface", ServiceName=f"com.amazonaws.{REGION}.storagegateway"
    )["VpcEndpoint"]
    arns.append(storage.activate_gateway(ActivationKey="B" * 8, **key)["GatewayARN"])
    named = [storage.describe_gateway_information(GatewayARN=arn).get("VPCEndpoint") for arn in arns]
    assert named == [None, endpoint["DnsEntries"][0]["DnsName"]]


def test_every_capacity_provider_is_told_of_when_none_is_named(account: Account) -> None:
    assert account.client("ecs").describe_capacity_providers()["capacityProviders"] == []


def test_circuits_come_with_a_letter_and_settings_for_the_router(account: Account) -> None:
    direct = account.client("directconnect")
    codes = {one["locationCode"] for one in direct.describe_locations()["locations"]}
    assert "LGKNX" in codes
    ordered = direct.create_connection(location="LGKNX", bandwidth="1Gbps", connectionName="ordered")["connectionId"]
    with pytest.raises(ClientError, match="not yet available"):
        direct.describe_loa(connectionId=ordered)
    direct.delete_connection(connectionId=ordered)
    with pytest.raises(ClientError, match=f"Could not find Connection with ID {ordered}"):
        direct.describe_connections(connectionId=ordered)


@pytest.mark.parametrize("kind", ["nfs", "smb"])
def test_a_share_that_is_gone_is_missed_by_the_code_that_tools_wait_for(account: Account, kind: str) -> None:
    gateway = account.client("storagegateway")
    gone = f"arn:aws:storagegateway:{REGION}:123456789012:share/share-0A1B2C3D"
    with pytest.raises(ClientError) as missed:
        getattr(gateway, f"describe_{kind}_file_shares")(FileShareARNList=[gone])
    assert code(missed) == "InvalidGatewayRequestException"
    assert missed.value.response["error"] == {"errorCode": "FileShareNotFound"}
