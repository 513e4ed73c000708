"""What the rows say of a resource after its first day: it is seen while it is there, and gone once it is deleted."""

import pytest

from rehearsal import life, wire
from rehearsal.emulator import Emulator, Refused
from rehearsal.in_use import IN_USE, refusal
from rehearsal.monitor import Node
from rehearsal.row import Row
from rehearsal.run import Rehearsal, rehearse
from rehearsal.stackfile import read
from rehearsal.table import TABLE
from tests.rehearsal.support import ROOT

NEVER_GONE = {
    "aws:s3/bucketVersioning:BucketVersioning": "is suspended, which is what there is without",
    "aws:sns/topicPolicy:TopicPolicy": "gives place to the policy that every topic has",
    "aws:ssm/serviceSetting:ServiceSetting": "gives place to its default",
    "aws:efs/backupPolicy:BackupPolicy": "gives place to its default",
    "aws:ebs/encryptionByDefault:EncryptionByDefault": "is turned off, which a region can always tell",
}


def thing_of(node: Node) -> life.Thing:
    """A resource of a rehearsal as Pulumi's state would hold it: with the name that the provider gave."""
    inputs, outputs = wire.unwrap(node.inputs), wire.unwrap(node.outputs)
    key = TABLE[node.type].autoname
    return life.Thing(
        node.type, node.name, node.urn, node.region, inputs | ({key: outputs[key]} if key else {}), node.id, outputs
    )


UNUSED = {
    ("prod", "dr"): {"cloudwatch/compositeAlarm:CompositeAlarm", "directoryservice/directory:Directory"},
    ("tests/rehearsal/stacks/containers-hub.yaml",): {
        "cloudwatch/metricAlarm:MetricAlarm",
        "ec2/vpnGateway:VpnGateway",
        "route53/resolverEndpoint:ResolverEndpoint",
    },
}
"""Stacks -> types that something may refer to, and to which nothing does there."""


@pytest.mark.parametrize("stacks", UNUSED)
def test_what_was_made_is_seen_and_what_is_deleted_is_gone(stacks: tuple[str, ...]) -> None:
    made: list[Node] = []
    with Emulator() as aws:
        done: dict[str, Rehearsal] = {}
        for name in stacks:
            stack = read(str(ROOT / name) if "/" in name else name, ROOT)
            done[stack.stack] = rehearse(aws, ROOT, stack, others=done, on_progress=made.append)
            assert done[stack.stack].good, done[stack.stack].problems
        things = [thing_of(node) for node in made if node.type in TABLE]
        unseen = [f"{thing.type} {thing.name}" for thing in things if not life.look(aws, TABLE, thing)]
        assert unseen == []
        assert unused(things) == {f"aws:{type_}" for type_ in UNUSED[stacks]}
        left, refused = [], []
        for position, thing in reversed(list(enumerate(things))):
            try:
                life.delete(aws, TABLE, thing, things[:position])
            except Refused as error:
                refused.append(f"{thing.type} {thing.name}: {error}")
                continue
            row = TABLE[thing.type]
            kept = thing.inputs.get("skipDestroy") or thing.type in NEVER_GONE or (isinstance(row, Row) and row.stays)
            if not kept and life.look(aws, TABLE, thing):
                left.append(f"{thing.type} {thing.name}")
    assert left == []
    # What is protected in AWS itself, and a bucket that has logs in it and no permission to be emptied.
    assert all("Cannot delete protected DB Instance" in text or "BucketNotEmpty" in text for text in refused), refused


def unused(things: list[life.Thing]) -> set[str]:
    """The types whose deletion may be refused, of which nothing is refused while everything stands."""
    may = {thing.type for thing in things if thing.type in IN_USE}
    return may - {thing.type for thing in things if refusal(thing, things, "", "")}


def test_every_type_says_what_removes_it() -> None:
    silent = [type_ for type_, row in TABLE.items() if isinstance(row, Row) and not row.delete and not row.stays]
    assert silent == []
