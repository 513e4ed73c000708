"""`hybridge diff` says what `pulumi preview` says: the same resources, the same steps, the same inputs, the same sums."""

import re
from pathlib import Path

import pytest
from rich.console import Console

from engine.run import Engine
from engine.steps import Outcome, Step
from rehearsal.diff import Diff, Standing, compare, rendering, standing
from rehearsal.emulator import Emulator
from rehearsal.run import rehearse
from tests.engine.conftest import NEEDS_CLI, small

pytestmark = NEEDS_CLI
PROGRAM = """
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
block = config.get("block") or "10.0"
text = config.get("text") or "first"
protect = config.get_bool("protect") or False
vpc = aws.ec2.Vpc("vpc", cidr_block=f"{block}.0.0/16", tags={"Text": config.get("tag") or "a"})
subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block=f"{block}.0.0/24")
table = aws.ec2.RouteTable("table", vpc_id=vpc.id)
aws.ec2.RouteTableAssociation("ways", subnet_id=subnet.id, route_table_id=table.id)
room = aws.ec2.SecurityGroup("room", vpc_id=vpc.id, description="room", opts=pulumi.ResourceOptions(protect=protect))
kitchen = aws.ec2.SecurityGroup("kitchen", name="kitchen", vpc_id=vpc.id, description=text)
aws.vpc.SecurityGroupIngressRule(
    "door",
    security_group_id=kitchen.id,
    referenced_security_group_id=room.id,
    ip_protocol="tcp",
    from_port=80,
    to_port=config.get_int("port") or 80,
)
topic = aws.sns.Topic("news", display_name=text)
if not config.get_bool("quiet"):
    aws.sns.TopicSubscription("reader", topic=topic.arn, protocol="email", endpoint="reader@example.com")
if config.get_bool("more"):
    aws.cloudwatch.LogGroup("log", retention_in_days=7)
old = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="key")])
aws.ssm.Parameter("lock" if config.get_bool("renamed") else "key", name="/key", type="SecureString",
                  value=config.require_secret("password"), opts=old if config.get_bool("renamed") else None)
"""
EDITS = {
    "in place": "one+tag=b+port=81",
    "a cascade from the network on": "one+block=10.1",
    "deleted first, with what hangs on it": "one+text=second",
    "one goes": "one+quiet=true",
    "one comes": "one+more=true",
    "a secret": "one+password=another",
    "another name for the same": "one+renamed=true",
    "everything at once": "one+block=10.2+text=third+quiet=true+more=true+password=third",
}

PROTECTED, REFUSED = "one+protect=true", "one+protect=true+block=10.1"


@pytest.fixture(scope="module")
def project(folder: Path) -> Path:
    small(folder / "project", PROGRAM, "one")
    (folder / "project" / "Pulumi.one.yaml").write_text(
        "config:\n  aws:region: eu-west-1\n  small:password: {secure: AAABAAAA}\n"
    )
    return folder / "project"


def stands(project: Path, name: str) -> Standing:
    with Emulator() as aws:
        done = rehearse(aws, project, small(project, PROGRAM)(name))
        assert done.good, done.problems
        return standing(done)


@pytest.fixture(scope="module")
def diffs(project: Path) -> dict[str, Diff]:
    """Before the engine's account is open: there is one at a time."""
    before = {name: stands(project, name) for name in ("one", PROTECTED)}
    found = {name: compare(before["one"], stands(project, name)) for name in EDITS.values()}
    return found | {REFUSED: compare(before[PROTECTED], stands(project, REFUSED))}


@pytest.fixture(scope="module")
def previews(folder: Path, project: Path, diffs: dict[str, Diff]) -> dict[str, Outcome]:
    read = small(project, PROGRAM)
    assert diffs
    with Engine(project, folder / "build") as engine:
        outcome = engine.up(read("one"))
        assert outcome.good, outcome.problems
        found = {name: engine.preview(read(name)) for name in EDITS.values()}
        assert engine.up(read(PROTECTED)).good
        return found | {REFUSED: engine.preview(read(REFUSED))}


def whole(path: str) -> str:
    return re.split(r"[.\[]", path)[0]


def of_engine(step: Step) -> tuple[str, str, frozenset[str]]:
    changes = {whole(path) for path in step.fields} if step.kind in ("update", "replace") else set()
    return step.kind, step.urn, frozenset(changes)


def of_diff(diff: Diff) -> set[tuple[str, str, frozenset[str]]]:
    found: set[tuple[str, str, frozenset[str]]] = set()
    for change in diff.changes:
        if change.in_aws:
            changes = {whole(field.path) for field in change.fields} if change.kind in ("update", "replace") else set()
            found.add((change.kind, change.urn, frozenset(changes)))
    return found


Diffs = dict[str, Diff]
Previews = dict[str, Outcome]


@pytest.mark.parametrize("name", EDITS.values(), ids=EDITS)
def test_a_diff_has_the_steps_of_a_preview(previews: Previews, diffs: Diffs, name: str) -> None:
    assert previews[name].good, previews[name].problems
    theirs, ours = {of_engine(step) for step in previews[name].changed}, of_diff(diffs[name])
    # Of what is taken down because something below it goes first, the engine does not say what differs.
    for kind, urn, _ in {step for step in theirs if step[0] == "replace" and not step[2]}:
        theirs = {step for step in theirs if step[1] != urn} | {step for step in ours if step[:2] == (kind, urn)}
    assert theirs == ours


@pytest.mark.parametrize("name", EDITS.values(), ids=EDITS)
def test_a_diff_deletes_first_what_the_engine_deletes_first(previews: Previews, diffs: Diffs, name: str) -> None:
    steps = [(step.kind, step.urn) for step in previews[name].steps]
    replaced = {urn for kind, urn in steps if kind == "replace"}
    first = {urn for urn in replaced if steps.index(("delete-replaced", urn)) < steps.index(("create-replacement", urn))}
    assert first == {change.urn for change in diffs[name].changes if change.kind == "replace" and change.delete_first}


@pytest.mark.parametrize("name", EDITS.values(), ids=EDITS)
def test_a_diff_sums_up_as_a_preview_does(previews: Previews, diffs: Diffs, name: str) -> None:
    console = Console(record=True, width=200)
    rendering.show(console, "edit", diffs[name])
    told = {words: int(number) for number, words in re.findall(r"(?:\+-|[+~-] )(\d+) to (\w+)", console.export_text())}
    kinds = ("create", "update", "replace", "delete")
    assert told == {kind: previews[name].counts[kind] for kind in kinds if previews[name].counts[kind]}


def test_what_is_protected_is_refused_by_both(previews: Previews, diffs: Diffs) -> None:
    assert any("unable to replace" in text and "protect" in text for text in previews[REFUSED].problems), previews[
        REFUSED
    ].problems
    assert [change.name for change in diffs[REFUSED].changes if "protect" in change.refused] == ["room"]
