"""The examples beside `own/`: programs of one's own, run in their folders as their pages say."""

import shutil
from pathlib import Path

import pytest

from tests.own.project import ROOT, hybridge


@pytest.mark.parametrize(("example", "page"), [("one-component", "one-component.md"), ("own-program", "own-program.md")])
def test_an_example_is_rehearsed_and_holds_as_its_page_says(example: str, page: str, tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "examples" / example, tmp_path / example)
    text = (ROOT / "docs" / page).read_text()
    assert f"cd examples/{example}" in text
    assert "hybridge rehearse dev" in text
    done = hybridge(folder, "rehearse", "dev")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything holds" in done.stdout


def test_an_edit_of_a_key_of_the_program_is_rehearsed(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "examples" / "own-program", tmp_path / "orders")
    done = hybridge(folder, "diff", "dev", "dev+orders:keepDays=7")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "retentionInDays" in done.stdout


def test_a_program_of_ones_own_gets_a_report(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "examples" / "own-program", tmp_path / "orders")
    done = hybridge(folder, "report", "dev")
    assert done.returncode == 0, done.stdout + done.stderr
    page = (folder / "build" / "report" / "dev.html").read_text(encoding="utf-8")
    assert "dynamodb.Table" in page
    assert "For the network team" not in page and "The database's way" not in page, "they are of Hybridge's settings"


def test_without_its_row_a_type_is_named(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "examples" / "own-program", tmp_path / "orders")
    shutil.rmtree(folder / "own")
    done = hybridge(folder, "rehearse", "dev")
    assert done.returncode == 1
    assert "aws:dynamodb/table:Table" in done.stdout


@pytest.mark.parametrize(
    ("page", "file", "beginning"),
    [
        ("one-component.md", "examples/typescript/index.ts", 'const network = new hybridge.Network("hub", {'),
        ("one-component.md", "examples/yaml/Pulumi.yaml", "    type: hybridge:index:HybridStorage"),
        ("one-component.md", "examples/one-component/__main__.py", "files = HybridStorage("),
    ],
)
def test_what_a_page_shows_is_in_the_example(page: str, file: str, beginning: str) -> None:
    assert beginning in (ROOT / "docs" / page).read_text()
    assert beginning in (ROOT / file).read_text()
