"""A stack's first day by the real engine: what it makes is what the rehearsal makes, and a second look changes nothing."""

from typing import Any

import pytest

from engine import state
from engine.run import Engine
from rehearsal import documents, stackfile
from rehearsal.emulator import Emulator
from rehearsal.run import Rehearsal, rehearse
from tests.engine.conftest import NEEDS_CLI
from tests.rehearsal.support import ROOT

pytestmark = NEEDS_CLI
DEV = stackfile.read("dev", ROOT)


@pytest.fixture(scope="module")
def rehearsed() -> dict[str, Any]:
    with Emulator() as aws:
        return documents.graph(rehearse(aws, ROOT, DEV))


@pytest.fixture(scope="module")
def brought_up(rehearsed: dict[str, Any], engine: Engine) -> Rehearsal:
    """Once the account of the rehearsal is closed: there is one at a time."""
    outcome = engine.up(DEV, policies=ROOT / "policies")
    assert outcome.good, outcome.problems
    assert outcome.counts.keys() == {"create"}
    return engine.rehearsals()["dev"]


def _comparable(graph: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A graph by URN. The engine adds dependencies within components, and keeps no inputs of the remote component."""
    hidden = {"awsx:ec2:Vpc": {"dependsOn", "inputs", "options"}}
    return {
        node["urn"]: {key: node[key] for key in node.keys() - hidden.get(node["type"], {"dependsOn", "options"})}
        for node in graph["nodes"]
    }


def _options(graph: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the state keeps of the options by URN."""
    return {
        node["urn"]: {key: value for key, value in node.get("options", {}).items() if key in state.OPTIONS}
        for node in graph["nodes"]
        if node["type"].startswith(("aws:", "random:"))
    }


def test_the_real_engine_makes_what_the_rehearsal_makes(brought_up: Rehearsal, rehearsed: dict[str, Any]) -> None:
    theirs = documents.graph(brought_up)
    assert _comparable(theirs) == _comparable(rehearsed)
    assert _options(theirs) == _options(rehearsed)
    assert theirs["outputs"] == rehearsed["outputs"]
    assert not brought_up.dangling


def test_a_second_preview_has_nothing_to_do(engine: Engine, brought_up: Rehearsal) -> None:
    outcome = engine.preview(DEV, policies=ROOT / "policies")
    assert outcome.good, outcome.problems
    assert outcome.counts.keys() == {"same"}
