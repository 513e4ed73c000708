"""The command `hybridge`: its help, its version, and the names that its parts had before."""

import re
import subprocess
import sys

import pytest
from rich.console import Console

from cli import app, former
from cli.checked import checked
from hybridge import __version__
from tests.rehearsal.support import ROOT

HEAVY = ("moto", "boto3", "pulumi", "pulumi_aws", "jinja2")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--version"]) == 0
    assert capsys.readouterr().out == f"hybridge {__version__}\n"


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f" {command.name} " in told for command in app.app.registered_commands)


@pytest.mark.parametrize("example", re.findall(r"\[bold\]hybridge (.+?)\[/\]", app.EXAMPLES))
def test_an_example_of_the_help_is_taken(example: str) -> None:
    call, _, after = example.partition(" --after ")
    command, *stacks = call.split()
    assert command in {one.name for one in app.app.registered_commands}
    together = [[after, stack] for stack in stacks] if after else [stacks]
    for names in together:
        checked(Console(), names, ROOT)


@pytest.mark.parametrize("arguments", [["--help"], ["rehearse", "nowhere"], ["report", "nowhere"], ["diff", "nowhere", "dev"]])
def test_nobody_waits_for_the_emulator_to_read_help_or_a_mistake(arguments: list[str]) -> None:
    code = f"import sys; from cli.app import main; main({arguments!r}); print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_stacks_are_completed_by_the_files_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from cli.shared import known  # noqa: PLC0415

    monkeypatch.chdir(ROOT)
    assert known("") == ["dev", "dr", "prod"]
    assert known("p") == ["prod"]


@pytest.mark.parametrize(
    ("former_call", "call"),
    [
        (["prod", "dr", "--pairs"], ["rehearse", "prod", "dr", "--pairs"]),
        (["--without-proofs", "dev", "--build", "x"], ["rehearse", "--build", "x", "--without-proofs", "dev"]),
        (["dev", "--serve"], ["serve", "--port", "5000", "dev"]),
        (["dev", "--without-proofs", "--serve", "0"], ["serve", "--port", "0", "dev", "--without-proofs"]),
        (["prod", "--diff", "dr", "dr+mode=active"], ["diff", "dr", "dr+mode=active", "--after", "prod"]),
        (["--help"], ["rehearse", "--help"]),
    ],
)
def test_python_m_rehearsal_still_means_what_it_did(
    former_call: list[str], call: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(former, "main", called.append)
    former.rehearsal(former_call)
    assert called == [call]


def test_a_diff_cannot_be_served(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        former.rehearsal(["--diff", "dev", "dev+size=medium", "--serve"])
    assert "serve either of the stacks" in capsys.readouterr().err
