"""What is referred to is not deleted: AWS's own refusals, as data of which every type is part."""

import re
from typing import Any

import botocore.session
import pytest

from rehearsal.in_use import FREE, IN_USE, refusal
from rehearsal.in_use.uses import Use
from rehearsal.life import Thing
from rehearsal.pulumi_types import resource_type
from rehearsal.row import Call, Row
from rehearsal.table import TABLE

USES = [(type_, use) for type_, uses in IN_USE.items() for use in uses]
SESSION = botocore.session.Session()
UNLISTED = {
    "ResourceInUseException": "PutClusterCapacityProviders: among the errors that the API lists in its text",
    "ValidationError": "CloudWatch has it for every operation",
    "ValidationException": "EventBridge has it for every operation",
}
"""Codes that the API model does not list for the operation."""


def thing(type_: str, identifier: str, region: str = "eu-west-1", **inputs: Any) -> Thing:
    return Thing(type_, identifier, "", region, inputs, identifier)


def test_of_every_type_it_is_said_what_refuses_its_deletion_or_that_nothing_does() -> None:
    assert IN_USE.keys() | FREE == TABLE.keys()
    assert not IN_USE.keys() & FREE


@pytest.mark.parametrize(("type_", "use"), USES, ids=[f"{type_} {use.by} {use.where[0]}" for type_, use in USES])
def test_every_reference_is_an_input_of_what_refers(type_: str, use: Use) -> None:
    steps = [use.by, *use.where]
    for owner, path in zip(steps[::2], steps[1::2], strict=True):
        known = resource_type(owner)
        assert owner in TABLE and known
        for name in re.split(r" && ", path):
            assert re.split(r"[.\[]", name)[0] in known.inputs, f"{owner} has no input {name}"
    held = resource_type(type_)
    assert held and (not use.unless or use.unless in held.inputs)
    if use.named.startswith("inputs."):
        assert use.named.removeprefix("inputs.") in held.inputs
    elif use.named.startswith("outputs."):
        assert use.named.removeprefix("outputs.") in held.outputs


@pytest.mark.parametrize("type_", sorted(IN_USE))
def test_the_code_is_one_that_the_api_knows(type_: str) -> None:
    """EC2 lists no errors in its model; what the others list has to hold the code."""
    row = TABLE[type_]
    assert isinstance(row, Row)
    model = SESSION.get_service_model(row.service)
    calls = [call.operation for call in row.delete if isinstance(call, Call)]
    operation = model.operation_model(calls[-1])
    listed = {shape.name for shape in operation.error_shapes} | {
        shape.metadata.get("error", {}).get("code") for shape in operation.error_shapes
    }
    for use in IN_USE[type_]:
        assert not operation.error_shapes or use.code in listed or use.code in UNLISTED, (
            f"{use.code}: {sorted(map(str, listed))}"
        )


def test_a_group_is_in_use_by_the_hosts_that_a_template_makes() -> None:
    group = thing("aws:ec2/securityGroup:SecurityGroup", "sg-1")
    template = thing("aws:ec2/launchTemplate:LaunchTemplate", "lt-1", vpcSecurityGroupIds=["sg-1"])
    hosts = thing("aws:autoscaling/group:Group", "hosts", launchTemplate={"id": "lt-1", "version": "1"})
    assert refusal(group, [template], "ec2", "DeleteSecurityGroup") == ""
    assert refusal(group, [template, hosts], "ec2", "DeleteSecurityGroup") == (
        "ec2.DeleteSecurityGroup: DependencyViolation: resource sg-1 has a dependent object "
        "(aws:autoscaling/group:Group hosts is there)"
    )


def test_an_internet_gateway_stays_attached_while_its_network_has_public_addresses() -> None:
    gateway = thing("aws:ec2/internetGateway:InternetGateway", "igw-1", vpcId="vpc-1")
    subnet = thing("aws:ec2/subnet:Subnet", "subnet-1", vpcId="vpc-1")
    other = thing("aws:ec2/subnet:Subnet", "subnet-2", vpcId="vpc-2")
    nat = "aws:ec2/natGateway:NatGateway"
    said = refusal(gateway, [subnet, other, thing(nat, "nat-1", subnetId="subnet-1")], "ec2", "DeleteInternetGateway")
    assert said.startswith("ec2.DetachInternetGateway: DependencyViolation: ")
    assert refusal(gateway, [subnet, other, thing(nat, "nat-1", subnetId="subnet-2")], "ec2", "DeleteInternetGateway") == ""


def test_a_name_is_of_one_region() -> None:
    group = thing("aws:rds/subnetGroup:SubnetGroup", "database")
    here = thing("aws:rds/instance:Instance", "here", dbSubnetGroupName="database")
    there = thing("aws:rds/instance:Instance", "there", "eu-central-1", dbSubnetGroupName="database")
    assert "InvalidDBSubnetGroupStateFault" in refusal(group, [there, here], "rds", "DeleteDBSubnetGroup")
    assert refusal(group, [there], "rds", "DeleteDBSubnetGroup") == ""


def test_a_composite_alarm_holds_the_alarms_of_its_rule_and_no_others() -> None:
    alarm = "aws:cloudwatch/metricAlarm:MetricAlarm"
    rule = 'ALARM("link") AND NOT ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:vpn)'
    both = [thing("aws:cloudwatch/compositeAlarm:CompositeAlarm", "both", alarmRule=rule)]
    assert all(refusal(thing(alarm, name), both, "cloudwatch", "DeleteAlarms") for name in ("link", "vpn"))
    assert refusal(thing(alarm, "lin"), both, "cloudwatch", "DeleteAlarms") == ""


def test_what_the_provider_ends_by_itself_refuses_nothing() -> None:
    attached = [
        thing("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", role="hosts", policyArn="arn:aws:iam::aws:policy/A")
    ]
    role = "aws:iam/role:Role"
    assert "DeleteConflict" in refusal(thing(role, "hosts"), attached, "iam", "DeleteRole")
    assert refusal(thing(role, "hosts", forceDetachPolicies=True), attached, "iam", "DeleteRole") == ""
