"""What is made anew while the old one stands asks for nothing that AWS gives once, and is not deleted with it.

Pulumi makes the new resource first. Where the old one holds what the new one asks for, the update stops halfway; where both are
one object, the update is green and the object gone.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.replacing import forces_replacement
from rehearsal.row import Row
from rehearsal.scarce import PLENTIFUL, SCARCE, deleted_first, held
from rehearsal.table import TABLE
from tests.recorder import SHIPPED, Registered, deployed_stack

STACKS = [*SHIPPED, *sorted(map(str, (Path(__file__).parent / "rehearsal" / "stacks").glob("*.yaml")))]

AWSX = "awsx makes it, and passes no options on to its children; what a change of zones does is told by a diff"
REASONS: dict[str, dict[str, str]] = {
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": {
        "protectedResourceType": "its name, and the resource's, says the type",
    },
    "aws:dms/certificate:Certificate": {
        "certificatePem": "its id has a digest of the certificate, so that the new one is another"
    },
    "aws:dms/replicationInstance:ReplicationInstance": {
        "kmsKeyArn": "the database's key, of which no input makes it anew",
        "publiclyAccessible": "never",
        "replicationSubnetGroupId": "the group's id is its name, which is the deployment's",
    },
    "aws:ec2/natGateway:NatGateway": {"subnetId": AWSX},
    "aws:ec2/subnet:Subnet": {"availabilityZone": AWSX},
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation": {"reservationType": "always explicit"},
    "aws:ec2clientvpn/authorizationRule:AuthorizationRule": {
        "authorizeAllGroups": "the resource's name says whether a group is let in or everybody",
        "description": "made of what the resource's name is made of",
    },
    "aws:ec2clientvpn/route:Route": {"description": "made of what the resource's name is made of"},
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": {
        "peerRegion": "a transit gateway of another region is another one",
    },
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": {"availabilityZone": "always all"},
    "aws:rds/instance:Instance": dict.fromkeys(
        ("dbName", "engine", "kmsKeyId", "snapshotIdentifier", "storageEncrypted", "username"),
        "a database is not deleted to be made anew: under its identifier AWS refuses the second one, and the first stays",
    ),
    "aws:route53/zoneAssociation:ZoneAssociation": {"vpcRegion": "a VPC of another region is another one"},
    "aws:xray/samplingRule:SamplingRule": {"version": "AWS knows one version"},
}
"""Type -> input that replaces, though it is none of what the type holds alone -> why `delete_before_replace` can be missing."""


def forcing(resource: Registered) -> set[str]:
    """The inputs whose change makes the resource anew while it still holds what it holds."""
    scarce = SCARCE[resource.type]
    freed = {key.split(".")[0] for key in scarce.keys if "." not in key} - scarce.shared
    return {
        path
        for path in resource.inputs
        if path not in freed and path not in resource.ignore_changes and path != "region"
        if forces_replacement(resource.type, path)
    }


def clashing(stack: str) -> Iterator[tuple[Registered, str]]:
    """What would be made anew beside the old one, each with an input that does it."""
    for resource in deployed_stack(stack).resources:
        alone = resource.type in SCARCE and held(resource.type, resource.inputs)
        if alone and not deleted_first(resource.type, resource.inputs, resource.options):
            yield from ((resource, path) for path in forcing(resource))


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: Path(stack).stem)
def test_what_holds_something_alone_is_deleted_before_it_is_made_anew(stack: str) -> None:
    """Give it `delete_before_replace`, or say above why it can do without."""
    left = [(resource, path) for resource, path in clashing(stack) if path not in REASONS.get(resource.type, {})]
    assert sorted(f"{resource.urn} {path}: {SCARCE[resource.type].says}" for resource, path in left) == []


def test_of_every_type_it_is_said_what_it_holds_alone() -> None:
    assert SCARCE.keys() | PLENTIFUL == TABLE.keys()
    assert not SCARCE.keys() & PLENTIFUL


def test_a_type_whose_id_is_an_input_holds_that_input() -> None:
    """Vault locks, notifications, bucket policies: the id is the name of what they are settings of."""
    for type_, row in TABLE.items():
        if isinstance(row, Row) and isinstance(row.id, str) and row.id.startswith("$inputs."):
            key = row.id.removeprefix("$inputs.")
            assert type_ in SCARCE and key in SCARCE[type_].keys, f"{type_} is known by {key}"


def test_every_reason_is_needed() -> None:
    needed = {(resource.type, path) for stack in STACKS for resource, path in clashing(stack)}
    assert {(type_, path) for type_, reasons in REASONS.items() for path in reasons} - needed == set()


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("aws:backup/vaultLockConfiguration:VaultLockConfiguration", "management-backup"),
        ("aws:backup/vaultNotifications:VaultNotifications", "management-backup"),
        ("aws:ecr/lifecyclePolicy:LifecyclePolicy", None),
    ],
)
def test_a_setting_of_another_object_is_never_deleted_after_its_successor(type_: str, name: str | None) -> None:
    for stack in STACKS:
        for resource in deployed_stack(stack).created(type_):
            if name in (None, resource.name):
                assert resource.delete_before_replace, f"{resource.urn} of {stack}"


def test_a_name_that_the_program_gives_is_free_before_it_is_asked_for_again() -> None:
    """pulumi-aws deletes first what has a name that it would otherwise have made up."""
    assert deleted_first("aws:lb/targetGroup:TargetGroup", {"name": "web"}, {})
    assert not deleted_first("aws:lb/targetGroup:TargetGroup", {"port": 80}, {})
    assert deleted_first("aws:ec2/flowLog:FlowLog", {}, {"deleteBeforeReplace": True})


def test_what_is_held_alone_is_told_by_its_values() -> None:
    rule = "aws:lb/listenerRule:ListenerRule"
    assert held(rule, {"listenerArn": "arn", "priority": 7, "region": "eu-west-1"}) == ("eu-west-1", "arn", "7")
    assert held("aws:lb/targetGroup:TargetGroup", {"port": 80}) is None, "Pulumi makes up a name with a random end"
    assert held("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}) is None
