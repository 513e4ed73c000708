"""What is made anew, by the real engine: before or after the old one goes, and what AWS refuses on the way."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.run import Engine
from engine.steps import Outcome
from rehearsal.emulator import Refused
from rehearsal.stackfile import StackFile
from tests.engine.conftest import NEEDS_CLI, small

pytestmark = NEEDS_CLI
PROGRAM = """
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
text = config.get("text") or "first"
if config.get("guest"):
    host = pulumi.StackReference("host")
    aws.vpc.SecurityGroupIngressRule(
        "guest",
        security_group_id=host.get_output("doorId"),
        referenced_security_group_id=host.get_output("roomId"),
        ip_protocol="tcp",
        from_port=80,
        to_port=80,
    )
else:
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    room = aws.ec2.SecurityGroup("room", vpc_id=vpc.id, description=text)
    door = aws.ec2.SecurityGroup("door", vpc_id=vpc.id, description="The door")
    kitchen = aws.ec2.SecurityGroup("kitchen", name="kitchen", vpc_id=vpc.id, description=text)
    aws.vpc.SecurityGroupEgressRule("way", security_group_id=kitchen.id, ip_protocol="-1", cidr_ipv4="10.0.0.0/16")
    aws.ec2.Subnet("floor", vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone=f"eu-west-1{config.get('zone') or 'a'}")
    pulumi.export("doorId", door.id)
    pulumi.export("roomId", room.id)
"""
Read = Callable[[str], StackFile]


@pytest.fixture(scope="module")
def read(folder: Path) -> Read:
    return small(folder / "project", PROGRAM, "host", "guest")


@pytest.fixture(scope="module")
def standing(folder: Path, read: Read) -> Iterator[Engine]:
    with Engine(folder / "project", folder / "build") as engine:
        for name in ("host", "guest+guest=true"):
            outcome = engine.up(read(name))
            assert outcome.good, outcome.problems
        yield engine


def identifier(engine: Engine, name: str) -> str:
    (found,) = [one.id for stack in engine.states.values() for one in stack if one.name == name and not one.going]
    return found


def leaving(engine: Engine) -> list[str]:
    """The ids of what was made anew, and still has to be deleted."""
    return [one.id for stack in engine.states.values() for one in stack if one.going]


def order(outcome: Outcome) -> list[tuple[str, str]]:
    """What was done, component and stack aside, in the engine's order."""
    return [(step.kind, step.name) for step in outcome.steps if step.kind != "same" and step.custom]


def group(engine: Engine, identifier: str) -> dict[str, object]:
    found = engine.account.aws.call("ec2", "DescribeSecurityGroups", {"GroupIds": [identifier]}, region="eu-west-1")
    return dict(found["SecurityGroups"][0])


def test_an_old_one_that_is_in_use_stays_until_nothing_refers_to_it(standing: Engine, read: Read) -> None:
    before = identifier(standing, "room")
    outcome = standing.up(read("host+text=second"))
    assert not outcome.good
    assert any("DependencyViolation" in text and "guest is there" in text for text in outcome.problems), outcome.problems
    after = identifier(standing, "room")
    assert after != before
    assert group(standing, after)["Description"] == "second"
    assert group(standing, before)["Description"] == "first"


def test_what_was_named_by_a_person_went_before_its_successor_came(standing: Engine) -> None:
    assert group(standing, identifier(standing, "kitchen"))["GroupName"] == "kitchen"
    assert group(standing, identifier(standing, "kitchen"))["Description"] == "second"


def test_the_old_one_is_remembered_after_a_restart(standing: Engine) -> None:
    before = {seed: one.thing.id for seed, one in standing.account.standing.items()}
    (old,) = leaving(standing)
    assert old in before.values()
    assert standing.account.rebuild(standing.states) == []
    assert {seed: one.thing.id for seed, one in standing.account.standing.items()} == before


def test_once_nothing_refers_to_it_the_next_up_deletes_it(standing: Engine, read: Read) -> None:
    (old,) = leaving(standing)
    moved = standing.up(read("guest+guest=true"))
    assert moved.good, moved.problems
    assert [(step.kind, step.fields) for step in moved.changed] == [("update", ("referencedSecurityGroupId",))]
    outcome = standing.up(read("host+text=second"))
    assert outcome.good, outcome.problems
    assert order(outcome) == [("delete-replaced", "room")]
    assert leaving(standing) == []
    assert old not in {one.thing.id for one in standing.account.standing.values()}
    with pytest.raises(Refused, match=r"InvalidGroup\.NotFound"):
        group(standing, old)


def test_the_order_is_that_of_the_engine(standing: Engine, read: Read) -> None:
    """The named one goes first, with what hangs on it; the other one goes last."""
    done = standing.destroy(read("guest+guest=true"))
    outcome = standing.up(read("host+text=third"))
    assert done.good and outcome.good, (done.problems, outcome.problems)
    steps = order(outcome)
    positions = {step: position for position, step in enumerate(steps)}
    assert positions["delete-replaced", "way"] < positions["delete-replaced", "kitchen"]
    assert positions["delete-replaced", "kitchen"] < positions["create-replacement", "kitchen"]
    assert positions["create-replacement", "room"] < positions["delete-replaced", "room"]


def test_what_asks_for_the_block_of_the_old_one_is_refused_and_nothing_is_lost(standing: Engine, read: Read) -> None:
    before = identifier(standing, "floor")
    outcome = standing.up(read("host+text=third+zone=b"))
    assert not outcome.good
    assert any("InvalidSubnet.Conflict" in text for text in outcome.problems), outcome.problems
    assert identifier(standing, "floor") == before
    assert standing.preview(read("host+text=third")).changed == []


def test_the_end_is_refused_while_another_stack_is_in_it(standing: Engine, read: Read) -> None:
    assert standing.up(read("guest+guest=true")).good
    outcome = standing.destroy(read("host+text=third"))
    assert not outcome.good
    assert any("DependencyViolation" in text for text in outcome.problems), outcome.problems
    for name in ("guest+guest=true", "host+text=third"):
        ended = standing.destroy(read(name))
        assert ended.good, ended.problems
    assert not standing.standing
