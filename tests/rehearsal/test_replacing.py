"""What makes a resource anew: by the data, at any depth of a path; and that the data knows all that the stacks use."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.pulumi_types import resource_type
from rehearsal.replacing import DATA, forces_replacement, known, refusal, silent, unlike
from rehearsal.table import TABLE
from tests.recorder import SHIPPED, deployed_stack

RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
STACKS = [*SHIPPED, *sorted(map(str, (Path(__file__).parent / "stacks").glob("*.yaml")))]
CONTENT = json.loads(DATA.read_text(encoding="utf-8"))


def paths() -> Iterator[tuple[str, str, str, str]]:
    """Type, kind, source and path of every statement."""
    for type_, kinds in CONTENT["types"].items():
        for kind, sources in kinds.items():
            for source, found in sources.items():
                yield from ((type_, kind, source, path) for path in found)


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        ("aws:backup/vaultLockConfiguration:VaultLockConfiguration", "minRetentionDays"),
        ("aws:ssm/activation:Activation", "tags.Owner"),
        ("aws:directoryservice/directory:Directory", "connectSettings.customerDnsIps[0]"),
        ("aws:directoryservice/directory:Directory", "password"),
        ("aws:directconnect/privateVirtualInterface:PrivateVirtualInterface", "bgpAsnLong"),
        ("aws:directconnect/privateVirtualInterface:PrivateVirtualInterface", "bgpAuthKey"),
        ("aws:ec2/customerGateway:CustomerGateway", "ipAddress"),
        ("aws:ec2/natGateway:NatGateway", "subnetId"),
        ("aws:ecs/taskDefinition:TaskDefinition", "volumes[2].hostPath"),
        ("aws:efs/accessPoint:AccessPoint", "posixUser.uid"),
        ("aws:efs/mountTarget:MountTarget", "subnetId"),
        ("aws:route53/resolverEndpoint:ResolverEndpoint", "securityGroupIds[0]"),
        ("aws:ec2/vpc:Vpc", "region"),
        ("random:index/randomPassword:RandomPassword", "length"),
    ],
)
def test_a_change_of_what_the_provider_cannot_change_replaces(type_: str, path: str) -> None:
    assert forces_replacement(type_, path)


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        ("aws:rds/instance:Instance", "instanceClass"),
        ("aws:efs/accessPoint:AccessPoint", "tags.Name"),
        ("aws:ecs/service:Service", "capacityProviderStrategies[0].capacityProvider"),
        ("aws:iam/role:Role", "region"),
        ("", "region"),
    ],
)
def test_other_changes_are_made_in_place(type_: str, path: str) -> None:
    assert not forces_replacement(type_, path)


def test_a_block_that_appears_replaces_where_something_within_it_does() -> None:
    assert forces_replacement("aws:efs/accessPoint:AccessPoint", "posixUser")


def test_the_source_of_a_security_group_rule_changes_in_place_and_its_kind_does_not() -> None:
    assert not forces_replacement(RULE, "cidrIpv4", "10.0.0.0/8", "10.1.0.0/16")
    assert forces_replacement(RULE, "cidrIpv4", None, "10.1.0.0/16")
    assert forces_replacement(RULE, "referencedSecurityGroupId", "sg-1", None)
    assert forces_replacement(RULE, "cidrIpv4"), "what is not known may be the worst"


def test_a_change_that_the_provider_refuses_is_told_with_what_it_wants() -> None:
    service, changed = "aws:ecs/service:Service", "capacityProviderStrategies[0].capacityProvider"
    assert refusal(service, changed, {}) == (
        "the provider changes capacityProviderStrategies only with forceNewDeployment: true"
    )
    assert refusal(service, changed, {"forceNewDeployment": True}) == ""
    assert refusal(service, "desiredCount", {}) == ""


def test_the_data_is_compared_with_the_schema_of_a_package() -> None:
    inputs = {
        "vlan": {"willReplaceOnChanges": True},
        "mtu": {"willReplaceOnChanges": True},
        "connectionId": {},
        "tags": {},
        "region": {},
        "anything": {},
    }
    interface = "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface"
    assert list(unlike({"resources": {interface: {"inputProperties": inputs}, "aws:other/thing:Thing": {}}})) == [
        f"{interface} anything: in place, and the data is silent",
        f"{interface} connectionId: in place, and the data says otherwise",
        f"{interface} mtu: replaces, and the data says otherwise",
    ]


def test_components_are_not_in_the_data() -> None:
    assert not known("hybridge:index:Network")
    assert known("aws:ec2/subnet:Subnet")


def test_every_type_that_the_rehearsal_makes_is_in_the_data() -> None:
    assert [type_ for type_ in sorted(TABLE) if not known(type_)] == []


def test_of_every_input_that_the_provider_has_it_is_known_whether_it_replaces() -> None:
    """What a new version of the provider adds is named here: look it up, and add it with its source."""
    found = [(type_, known) for type_ in TABLE if type_.startswith("aws:") and (known := resource_type(type_))]
    assert sorted(f"{type_} {path}" for type_, known in found for path in known.inputs if silent(type_, path)) == []


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: Path(stack).stem)
def test_of_every_input_that_a_stack_uses_it_is_known_whether_it_replaces(stack: str) -> None:
    """Otherwise a diff would call a change harmless of which nobody knows. Ask the provider, and add it with its source."""
    resources = [resource for resource in deployed_stack(stack).resources if resource.custom]
    used = {(resource.type, path) for resource in resources for path in resource.inputs}
    assert sorted(f"{type_} {path}" for type_, path in used if silent(type_, path)) == []


def test_every_statement_is_of_an_input_that_the_sdk_has_and_says_where_it_is_from() -> None:
    wrong = []
    for type_, kind, source, path in paths():
        found = resource_type(type_)
        if found is None or path.split(".")[0] not in found.inputs:
            wrong.append(f"{type_} {path}: no such input")
        if source not in CONTENT["provenance"]:
            wrong.append(f"{type_} {path}: source {source!r} is not explained in `provenance`")
        if kind not in ("replaces", "whenItAppears", "whenItGoes", "inPlace"):
            wrong.append(f"{type_} {path}: {kind!r} is none of the four kinds")
    assert wrong == []


def test_nothing_is_said_to_replace_and_to_be_changed_in_place() -> None:
    in_place = {(type_, path) for type_, kind, _, path in paths() if kind == "inPlace"}
    assert [f"{type_} {path}" for type_, kind, _, path in paths() if kind != "inPlace" and (type_, path) in in_place] == []
