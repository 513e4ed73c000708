"""What changed is told against a graph that was kept, a folder of them, or a revision of the program."""

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal import documents
from rehearsal.usage import UsageError
from report.collect import Evidence
from report.page import page
from report.picture import derive
from report.since import Changes, Then, changes, earlier
from tests.report.conftest import MADE

PROGRAM = """
import json, sys
from pathlib import Path
stack, build = sys.argv[1], Path(sys.argv[3])
if stack == "broken":
    sys.exit("hybridge:network.cidr is wrong")
(build / stack).mkdir(parents=True)
(build / stack / "graph.json").write_text(json.dumps({"stack": stack, "nodes": [], "outputs": {"then": True}}))
(build / stack / "proofs.json").write_text(json.dumps({"drills": {"results": []}}))
"""


def graph(stack: str) -> dict[str, Any]:
    return {"stack": stack, "nodes": [], "outputs": {}}


def test_a_kept_graph_and_a_folder_of_them_are_read(tmp_path: Path) -> None:
    for stack in ("prod", "dr"):
        (tmp_path / stack).mkdir()
        (tmp_path / stack / "graph.json").write_text(json.dumps(graph(stack)))
    (tmp_path / "dr" / "proofs.json").write_text('{"drills": {}}')
    one = earlier(str(tmp_path / "prod" / "graph.json"), tmp_path, ["prod"])
    assert (one.graphs, one.proofs) == ({"prod": graph("prod")}, {})
    both = earlier(str(tmp_path), tmp_path, ["prod"])
    assert {*both.graphs} == {"prod", "dr"} and both.proofs == {"dr": {"drills": {}}}


def repository(folder: Path) -> None:
    """A program whose rehearsal is quick."""
    (folder / "rehearsal").mkdir()
    (folder / "rehearsal" / "__init__.py").touch()
    (folder / "rehearsal" / "__main__.py").write_text(PROGRAM)
    git = ["git", "-C", str(folder), "-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"], ["tag", "v1"]):
        subprocess.run([*git, *command], check=True)
    (folder / "rehearsal" / "__main__.py").write_text("raise SystemExit('that of today')")


def test_a_revision_is_rehearsed_by_its_own_program(tmp_path: Path) -> None:
    repository(tmp_path)
    found = earlier("v1", tmp_path, ["prod"])
    assert found.graphs["prod"]["outputs"] == {"then": True}
    assert found.proofs == {"prod": {"drills": {"results": []}}}
    assert found.called.startswith("v1 (")


@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("v2", "it is no file, no folder and no revision of git"),
        ("v2", "such as HEAD~1 (the newest tags here: v1)"),
        ("empty", "there is no graph.json in it"),
        ("text.json", "cannot be read as JSON"),
        ("other.json", "is no graph.json of a rehearsal"),
        ("v1", "does not rehearse broken:\n  hybridge:network.cidr is wrong"),
    ],
)
def test_what_cannot_be_compared_with_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, since: str, told: str
) -> None:
    repository(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.json").write_text("text")
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(UsageError, match=re.escape(told)):
        earlier(since, tmp_path, ["broken"])


def test_a_repository_without_tags_says_so(tmp_path: Path) -> None:
    repository(tmp_path)
    subprocess.run(["git", "-C", str(tmp_path), "tag", "-d", "v1"], check=True, capture_output=True)
    with pytest.raises(UsageError, match="there is no tag here; `git fetch --tags`"):
        earlier("v1", tmp_path, ["prod"])


@pytest.fixture(scope="module")
def kept(evidence: Evidence) -> dict[str, Any]:
    """What prod was, written down and read again."""
    found: dict[str, Any] = json.loads(json.dumps(documents.graph(evidence.rehearsals[0]), default=str))
    return found


def compared(evidence: Evidence, before: dict[str, Any], **proofs: Any) -> Changes:
    alone = Evidence(evidence.stacks[:1], evidence.drills)
    return changes(Then("then", {"prod": before}, proofs), alone)


def test_nothing_changed_since_now(evidence: Evidence, kept: dict[str, Any]) -> None:
    (one,) = compared(evidence, kept).stacks
    assert (one.known, one.lines) == (True, [])


def test_what_was_added_changed_and_removed_is_told(evidence: Evidence, kept: dict[str, Any]) -> None:
    new = ("aws:rds/instance:Instance", "database-reader-2")
    nodes = [node for node in kept["nodes"] if (node["type"], node["name"]) != new]
    groups = [node for node in nodes if node["type"] == "aws:cloudwatch/logGroup:LogGroup"]
    longer = [node | {"inputs": node["inputs"] | {"retentionInDays": 7}} for node in groups]
    gone = {**groups[0], "urn": f"{groups[0]['urn']}-gone", "name": "gone"}
    others = [node for node in nodes if node not in groups]
    (one,) = compared(evidence, kept | {"nodes": [*others, *longer, gone]}).stacks
    assert (one.count("create"), one.count("update"), one.count("delete")) == (1, len(groups), 1)
    assert [(line.kind, line.type) for line in one.lines if line.kind in ("delete", "create")] == [
        ("delete", "cloudwatch.LogGroup"),
        ("create", "rds.Instance"),
    ]
    changed = [line for line in one.lines if line.kind == "update"]
    assert len(changed) < len(groups), "what happened to several alike is told once"
    assert all(line.edits[0].startswith("~ retentionInDays: 7 -> ") for line in changed)


def test_a_stack_that_was_not_there_is_all_new(evidence: Evidence, kept: dict[str, Any]) -> None:
    alone = Evidence(evidence.stacks[1:], evidence.drills)
    (one,) = changes(Then("then", {"prod": kept}), alone).stacks
    assert not one.known


def test_what_survives_no_more_is_told_first(evidence: Evidence, kept: dict[str, Any]) -> None:
    assert evidence.drills
    results = [one.as_json() for one in evidence.drills.results]
    proofs = {"drills": {"results": results}}
    same = compared(evidence, kept, prod=proofs)
    assert (same.worse, same.better) == ([], [])
    lucky = [one | {"outcome": "degraded"} if one["failure"]["kind"] == "gateway VM" else one for one in results]
    found = compared(evidence, kept, prod={"drills": {"results": lucky}})
    assert found.worse == ["gateway VM seoul-files takes down files written on-premises"]
    unlucky = [
        one | {"outcome": "down"} if one["function"] == "egress" and "NAT" in one["failure"]["kind"] else one for one in results
    ]
    found = compared(evidence, kept, prod={"drills": {"results": unlucky}})
    assert found.worse == [] and len(found.better) > 2 and found.better[0].endswith("takes down egress")


def test_the_page_has_a_section_on_it_only_when_it_was_asked_for(evidence: Evidence, kept: dict[str, Any], html: str) -> None:
    assert 'id="changes"' not in html
    found = replace(compared(evidence, kept), called="v1 <then>")
    alone = Evidence(evidence.stacks[:1], evidence.drills)
    shown = page(alone, derive(alone.rehearsals), MADE, since=found)
    assert "Since v1 &lt;then&gt;." in shown and "Nothing changed" in shown


def test_ids_that_another_revision_drew_otherwise_are_no_change(evidence: Evidence, kept: dict[str, Any]) -> None:
    ids = sorted({node["id"] for node in kept["nodes"] if node["id"].startswith(("vpc-", "subnet-", "sg-", "rtb-"))})
    text = json.dumps(kept)
    for place, one in enumerate(ids):
        text = text.replace(one, f"{one.partition('-')[0]}-{place:017x}")
    assert text != json.dumps(kept)
    (one_stack,) = compared(evidence, json.loads(text)).stacks
    assert one_stack.lines == []


def test_what_stands_in_a_network_that_is_made_anew_is_made_anew_too(evidence: Evidence, kept: dict[str, Any]) -> None:
    nodes = [
        node | {"inputs": node["inputs"] | {"cidrBlock": "10.99.0.0/16"}} if node["type"] == "aws:ec2/vpc:Vpc" else node
        for node in kept["nodes"]
    ]
    (one,) = compared(evidence, kept | {"nodes": nodes}).stacks
    anew = {line.type for line in one.lines if line.kind == "replace"}
    assert {"ec2.Vpc", "ec2.Subnet", "ec2.SecurityGroup", "ec2.RouteTable", "lb.TargetGroup"} <= anew
