"""The command writes the page, and exits 0 only if everything holds."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from cli import app
from hybridge import __version__
from report.collect import Evidence
from report.picture import derive
from report.written import write_picture
from tests.report.conftest import ROOT


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the command is run."""
    monkeypatch.chdir(ROOT)


def test_a_report_on_dev_is_written_and_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["report", "dev", "--build", str(tmp_path)]) == 0
    assert re.search(r"dev: \d+ failures survived, \d+ not, as small stacks may; all else holds", capsys.readouterr().out)
    page = (tmp_path / "dev.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    stack_file = hashlib.sha256((ROOT / "tests" / "samples" / "Pulumi.dev.yaml").read_bytes()).hexdigest()
    assert stack_file in page and __version__ in page, "the page says what it is about"
    assert (tmp_path / "dev.svg").read_text().startswith("<svg ")


def test_a_report_on_what_fails_is_written_and_the_command_exits_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = "prod+workloads[2].acceptDowntime="
    assert app.main(["report", reports, "--build", str(tmp_path)]) == 1
    assert re.search(r"prod: \d+ things do not hold: the page says what", capsys.readouterr().out)
    assert "containers in AWS: reports goes down" in (tmp_path / "prod.html").read_text()


def test_a_wrong_stack_file_is_told_before_anything_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["report", "dev+network.cidr=nonsense", "--build", str(tmp_path)]) == 1
    assert "hybridge:network.cidr" in capsys.readouterr().out
    assert [*tmp_path.iterdir()] == []


def test_a_stack_that_is_not_there_is_a_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["report", "nowhere"]) == 1
    assert "there is no file" in capsys.readouterr().out


def test_each_stack_can_be_named_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["report", "dev", "dev"]) == 1
    assert "each stack can be named once" in capsys.readouterr().out


def test_a_picture_is_written_with_what_it_shows(evidence: Evidence, tmp_path: Path) -> None:
    picture = derive(evidence.rehearsals)
    write_picture(picture, tmp_path / "picture", "prod and dr")
    assert json.loads((tmp_path / "picture.json").read_text()) == picture.as_json()
    assert "Architecture of prod and dr" in (tmp_path / "picture.svg").read_text()
