"""What is billed follows from what was deployed, and prices come from AWS's answers alone."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.app import app
from rehearsal.table import TABLE
from report.bill import Ask, Billed, Kept, beside_each_other, billed, price
from report.bill.quantities import TOLD
from tests.rehearsal.support import Result, rehearsed_stack

TODAY = date(2026, 3, 1)
NAT = Billed(
    "network", "eu-west-1", "NAT gateway", "hour", Ask("AmazonEC2", (("productFamily", "NAT Gateway"),), "NatGateway-Hours")
)

FREE = {
    "appautoscaling": {"Policy", "Target"},
    "backup": {
        "Plan",
        "RegionSettings",
        "RestoreTestingPlan",
        "RestoreTestingSelection",
        "Selection",
        "VaultLockConfiguration",
        "VaultNotifications",
        "VaultPolicy",
    },
    "chatbot": {"SlackChannelConfiguration"},
    "cloudwatch": {"EventRule", "EventTarget", "LogMetricFilter", "LogStream"},
    "directconnect": {
        "Gateway",
        "GatewayAssociation",
        "GatewayAssociationProposal",
        "PrivateVirtualInterface",
        "TransitVirtualInterface",
    },
    "dms": {"Certificate", "Endpoint", "ReplicationSubnetGroup", "ReplicationTask"},
    "ebs": {"EncryptionByDefault"},
    "ec2": {
        "CustomerGateway",
        "DefaultSecurityGroup",
        "FlowLog",
        "InternetGateway",
        "LaunchTemplate",
        "Route",
        "RouteTable",
        "RouteTableAssociation",
        "SecurityGroup",
        "Subnet",
        "SubnetCidrReservation",
        "Vpc",
        "VpnGateway",
        "VpnGatewayRoutePropagation",
    },
    "ec2clientvpn": {"AuthorizationRule", "Endpoint", "Route"},
    "ec2transitgateway": {"PeeringAttachmentAccepter", "Route", "TransitGateway"},
    "ecr": {"LifecyclePolicy", "PullThroughCacheRule", "ReplicationConfiguration", "RepositoryCreationTemplate"},
    "ecs": {"CapacityProvider", "Cluster", "ClusterCapacityProviders", "Service", "TaskDefinition"},
    "efs": {"AccessPoint", "BackupPolicy", "FileSystemPolicy", "MountTarget"},
    "iam": {"InstanceProfile", "Policy", "Role", "RolePolicy", "RolePolicyAttachment"},
    "kms": {"Alias"},
    "lb": {"Listener", "ListenerCertificate", "ListenerRule", "TargetGroup", "TargetGroupAttachment"},
    "rds": {"ParameterGroup", "SubnetGroup"},
    "resourcegroups": {"Group"},
    "route53": {
        "Record",
        "ResolverQueryLogConfig",
        "ResolverQueryLogConfigAssociation",
        "ResolverRule",
        "ResolverRuleAssociation",
        "ZoneAssociation",
    },
    "s3": {
        "BucketLifecycleConfiguration",
        "BucketLogging",
        "BucketObjectLockConfiguration",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketReplicationConfig",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
    },
    "scheduler": {"Schedule", "ScheduleGroup"},
    "secretsmanager": {"SecretVersion"},
    "sns": {"TopicPolicy", "TopicSubscription"},
    "ssm": {
        "Association",
        "Document",
        "MaintenanceWindow",
        "MaintenanceWindowTarget",
        "MaintenanceWindowTask",
        "Parameter",
        "PatchBaseline",
        "PatchGroup",
    },
    "storagegateway": {"Cache", "NfsFileShare", "SmbFileShare"},
    "vpc": {"SecurityGroupEgressRule", "SecurityGroupIngressRule"},
    "xray": {"Group"},
    "index": {"RandomId", "RandomPassword"},
}
"""Service -> types that cost nothing, or whose use is billed with something that the bill tells of."""


class PriceList:
    """The API: answers page by page, and remembers what it was asked."""

    def __init__(self, *products: dict[str, Any]) -> None:
        self.products, self.asked = products, []  # type: tuple[dict[str, Any], ...], list[dict[str, Any]]

    def get_paginator(self, operation: str) -> "PriceList":
        assert operation == "get_products"
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        self.asked.append(asked)
        return [{"PriceList": [json.dumps(one)]} for one in self.products]


def product(usage: str, usd: str, unit: str = "Hrs", begin: str = "0") -> dict[str, Any]:
    dimension = {"unit": unit, "beginRange": begin, "pricePerUnit": {"USD": usd}}
    return {
        "product": {"attributes": {"usagetype": usage}},
        "terms": {"OnDemand": {"a": {"priceDimensions": {"b": dimension}}}},
    }


def test_a_thing_of_each_hour_costs_730_of_them_a_month(tmp_path: Path) -> None:
    listed = PriceList(product("EU-NatGateway-Hours", "0.048"), product("EU-NatGateway-Bytes", "0.048", "GB"))
    (found,) = price([NAT], listed, Kept(tmp_path / "kept.json", TODAY))
    assert found.monthly == Decimal("0.048") * 730
    (asked,) = listed.asked
    assert asked["ServiceCode"] == "AmazonEC2"
    assert {one["Field"]: one["Value"] for one in asked["Filters"]} == {
        "productFamily": "NAT Gateway",
        "regionCode": "eu-west-1",
    }


@pytest.mark.parametrize(
    ("products", "why"),
    [
        ((), "no product"),
        ((product("EU-NatGateway-Hours", "0.048"), product("EU-NatGateway-Hours", "0.05")), "several"),
        ((product("EU-NatGateway-Hours", "0.048", "GB"),), "no product"),
        ((product("EU-NatGateway-Hours", "0.048", begin="100"),), "no product"),
    ],
)
def test_what_the_list_does_not_say_clearly_has_no_price(tmp_path: Path, products: tuple[Any, ...], why: str) -> None:
    (found,) = price([NAT], PriceList(*products), Kept(tmp_path / "kept.json", TODAY))
    assert found.monthly is None
    assert found.price and why in found.price.why


def test_an_answer_is_kept_for_thirty_days_with_its_day(tmp_path: Path) -> None:
    file, listed = tmp_path / "folder" / "kept.json", PriceList(product("EU-NatGateway-Hours", "0.048"))
    for days, asked in ((0, 1), (30, 1), (31, 2)):
        (found,) = price([NAT], listed, Kept(file, TODAY + timedelta(days)))
        assert len(listed.asked) == asked
        assert found.price and found.price.asked == TODAY + timedelta(31 if days > 30 else 0)


@pytest.mark.parametrize("kept", ["", "[]", '{"a": 1}', "{"])
def test_a_file_of_answers_that_cannot_be_read_is_begun_anew(tmp_path: Path, kept: str) -> None:
    file = tmp_path / "kept.json"
    file.write_text(kept)
    (found,) = price([NAT], PriceList(product("NatGateway-Hours", "0.045")), Kept(file, TODAY))
    assert found.monthly == Decimal("0.045") * 730


def test_of_every_type_that_can_be_made_it_is_known_what_is_billed() -> None:
    assert {
        one for one in TABLE if one not in TOLD and one.rpartition(":")[2] not in FREE.get(one.split(":")[1].split("/")[0], ())
    } == set()
    assert set(TOLD) <= set(TABLE)


@pytest.fixture(scope="module")
def dev() -> "Any":
    with rehearsed_stack("dev") as done:
        yield done


def test_the_bill_of_dev_is_what_was_deployed(dev: Result) -> None:
    lines = {one.what: one for one in billed(dev)}
    zones = len(dev.created("aws:ec2/natGateway:NatGateway"))
    assert lines["NAT gateway"].quantity == zones
    endpoints = [one for one in dev.created("aws:ec2/vpcEndpoint:VpcEndpoint") if one.inputs["vpcEndpointType"] == "Interface"]
    assert lines["interface endpoint, in each zone"].quantity == sum(len(one.inputs["subnetIds"]) for one in endpoints)
    (database,) = dev.created("aws:rds/instance:Instance")
    assert lines[f"PostgreSQL, {database.inputs['instanceClass']}, Single-AZ"].quantity == 1
    assert lines["storage of PostgreSQL, gp3, Single-AZ"].quantity == database.inputs["allocatedStorage"]
    (group,) = dev.created("aws:autoscaling/group:Group")
    assert next(one for what, one in lines.items() if what.startswith("host,")).quantity == group.inputs["minSize"]
    assert {row.what: row.quantities for row in beside_each_other([dev]) if row.what == "NAT gateway"} == {
        "NAT gateway": (zones,)
    }


def test_without_credentials_the_command_says_so_in_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dev: Result
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr("cli.commands.price._bill", lambda *_, **__: billed(dev))
    told = CliRunner().invoke(app, ["price", "dev", "--build", str(tmp_path)])
    assert told.exit_code == 1
    assert "--quantities tells what is billed without prices" in " ".join(told.output.split())
    told = CliRunner().invoke(app, ["price", "dev", "--quantities"])
    assert told.exit_code == 0
    assert "NAT gateway" in told.output


def test_only_a_second_region_has_modes() -> None:
    told = CliRunner().invoke(app, ["price", "dev", "--modes"])
    assert told.exit_code == 1
