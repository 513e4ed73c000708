"""What is made anew, what follows from that, in which order; and what is the same after all."""

import json
from typing import Any

from rehearsal import wire
from rehearsal.diff import Anew, Change, Sealed, Standing, compare, diff
from tests.rehearsal.diff.stacks import ALARM, INTERFACE, LOCK, SUBNET, VPC, node, stands, urn

GROUP = "aws:autoscaling/group:Group"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"
ROLE = "aws:iam/role:Role"
INSTANCE = "aws:rds/instance:Instance"


def network(block: str, zone: str = "a", **options: Any) -> Standing:
    """A VPC, a subnet in it, an endpoint in that, and an alarm about the endpoint."""
    vpc, subnet = "vpc-0a1b2c3d4e5f60718", "subnet-1122334455667788a"
    return stands(
        node(VPC, "hub", {"cidrBlock": block}, id=vpc),
        node(SUBNET, "hub-a", {"vpcId": vpc, "cidrBlock": "10.0.1.0/24", "availabilityZone": zone}, id=subnet, options=options),
        node(ENDPOINT, "ssm", {"vpcId": vpc, "serviceName": "ssm", "subnetIds": [subnet]}, id="vpce-99887766554433221"),
        node(ALARM, "silent", {"name": "silent", "dimensions": {"Endpoint": "vpce-99887766554433221"}}),
        vpcId=vpc,
    )


def kinds(changes: list[Change]) -> dict[str, str]:
    return {change.name: change.kind for change in changes}


def test_what_refers_to_a_replaced_resource_changes_with_it_to_the_end() -> None:
    found = compare(network("10.0.0.0/16"), network("10.1.0.0/16"))
    assert kinds(found.changes) == {"hub": "replace", "hub-a": "replace", "ssm": "replace", "silent": "update"}
    subnet, endpoint = found.changes[1], found.changes[2]
    assert subnet.because == ["vpcId"]
    assert [field.path for field in endpoint.fields] == ["subnetIds[0]", "vpcId"] and endpoint.because == ["vpcId"]
    assert [field.after for field in found.outputs] == [Anew((urn(VPC, "hub"),))]


def test_what_is_changed_in_place_takes_only_what_forces_it_along() -> None:
    found = compare(network("10.0.0.0/16"), network("10.0.0.0/16", zone="b"))
    assert kinds(found.changes) == {"hub-a": "replace", "ssm": "update"}, "an endpoint's subnets are changed in place"
    assert found.outputs == [] and found.unchanged == 2


def test_what_is_ignored_is_no_change_and_what_replaces_by_option_is() -> None:
    assert diff(network("10.0.0.0/16"), network("10.0.0.0/16", zone="b", ignoreChanges=["availabilityZone"]))[0].fields == ()
    old, new = ({"name": "x", "tags": {"a": value}} for value in "12")
    (change,) = diff(stands(node(ALARM, "x", old)), stands(node(ALARM, "x", new, options={"replaceOnChanges": ["tags"]})))
    assert change.kind == "replace" and change.because == ["tags.a"]


def test_options_alone_change_nothing_in_aws_and_are_shown() -> None:
    (change,) = diff(network("10.0.0.0/16"), network("10.0.0.0/16", protect=True))
    assert not change.in_aws and [(one.path, one.before, one.after) for one in change.options] == [("protect", None, True)]
    assert change.as_json()["fields"] == ["options.protect"]


def test_a_name_that_stays_is_no_reference_that_changes() -> None:
    """The ARN of a role with a name of its own is the same again: whoever refers to it does not notice."""

    def role(path: str, **inputs: str) -> Standing:
        arn = f"arn:aws:iam::123456789012:role/{inputs.get('name', 'writer-1a2b3c4')}"
        outputs = {**inputs, "arn": arn, "name": inputs.get("name", "writer-1a2b3c4")}
        return stands(
            node(ROLE, "writer", {"path": path, **inputs}, id=outputs["name"], outputs=outputs),
            node(ALARM, "silent", {"name": "silent", "alarmActions": [arn]}),
        )

    assert kinds(diff(role("/a/", name="writer"), role("/b/", name="writer"))) == {"writer": "replace"}
    assert kinds(diff(role("/a/"), role("/b/"))) == {"writer": "replace", "silent": "update"}


def test_a_former_name_is_followed() -> None:
    new = node(ALARM, "loud", {"name": "x"}, options={"aliases": [urn(ALARM, "silent")]})
    (change,) = diff(stands(node(ALARM, "silent", {"name": "x"})), stands(new))
    assert (change.kind, change.renamed_from, change.in_aws) == ("update", urn(ALARM, "silent"), False)


def test_what_refers_to_what_is_only_called_otherwise_does_not_change() -> None:
    """The rehearsal draws another id under the new name; at AWS it stays the same."""

    def vpn(name: str, gateway: str, **options: Any) -> Standing:
        asked = {"customerGatewayId": gateway, "policy": json.dumps({"Resource": f"arn:aws:ec2:::customer-gateway/{gateway}"})}
        connection = node("aws:ec2/vpnConnection:VpnConnection", "vpn", asked)
        return stands(node("aws:ec2/customerGateway:CustomerGateway", name, {}, id=gateway, options=options), connection)

    old, alias = vpn("lab-1", "cgw-0a1b2c3d4e5f60718"), urn("aws:ec2/customerGateway:CustomerGateway", "lab-1")
    assert kinds(diff(old, vpn("lab-9", "cgw-1122334455667788a", aliases=[alias]))) == {"lab-9": "update"}
    assert kinds(diff(old, vpn("lab-9", "cgw-1122334455667788a"))) == {"lab-9": "create", "vpn": "update", "lab-1": "delete"}


def test_a_launch_template_has_another_version_when_its_content_changes() -> None:
    def hosts(type_: str, **tags: str) -> Standing:
        template = {"instanceType": type_, "tags": tags}
        group = {"launchTemplate": {"id": "lt-0123456789abcdef0", "version": "1"}}
        return stands(node(TEMPLATE, "t", template, id="lt-0123456789abcdef0"), node(GROUP, "g", group))

    assert kinds(diff(hosts("m6i.large"), hosts("m6i.xlarge"))) == {"t": "update", "g": "update"}
    assert kinds(diff(hosts("m6i.large"), hosts("m6i.large", a="b"))) == {"t": "update"}


def test_a_task_definition_made_anew_has_another_revision() -> None:
    def service(image: str) -> Standing:
        arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1"
        definition = node(DEFINITION, "web", {"family": "web", "containerDefinitions": image}, id="web", outputs={"arn": arn})
        return stands(definition, node(SERVICE, "web", {"taskDefinition": arn}))

    definition, runs = diff(service("a"), service("b"))
    assert (definition.kind, runs.kind, [one.path for one in runs.fields]) == ("replace", "update", ["taskDefinition"])


def test_secrets_are_compared_and_never_told() -> None:
    def interface(key: str) -> Standing:
        return stands(node(INTERFACE, "circuit", {"bgpAuthKey": wire.secret(key)}, options={"deleteBeforeReplace": True}))

    assert diff(interface("one"), interface("one")) == []
    (change,) = diff(interface("one"), interface("another"))
    assert change.kind == "replace" and isinstance(change.fields[0].after, Sealed)
    assert "another" not in repr(change)


def test_steps_come_in_pulumis_order() -> None:
    """What is made and changed as the program registers it; then what goes, in the reverse order."""
    old = stands(*(node(ALARM, name, {"name": name}) for name in "abcd"))
    new = stands(node(ALARM, "e", {"name": "e"}), node(ALARM, "b", {"name": "b", "threshold": 1}))
    assert [(one.kind, one.name) for one in diff(old, new)] == [
        ("create", "e"),
        ("update", "b"),
        ("delete", "d"),
        ("delete", "c"),
        ("delete", "a"),
    ]


def test_what_would_be_made_anew_for_the_loss_is_deleted_first_too() -> None:
    """Pulumi takes down the dependants of what is deleted before it is replaced, if they are to be replaced for it."""

    def both(block: str) -> Standing:
        vpc = "vpc-0a1b2c3d4e5f60718"
        return stands(
            node(VPC, "hub", {"cidrBlock": block}, id=vpc, options={"deleteBeforeReplace": True}),
            node(SUBNET, "hub-a", {"vpcId": vpc, "cidrBlock": "10.0.1.0/24"}, id="subnet-1122334455667788a"),
        )

    assert [change.delete_first for change in diff(both("10.0.0.0/16"), both("10.1.0.0/16"))] == [True, True]
    assert [change.delete_first for change in diff(network("10.0.0.0/16"), network("10.0.0.0/16", "b"))] == [False, False]


def test_a_lock_is_made_anew_for_each_of_its_numbers() -> None:
    old, new = (stands(node(LOCK, "lock", {"backupVaultName": "v", "minRetentionDays": days})) for days in (7, 14))
    (change,) = diff(old, new)
    assert change.because == ["minRetentionDays"]
