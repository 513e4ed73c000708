"""The runbook of the second region names states and edits that the settings take."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.settings import parse
from components.settings.parse import merged
from rehearsal.stackfile import read

ROOT = Path(__file__).parents[2]
TEXTS = ("docs/disaster-recovery.md", "README.md", "Pulumi.dr.yaml")
RUNBOOK = (ROOT / TEXTS[0]).read_text(encoding="utf-8")
STATE = re.compile(r"(?<![\w/-])(?:prod|dr)(?:\+[A-Za-z][\w.]*=[^\s'`+]+)+")


def states() -> list[str]:
    """Every stack with edits that one of the texts names: `dr+mode=warm-standby`."""
    return sorted({found for text in TEXTS for found in STATE.findall((ROOT / text).read_text(encoding="utf-8"))})


def test_the_runbook_rehearses_what_it_tells_to_do() -> None:
    assert len(states()) >= 5


def taken(stack: str, edit: dict[str, Any]) -> None:
    """Parse the settings of a stack with an edit of its file; they raise what is wrong with it."""
    file = read(stack, ROOT)
    values = merged(file.values, edit)
    raw = {key.removeprefix("hybridge:"): value for key, value in values.items() if key.startswith("hybridge:")}
    parse(raw, file.region, project="hybridge", stack=file.stack)


@pytest.mark.parametrize("state", [state for state in states() if "KEY" not in state])
def test_a_state_that_is_rehearsed_is_one_that_the_settings_take(state: str) -> None:
    taken(state, {})


def edits() -> list[tuple[str, dict[str, Any]]]:
    """The edits that the runbook shows, each with the stack whose file was named last before it."""
    return [
        (re.findall(r"Pulumi\.(\w+)\.yaml", RUNBOOK[: block.start()])[-1], yaml.safe_load(block[1]))
        for block in re.finditer(r"```yaml\n(.*?)```", RUNBOOK, re.DOTALL)
    ]


@pytest.mark.parametrize(("stack", "edit"), edits())
def test_an_edit_that_is_shown_is_one_that_the_settings_take(stack: str, edit: dict[str, Any]) -> None:
    taken(stack, edit)


def test_the_failover_and_the_failback_are_shown_as_edits() -> None:
    assert [(stack, sorted(edit)) for stack, edit in edits()] == [
        ("dr", ["hybridge:disasterRecovery", "hybridge:mode", "hybridge:primaryState"]),
        ("dr", ["hybridge:containers"]),
        ("prod", ["hybridge:disasterRecovery", "hybridge:migration"]),
    ]
