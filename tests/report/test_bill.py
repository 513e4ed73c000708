"""What is billed follows from what was deployed, and prices come from AWS's answers alone."""

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from typer.testing import CliRunner

from cli.app import app
from cli.commands.price import _rows
from rehearsal.table import TABLE
from report.bill import ENDPOINT, Ask, Billed, Kept, Priced, beside_each_other, billed, price
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
    "chatbot": {"SlackChannelConfiguration", "TeamsChannelConfiguration"},
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
        ((product("EU-NatGateway-Hours", "0.0000000000"), product("EU-NatGateway-Hours", "0.00")), "at 0 alone"),
        ((product("EU-NatGateway-Hours", "0.048", begin="100"),), "no product"),
    ],
)
def test_what_the_list_does_not_say_clearly_has_no_price(tmp_path: Path, products: tuple[Any, ...], why: str) -> None:
    (found,) = price([NAT], PriceList(*products), Kept(tmp_path / "kept.json", TODAY))
    assert found.monthly is None
    assert found.price and why in found.price.why


def test_what_is_free_at_first_costs_what_it_costs_then(tmp_path: Path) -> None:
    listed = PriceList(product("EU-NatGateway-Hours", "0.0000000000"), product("EU-NatGateway-Hours", "0.048"))
    (found,) = price([NAT], listed, Kept(tmp_path / "kept.json", TODAY))
    assert found.price and found.price.usd == Decimal("0.048")


def test_the_whole_list_is_read_page_by_page(tmp_path: Path) -> None:
    """The price is on the second page: by boto3's own client, which asks for it with the token of the first."""
    client = boto3.client("pricing", region_name=ENDPOINT, aws_access_key_id="none", aws_secret_access_key="none")
    asked = {
        "ServiceCode": "AmazonEC2",
        "Filters": [
            {"Type": "TERM_MATCH", "Field": "productFamily", "Value": "NAT Gateway"},
            {"Type": "TERM_MATCH", "Field": "regionCode", "Value": "eu-west-1"},
        ],
    }
    first, second = product("EU-NatGateway-Bytes", "0.05", "GB"), product("EU-NatGateway-Hours", "0.048")
    with Stubber(client) as stub:
        stub.add_response("get_products", {"PriceList": [json.dumps(first)], "NextToken": "second"}, asked)
        stub.add_response("get_products", {"PriceList": [json.dumps(second)]}, {**asked, "NextToken": "second"})
        (found,) = price([NAT], client, Kept(tmp_path / "kept.json", TODAY))
        stub.assert_no_pending_responses()
    assert found.monthly == Decimal("0.048") * 730


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


def test_two_stacks_in_one_region_are_billed_together(monkeypatch: pytest.MonkeyPatch, dev: Result) -> None:
    alone, both = ({(one.component, one.what): one.quantity for one in billed(*of)} for of in ([dev], [dev, dev]))
    assert both == {key: 2 * quantity for key, quantity in alone.items()}
    monkeypatch.setattr("rehearsal.emulator.Emulator", nullcontext)  # one is open already
    monkeypatch.setattr("rehearsal.run.rehearse", lambda *_, **__: dev)
    told = CliRunner().invoke(app, ["price", "dev", "prod", "--quantities", "--json"])
    assert told.exit_code == 0, told.output
    lines = json.loads(told.output)
    assert {(one["component"], one["what"]): one["quantity"] for one in lines} == both
    assert len(lines) == len(both)
    shown = " ".join(CliRunner().invoke(app, ["price", "dev", "prod", "--quantities"]).output.split())
    assert f"NAT gateway │ ap-northeast-2 │ hour │ {both['network', 'NAT gateway']:g} " in shown


def test_things_that_differ_in_what_is_billed_by_use_are_told_apart() -> None:
    other = replace(NAT, by_use=("data through it",))
    rows = _rows({"": [Priced(NAT, None), Priced(replace(other, quantity=3), None)]})
    assert [one[""].line.quantity for one in rows.values()] == [1, 3]


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
