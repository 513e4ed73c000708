"""The runbook of the second region names states and edits that the settings take."""

import functools
import re
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from botocore import xform_name

from components.settings import parse
from components.settings.parse import merged
from rehearsal.stackfile import read

ROOT = Path(__file__).parents[2]
TEXTS = ("docs/disaster-recovery.md", "README.md", "tests/samples/Pulumi.dr.yaml")
RUNBOOK = (ROOT / TEXTS[0]).read_text(encoding="utf-8")
STATE = re.compile(r"(?<![\w/-])(?:prod|dr)(?:\+[A-Za-z][\w.]*=[^\s'`+]+)+")


BOOKS = ("docs/disaster-recovery.md", "docs/operations.md")
COMMAND = re.compile(r"\baws\s+([a-z][a-z0-9-]+)\s+([a-z][a-z0-9-]+)((?:[^`\n#;|>)]|\$\([^)]*\))*)")
"""A command of the AWS CLI, as far as its own options go."""
EVERYWHERE = {"region", "query", "output"}
"""Options that every command takes."""


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


def commands() -> list[tuple[str, str, tuple[str, ...]]]:
    """Service, operation and options of every command of the AWS CLI that the runbooks tell to type."""
    found = set()
    for book in BOOKS:
        text = (ROOT / book).read_text(encoding="utf-8").replace("\\\n", "")
        for service, operation, rest in COMMAND.findall(text):
            # `aws s3` is made of many requests; the API has no operation of that name.
            if service != "s3":
                found.add((service, operation, tuple(sorted(set(re.findall(r"(?<=\s)--([a-z-]+)", rest))))))
    return sorted(found)


def test_the_commands_of_the_runbooks_are_found() -> None:
    assert {("ecs", "update-service"), ("rds", "promote-read-replica"), ("dms", "stop-replication-task")} <= {
        (service, operation) for service, operation, _ in commands()
    }


@pytest.mark.parametrize(("service", "operation", "options"), commands())
def test_a_command_that_is_told_is_one_that_aws_has(service: str, operation: str, options: tuple[str, ...]) -> None:
    model = _model(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    assert operation in operations
    shape = model.operation_model(operations[operation]).input_shape
    members = {xform_name(name, "-") for name in (shape.members if shape else ())}
    assert {option.removeprefix("no-") if option not in members else option for option in options} <= members | EVERYWHERE


@functools.cache
def _model(service: str) -> Any:
    # The CLI has another name for one of the services.
    return botocore.session.Session().get_service_model({"s3api": "s3"}.get(service, service))
