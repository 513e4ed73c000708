"""Stack files are read as the Pulumi CLI reads them: held against the CLI's own packages, or their answers where Go is missing.

`python -m tests.rehearsal.test_cli_reader` asks the CLI's packages again and writes cli_reader/answers.json.
"""

import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal.stackfile import StackFileError, read
from tests.rehearsal import corpus

SOURCE = Path(__file__).parent / "cli_reader"
ANSWERS = SOURCE / "answers.json"
Answer = dict[str, Any]

STRICTER = {
    "config:\n  plain: {secure: 5}\n": "without a text that could be opened",
    "config:\n  ~: x\n": "a key is missing before the colon",
    "config:\n  plain: a\n---\nconfig:\n  plain: b\n": "a second document begins here, which Pulumi ignores",
    "%YAML 1.1\n---\nconfig:\n  plain: on\n": "begins with %",
    "config:\nplain: a\n": "plain is not below config:",
    "size: large\n": "size is not below config:",
}
"""What the CLI takes, to make of it what nobody who writes it means."""
STRICTER_WORDS = (
    *("has no quotes, without which Pulumi changes it", "Pulumi loses it", "this anchor (&) is there twice"),
    *("is under a namespace that is not the project's", "without a text that could be opened", "a key is missing"),
    *("with and without", "is not below config:", "at the end, within brackets", "a second document", "does not know"),
    *("is not closed", "namespace:name", "begins with %", "in quotes"),
)
"""How such refusals are told, for files that are made up at random."""


class CliReader:
    """The program of cli_reader/, built once and kept in Go's cache folder."""

    def __init__(self) -> None:
        folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "hybridge"
        folder.mkdir(parents=True, exist_ok=True)
        program = folder / "cli_reader"
        # Go itself sees whether anything has changed.
        subprocess.run(["go", "build", "-o", program, "."], cwd=SOURCE, check=True, timeout=900, capture_output=True)
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, project: str, stack: str) -> Answer:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"project": project, "stack": stack}) + "\n")
        self.process.stdin.flush()
        answer: Answer = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        self.process.communicate(timeout=10)


@pytest.fixture(scope="module")
def cli() -> Iterator[CliReader]:
    if not shutil.which("go"):
        pytest.skip("Go is not installed: the CLI's own packages cannot be asked; their answers of old are held against")
    try:
        reader = CliReader()
    except subprocess.CalledProcessError as error:
        pytest.skip(f"the CLI's packages cannot be built here: {error.stderr.decode()[-200:]}")
    yield reader
    reader.close()


def number_or_text(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def ours(folder: Path, project: str, stack: str) -> Answer:
    """The answer of the rehearsal's reader, in the form of the CLI's."""
    (folder / "Pulumi.yaml").write_text(project, encoding="utf-8", newline="")
    (folder / "Pulumi.try.yaml").write_text(stack, encoding="utf-8", newline="")
    try:
        found = read("try", folder)
    except StackFileError as error:
        return {"error": str(error)}
    if found.refused:
        return {"error": "\n".join(found.refused)}
    return {"config": found.config, "secrets": sorted(found.secret_keys)}


def comparable(answer: Answer) -> Answer:
    """Without the words of an error, what secrets open to, and the empty text that stands for a key without a value."""
    if "error" in answer:
        return {"error": True}
    secrets = answer.get("secrets", [])
    values = {key: number_or_text(value) for key, value in answer["config"].items() if key not in secrets and value != ""}
    return {"values": values, "secrets": secrets}


def assert_same(found: Answer, answer: Answer, stack: str) -> None:
    """The same, or refused here alone for a reason of which the CLI makes something that nobody means."""
    if "error" in found and "error" not in answer:
        assert any(words in found["error"] for words in STRICTER_WORDS), (stack, found)
    else:
        assert comparable(found) == comparable(answer), stack


def known() -> list[tuple[str, Answer]]:
    return [(one["stack"], one["answer"]) for one in json.loads(ANSWERS.read_text(encoding="utf-8"))]


def test_the_answers_are_those_to_the_corpus() -> None:
    assert [stack for stack, _ in known()] == corpus.documents()


def test_every_piece_of_the_corpus_is_read_as_the_cli_reads_it(tmp_path: Path) -> None:
    for stack, answer in known():
        found = ours(tmp_path, corpus.PROJECT, stack)
        assert STRICTER.get(stack, "") in found.get("error", "")
        assert_same(found, answer, stack)


def test_the_answers_are_what_the_cli_says_today(cli: CliReader) -> None:
    for stack, answer in known():
        assert comparable(cli.ask(corpus.PROJECT, stack)) == comparable(answer), stack


def test_the_stack_files_of_the_project_arrive_as_from_the_cli(cli: CliReader, tmp_path: Path) -> None:
    for project, stack in corpus.own():
        assert comparable(ours(tmp_path, project, stack)) == comparable(cli.ask(project, stack))


PIECES = [
    " ",
    "\n",
    "  ",
    ": ",
    "- ",
    "on",
    "0o7",
    "2027-01-01",
    "1.0",
    "null",
    "~",
    "<<: ",
    "&a ",
    "*a",
    "!!str ",
    "|",
    '"',
    "'",
]
PIECES += ["#", "[", "]", "{", "}", ",", "=", "1e3", "0x1", "\t", "é", "\\", "017", "%", "@", "?"]


@pytest.mark.parametrize("seed", range(2))
def test_a_file_that_was_damaged_at_random_is_read_or_refused_as_by_the_cli(cli: CliReader, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    files = corpus.own()
    for _ in range(120):
        project, stack = chance.choice(files)
        place = chance.randrange(len(stack))
        damaged = stack[:place] + chance.choice(PIECES) + stack[place + chance.choice([0, 0, 1, 3]) :]
        assert_same(ours(tmp_path, project, damaged), cli.ask(project, damaged), damaged)


if __name__ == "__main__":
    reader = CliReader()
    asked = [{"stack": stack, "answer": reader.ask(corpus.PROJECT, stack)} for stack in corpus.documents()]
    ANSWERS.write_text(json.dumps(asked, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    reader.close()
