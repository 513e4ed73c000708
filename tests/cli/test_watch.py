"""`hybridge watch`: every edit is answered, whatever state it leaves the files in."""

import os
import queue
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli import watching
from tests.own.project import ROOT, project

SECONDS = 240
"""For one answer, on a machine with much else to do. It takes five."""


class Watched:
    """A command that runs."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def answer(self) -> str:
        """What it says until it waits again."""
        told: list[str] = []
        while "waiting for an edit" not in "".join(told[-1:]):
            told.append(self.lines.get(timeout=SECONDS))
        return "\n".join(told)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line.rstrip())


@contextmanager
def watched(folder: Path, *arguments: str) -> Iterator[Watched]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "HYBRIDGE_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "hybridge", "watch", *arguments],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), "COLUMNS": "300"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield Watched(process)
    finally:
        process.kill()
        process.wait()


def test_an_edit_is_answered_with_what_changed_and_a_broken_file_with_where(tmp_path: Path) -> None:
    folder = project(tmp_path)
    stack, program = folder / "Pulumi.dev.yaml", folder / "__main__.py"
    with watched(folder, "dev", "--serve", "0") as command:
        first = command.answer()
        assert "everything holds: " in first
        assert "since everything held" not in first

        before = stack.read_text()
        stack.write_text(before.replace("flowLogRetentionDays: 7", "flowLogRetentionDays: 14"))
        second = command.answer()
        assert "Pulumi.dev.yaml" in second
        assert "everything holds: " in second
        assert "since everything held (1):" in second
        assert "dev: update cloudwatch.LogGroup " in second
        assert "(~ retentionInDays: 7 -> 14)" in second

        source = program.read_text()
        program.write_text(source + "\nx = (\n")
        third = command.answer()
        assert "something is wrong" in third
        assert "SyntaxError: '(' was never closed (__main__.py" in third
        assert "since everything held" not in third

        stack.write_text(before.replace("size: small", "size: tiny"))
        program.write_text(source)
        fourth = command.answer()
        assert "hybridge:size" in fourth
        assert "the account of when everything held answers on http://127.0.0.1:" in fourth

        url = fourth.partition("answers on ")[2].split()[0]
        request = urllib.request.Request(
            url,
            b"{}",
            {"Authorization": "AWS4-HMAC-SHA256 Credential=k/20250101/ap-northeast-2/logs/aws4_request"}
            | {"X-Amz-Target": "Logs_20140328.DescribeLogGroups", "Content-Type": "application/x-amz-json-1.1"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            assert b'"retentionInDays": 14' in response.read()
        assert (folder / "build" / "report" / "dev.html").is_file()
        assert (folder / "build" / "rehearsal" / "dev" / "proofs.json").is_file()

        os.killpg(command.process.pid, signal.SIGINT)  # as a terminal does
        assert command.process.wait(timeout=60) == 130
        left = [*iter(lambda: command.lines.get(timeout=60), "stopped; nothing is left running")]
        assert not any("Traceback" in line for line in left)


def test_all_that_people_edit_is_waited_for_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HYBRIDGE_STACKS")
    for name in (
        *("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py", "components/network/vpc.py", "policies/rules/tags.py"),
        *("own/accepted.yaml", "own/table/sqs.py", "build/x.py", ".venv/lib/x.py", "README.md"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    before = watching.files(tmp_path)
    assert not before.keys() & {"build/x.py", ".venv/lib/x.py", "README.md"}
    assert len(before) == 7
    (tmp_path / "own/table/sqs.py").write_text("ROWS = {}\n")
    (tmp_path / "components/network/vpc.py").unlink()
    (tmp_path / "Pulumi.prod.yaml").touch()
    assert watching.changed(before, watching.files(tmp_path)) == [
        *("Pulumi.prod.yaml", "components/network/vpc.py", "own/table/sqs.py"),
    ]


def test_what_people_edit_is_read_by_each_answer_itself() -> None:
    import components.settings  # noqa: PLC0415 - so that it is there to be left out
    import rehearsal.row  # noqa: PLC0415

    kept = {*watching.unedited(ROOT)}
    assert components.settings.__name__ not in kept
    assert rehearsal.row.__name__ in kept
    assert "pulumi.runtime" in kept
    assert not {name for name in kept if name.split(".")[0] in {"components", "own", "policies", "proofs", "cli", "__main__"}}
