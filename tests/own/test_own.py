"""What a team adds in `own/`: the example of the documentation, run as it stands, and what is told of mistakes in it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from proofs import own as proofs_own
from proofs.policies import PackError, start_pack
from proofs.reachability.own import said
from rehearsal import own
from rehearsal.own import OwnError
from rehearsal.stackfile import StackFile
from tests.own.project import ROOT, hybridge, project

EXAMPLE = ROOT / "examples" / "own"


@pytest.fixture(autouse=True)
def _with_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """All other tests leave the folder out."""
    monkeypatch.delenv("HYBRIDGE_WITHOUT_OWN")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("team"), own=EXAMPLE)


@pytest.fixture(scope="module")
def rehearsed(folder: Path) -> str:
    done = hybridge(folder, "rehearse", "dev")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def documents(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    found = [json.loads((folder / "build/rehearsal/dev" / f"{name}.json").read_text()) for name in ("graph", "proofs")]
    return found[0], found[1]


def test_the_example_is_deployed_with_the_five_components_and_all_proofs_hold(rehearsed: str) -> None:
    assert "everything holds" in rehearsed
    assert "│ own " in rehearsed


def test_its_resources_are_really_made_by_its_own_rows_and_extensions(rehearsed: str, folder: Path) -> None:
    graph, _ = documents(folder)
    made = {node["type"]: node["fidelity"] for node in graph["nodes"] if "hybridge:index:Own$" in node["urn"]}
    assert made["aws:sqs/queue:Queue"] == "emulated"
    assert made["aws:ec2/networkInterface:NetworkInterface"] == "emulated"
    assert made["aws:schemas/registry:Registry"] == "extended"
    for type_ in ("cloudwatch/metricAlarm:MetricAlarm", "cloudwatch/dashboard:Dashboard", "ssm/document:Document"):
        assert made[f"aws:{type_}"] == "emulated"
    assert made["aws:ssm/association:Association"] == "extended"
    assert graph["outputs"]["ordersQueueUrl"].endswith("/orders-" + graph["outputs"]["ordersQueueUrl"].rsplit("-", 1)[1])


def test_its_policies_and_statements_are_asked_beside_those_of_hybridge(rehearsed: str, folder: Path) -> None:
    _, proofs = documents(folder)
    assert "queues-have-our-key" in [policy["name"] for policy in proofs["policies"]]
    assert {"name": "one-scanner", "statement": "There is one scanner.", "holds": True} in proofs["reachability"]["proofs"]


def test_a_loss_that_it_accepts_is_told_with_who_and_when(tmp_path: Path) -> None:
    losses = proofs_own.accepted(EXAMPLE.parent)
    (one,) = losses
    assert (one.failures, one.functions, one.owner) == (("gateway VM",), ("files written on-premises",), "storage team")
    assert one.date == "2026-11-02"


def test_without_its_rows_and_statements_its_types_are_unknown_and_everything_else_is_proved(tmp_path: Path) -> None:
    team = project(tmp_path, own=EXAMPLE)
    (team / "own" / "statements.py").unlink()
    shutil.rmtree(team / "own" / "table")
    done = hybridge(team, "rehearse", "dev")
    assert done.returncode == 1
    assert "unknown: aws:sqs/queue:Queue (orders): its type has no row" in done.stdout
    assert "proofs hold" in done.stdout
    entries = [f"  - {{type: '{type_}', reason: Nothing hangs on it.}}" for type_ in UNKNOWN]
    (team / "own" / "accepted.yaml").write_text("\n".join(["unknown:", *entries]) + "\n")
    done = hybridge(team, "rehearse", "dev")
    assert done.returncode == 0, done.stdout
    assert "unknown: aws:sqs/queue:Queue (orders): not made, and allowed: Nothing hangs on it." in done.stdout


def test_a_way_that_no_statement_names_is_a_hole(tmp_path: Path) -> None:
    team = project(tmp_path, own=EXAMPLE)
    (team / "own" / "statements.py").unlink()
    done = hybridge(team, "rehearse", "dev")
    assert done.returncode == 1
    assert "can reach network interface" in done.stdout
    assert "belongs to nothing that a component makes, and own/statements.py does not name it" in done.stdout


UNKNOWN = ("aws:sqs/queue:Queue", "aws:schemas/registry:Registry", "aws:ec2/networkInterface:NetworkInterface")


def test_all_of_it_can_be_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert own.present(folder)
    monkeypatch.setenv("HYBRIDGE_WITHOUT_OWN", "1")
    assert not own.present(folder)
    assert own.table(folder, {}) == {}
    assert said(folder) == ([], [])


def wrong(tmp_path: Path, text: str) -> str:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "__init__.py").touch()
    (tmp_path / "own" / "accepted.yaml").write_text(text)
    with pytest.raises(OwnError) as error:
        proofs_own.accepted(tmp_path)
        own.unknown(tmp_path)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("losses: [{}]", ["losses[0] has no failures", "losses[0] has no reason", "losses[0] has no owner"]),
        (
            "losses: [{failures: [hosts], functions: [egres], reason: r, owner: o, date: '2026-01-01', since: x}]",
            ["'hosts' is no kind of failure; did you mean 'host'?", "did you mean 'egress'?", ".since: there is no such key"],
        ),
        (
            "losses: [{failures: host, functions: [egress], reason: r, owner: o, date: '2026-02-30'}]",
            ["list of names", "a day"],
        ),
        ("losses: {}\nloses: []\n", ["loses is no key of it"]),
        ("unknown: [aws:sqs/queue:Queue]", ["write `type: aws:...` and `reason: ...`"]),
        ("losses:\n - a\n  b: c\n", ["line 3"]),
    ],
)
def test_a_wrong_acceptance_is_told_with_what_to_write(tmp_path: Path, text: str, messages: list[str]) -> None:
    found = wrong(tmp_path, text)
    assert all(message in found for message in messages), found


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("table/sqs.py", "ROW = 1\n", "has no ROWS; give it `ROWS: Table"),
        ("table/sqs.py", "import nothing_there\n", "own/table/sqs.py cannot be imported (ModuleNotFoundError"),
        ("extensions/schemas.py", "1 / 0\n", "own/extensions/schemas.py cannot be imported (ZeroDivisionError"),
        ("statements.py", "WAYS = ['x']\n", "own/statements.py: 'x' is no Way"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, file: str, content: str, message: str) -> None:
    team = project(tmp_path, own=EXAMPLE)
    (team / "own" / file).write_text(content)
    with pytest.raises(OwnError) as error:
        own.table(team, {})
        said(team)
    assert message in str(error.value)


def test_policies_that_are_no_list_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    team = project(tmp_path, own=EXAMPLE)
    (team / "own" / "policies.py").write_text("POLICY = 1\n")
    monkeypatch.chdir(team)
    with start_pack(StackFile("hybridge", "dev", {}, (), {})) as pack, pytest.raises(PackError) as error:
        assert pack.policies
    assert "own/policies.py has no list POLICIES" in str(error.value)
