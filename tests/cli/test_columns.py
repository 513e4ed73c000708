"""What commands print fits into a terminal of 80 columns, and stays whole, a fact a line, where a program reads it."""

import fcntl
import io
import os
import pty
import re
import struct
import sys
import termios

import pytest
from rich.console import Console
from rich.text import Text

from cli import app
from rehearsal.lines import say, tell
from tests.rehearsal.support import ROOT

COLUMNS = 80
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COMMANDS = sorted(str(command.name) for command in app.app.registered_commands)


def in_a_terminal(*arguments: str) -> list[str]:
    """The lines that a command leaves on a terminal of so many columns."""
    process, terminal = pty.fork()
    if process == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
        os.chdir(ROOT)
        kept = {key: value for key, value in os.environ.items() if key not in {"COLUMNS", "LINES"}}
        os.execve(sys.executable, [sys.executable, "-m", "hybridge", *arguments], {**kept, "TERM": "xterm"})
    said = b""
    try:
        while part := os.read(terminal, 65_536):
            said += part
    except OSError:  # how a terminal says that nobody writes into it any more
        pass
    os.waitpid(process, 0)
    # Progress writes over itself.
    return [line.rsplit("\r", 1)[-1] for line in CONTROL.sub("", said.decode()).replace("\r\n", "\n").split("\n")]


def test_a_diff_and_what_is_rehearsed_for_it_fit() -> None:
    lines = in_a_terminal("diff", "dev", "dev+database.multiAz=true+containers.logRetentionDays=90")
    assert [line for line in lines if len(line) > COLUMNS] == []
    text = "\n".join(lines)
    for part in ("nothing is wrong", "multiAz: false -> true", "While it is carried out", "Resources:"):
        assert part in text


def test_mistakes_fit() -> None:
    lines = in_a_terminal("rehearse", "dev+database.storageGiB=1+workloads[0].route=5")
    assert "fix" in "\n".join(lines)
    assert [line for line in lines if len(line) > COLUMNS] == []


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    assert app.main([*([command] if command else []), "--help"]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if len(line) > COLUMNS] == []


LONG = "[red]error[/] in [bold]a key[/] of the file: " + "word " * 20 + "arn:aws:iam::123456789012:role/" + "x" * 80 + " end"


def shown(*, terminal: bool, indent: int = 2, hanging: int = 3) -> list[str]:
    console = Console(file=io.StringIO(), width=40, force_terminal=terminal, soft_wrap=True, color_system=None)
    tell(console, LONG, indent=indent, hanging=hanging)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]


def test_a_text_is_folded_between_words_and_a_word_never() -> None:
    lines = shown(terminal=True)
    assert [len(line) <= 40 or " " not in line.strip() for line in lines] == [True] * len(lines)
    assert lines[0].startswith("  error in a key")
    assert {line[:5] for line in lines[1:]} == {"     "}
    assert " ".join(" ".join(lines).split()) == " ".join(Text.from_markup(LONG).plain.split())


def test_where_a_program_reads_it_a_text_is_one_line() -> None:
    assert len(shown(terminal=False)) == 1


def test_plain_text_is_no_markup() -> None:
    console = Console(file=io.StringIO(), width=40)
    say(console, "workloads[0].route [red]")
    assert console.file.getvalue() == "workloads[0].route [red]\n"  # type: ignore[attr-defined]
