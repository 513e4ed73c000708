"""`hybridge kit`, from outputs that a deployment has given: no rehearsal, no AWS."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from tests.onpremises.support import outputs

SAID = CliRunner()


@pytest.fixture(name="given")
def _given(tmp_path: Path) -> list[str]:
    told = outputs(["seoul-1", "seoul-2"])
    # Keys would be read from Secrets Manager.
    del told["vpnPresharedKeySecretArns"]
    file = tmp_path / "prod.json"
    file.write_text(json.dumps(told))
    return ["--outputs", str(file), "--to", str(tmp_path / "kit")]


def test_a_kit_is_written_and_then_nothing_differs_until_something_does(given: list[str], tmp_path: Path) -> None:
    done = SAID.invoke(app, ["kit", "prod", *given])
    assert done.exit_code == 0, done.output
    assert "from the outputs of the stack" in done.output
    page = tmp_path / "kit" / "prod" / "routers" / "README.md"
    same = SAID.invoke(app, ["kit", "prod", *given, "--diff"])
    assert (same.exit_code, "nothing differs" in same.output) == (0, True)
    page.write_text("old\n")
    other = SAID.invoke(app, ["kit", "prod", *given, "--diff"])
    assert other.exit_code == 1
    assert "routers/README.md" in other.output
    assert "1 file differs" in other.output
    assert page.read_text() == "old\n"


def test_one_part_is_written_by_itself(given: list[str], tmp_path: Path) -> None:
    assert SAID.invoke(app, ["kit", "prod", "names", *given]).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "kit" / "prod").iterdir()) == ["facts.json", "names"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["kit", "prod", "verify"], "verify: no part of the kit; one of routers, names"),
        (["kit", "prod", "--outputs", "/nowhere.json"], "--outputs /nowhere.json"),
        (["kit", "prod", "--with", "dr", "--outputs", "/nowhere.json"], "1 files for 2 stacks"),
    ],
)
def test_a_mistake_is_told_in_words(arguments: list[str], says: str) -> None:
    done = SAID.invoke(app, arguments)
    assert done.exit_code == 1
    assert says in " ".join(done.output.split())
    assert "Traceback" not in done.output
