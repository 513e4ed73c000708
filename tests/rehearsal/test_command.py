"""The command, as a user runs it: whole processes, their output and exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from rehearsal.usage import guarded
from tests.rehearsal.support import ROOT


def hybridge(*arguments: str, module: str = "hybridge") -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def document(folder: Path, stack: str, name: str) -> Any:
    return json.loads((folder / stack / f"{name}.json").read_text())


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> tuple["subprocess.CompletedProcess[str]", Path]:
    folder = tmp_path_factory.mktemp("build")
    return hybridge("rehearse", "dev", "--build", str(folder)), folder


def test_a_good_stack_exits_0_and_says_that_nothing_is_wrong(dev: tuple["subprocess.CompletedProcess[str]", Path]) -> None:
    done, _ = dev
    assert done.returncode == 0, done.stdout
    assert "dev: nothing is wrong" in done.stdout
    assert done.stderr == ""


def test_graph_and_summary_have_the_documented_form(dev: tuple["subprocess.CompletedProcess[str]", Path]) -> None:
    _, folder = dev
    graph, summary = document(folder, "dev", "graph"), document(folder, "dev", "summary")
    assert set(graph) == {"stack", "project", "region", "nodes", "outputs"}
    keys = {"urn", "type", "name", "parent", "id", "region", "inputs", "outputs", "dependsOn", "fidelity", "gaps"}
    assert all(set(node) - {"options"} == keys for node in graph["nodes"])
    assert [node["urn"] for node in graph["nodes"]] == sorted(node["urn"] for node in graph["nodes"])
    fidelities = {"emulated", "gaps", "extended", "model-checked", "component"}
    assert {node["fidelity"] for node in graph["nodes"]} <= fidelities
    assert {"stack", "region", "resources", "byFidelity", "byComponent", "danglingReferences", "problems"} <= set(summary)
    assert set(summary["byComponent"]) == {"network", "platform", "database", "storage", "management"}
    assert {"program", "checks", "total"} <= set(summary["seconds"])


def test_two_processes_write_the_same_graph_to_the_byte(
    dev: tuple["subprocess.CompletedProcess[str]", Path], tmp_path: Path
) -> None:
    _, folder = dev
    assert hybridge("rehearse", "dev", "--build", str(tmp_path)).returncode == 0
    assert (tmp_path / "dev" / "graph.json").read_bytes() == (folder / "dev" / "graph.json").read_bytes()
    first, second = document(folder, "dev", "summary"), document(tmp_path, "dev", "summary")
    for summary in (first, second):
        del summary["seconds"], summary["peakMemoryMiB"]
    assert first == second


def test_a_wrong_stack_prints_every_mistake_exits_1_and_creates_nothing(tmp_path: Path) -> None:
    done = hybridge(
        "rehearse",
        "dev+colour=red+network.zones=[us-east-1a, us-east-1b]+storage.tierClass=STANDARD_IA",
        "--build",
        str(tmp_path),
    )
    assert done.returncode == 1
    for key in ("hybridge:colour", "hybridge:network.zones", "hybridge:storage.hotDays"):
        assert key in done.stdout
    assert "nothing was created" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == [], "the settings are looked at before anything is deployed"


def test_a_diff_shows_what_an_edit_changes_and_nothing_else(tmp_path: Path) -> None:
    done = hybridge("diff", "dev", "dev+database.multiAz=true", "--build", str(tmp_path))
    assert done.returncode == 0, done.stdout
    assert "multiAz: false -> true" in done.stdout
    assert "Resources:\n    ~ 1 to update\n    1 change. " in done.stdout
    assert "database writes, database reads" in done.stdout.split("While it is carried out", maxsplit=1)[1]


def test_a_wrong_edit_is_not_compared(tmp_path: Path) -> None:
    """All that it lacks would look as if the edit removed it, and the mistakes would be lost in it."""
    done = hybridge("diff", "dev", "dev+size=huge", "--build", str(tmp_path))
    assert done.returncode == 1
    assert "hybridge:size" in done.stdout
    assert "Resources:" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), "stacks here: "),
        # As in the ARN of a secret: a terminal library would make a picture of it.
        (("arn:secret:x",), "stack 'arn:secret:x': there is no file"),
        (("dev", "dev"), "each stack can be named once"),
        (("dev+nonsense",), "write key=value"),
        (("dev+size.x=1",), "which has no keys below it"),
        (("dev+[/]",), "write key=value"),
        (("dev", "--build", "README.md"), "name a folder that can be written to"),
    ],
)
def test_a_wrong_call_says_what_to_do(arguments: tuple[str, ...], message: str) -> None:
    done = hybridge("rehearse", *arguments)
    assert done.returncode == 1
    assert message in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_stack_that_was_only_deployed_is_not_said_to_hold(tmp_path: Path) -> None:
    done = hybridge("rehearse", "dev", "--without-proofs", "--build", str(tmp_path))
    assert done.returncode == 0
    assert done.stdout.rstrip().endswith("deployed; nothing was proved")


def test_no_stack_at_all_is_told_with_the_usage() -> None:
    done = hybridge("rehearse")
    assert done.returncode == 2
    assert "hybridge rehearse" in done.stderr
    assert "STACK" in done.stderr


def test_ctrl_c_stops_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def waits() -> int:
        raise KeyboardInterrupt

    assert guarded(Console(), waits) == 130
    assert "stopped" in capsys.readouterr().out
