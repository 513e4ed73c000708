"""A page says what it is about, so that it can be made again."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from report.provenance import PACKAGES, provenance


def repository(folder: Path) -> str:
    """A program in a git repository; returns the commit."""
    (folder / "Pulumi.yaml").write_text("name: program\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    git = ["git", "-C", str(folder), "-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *command], check=True)
    return subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()


def test_commit_files_and_versions_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HYBRIDGE_STACKS", raising=False)  # the stack file of this repository is meant
    commit = repository(tmp_path)
    found = provenance(tmp_path, ["dev+size=large"], "1.2.3")
    assert (found.version, found.commit, found.dirty) == ("1.2.3", commit, False)
    assert [file.name for file in found.files] == ["Pulumi.yaml", "Pulumi.dev.yaml"]
    assert found.files[1].sha256 == hashlib.sha256(b"config: {}\n").hexdigest()
    assert [name for name, _ in found.packages] == [*PACKAGES]
    assert all(version[0].isdigit() for _, version in found.packages)


def test_what_is_not_committed_is_told(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {a: b}\n")
    assert provenance(tmp_path, ["dev"], "1.2.3").dirty


def test_a_folder_without_git_and_a_file_elsewhere_are_no_error(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text("config: {}\n")
    found = provenance(tmp_path, [str(tmp_path / "elsewhere.yaml")], "1.2.3")
    assert (found.commit, [file.name for file in found.files]) == ("", ["elsewhere.yaml"])
