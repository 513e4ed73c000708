"""`python -m bench.same REVISION`: whether this tree answers to the byte as another revision does.

Rehearses every stack file of the project and of the tests with both, and compares graph.json, proofs.json and what is printed.
Whatever is done for speed has to leave all of it as it was.
"""

import filecmp
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from bench.processes import ROOT, environment

COMPARED = ("graph.json", "proofs.json", "printed.txt")
TIMES = re.compile(r"\b\d+(\.\d+)? ?(s|ms|MiB)\b")
"""What differs from run to run in what is printed."""
STACKS = "tests/rehearsal/stacks"


def together(root: Path) -> list[list[str]]:
    """The stacks of a tree, those of two regions together."""
    files = sorted((root / STACKS).glob("*.yaml"))
    found = [["dev"], ["prod", "dr"]]
    for file in files:
        name = str(file.relative_to(root))
        if "-secondary" in name:
            continue
        second = name.replace("-primary", "-secondary")
        found.append([name] if second == name else [name, second])
    return found


def answers(root: Path, python: str, stacks: Sequence[str], folder: Path) -> None:
    """What a tree answers about stacks, in a folder."""
    command = [python, "-m", "hybridge", "rehearse", *stacks, "--build", str(folder)]
    done = subprocess.run(command, cwd=root, env=environment(), capture_output=True, text=True, check=False)
    folder.mkdir(parents=True, exist_ok=True)
    printed = TIMES.sub("", done.stdout).replace(str(folder), "") + f"exit {done.returncode}\n"
    (folder / "printed.txt").write_text(printed, encoding="utf-8")


def differing(one: Path, other: Path) -> Iterator[str]:
    """The files of either folder that are not the same, to the byte, in the other."""
    names = {file.relative_to(folder) for folder in (one, other) for file in folder.rglob("*") if file.name in COMPARED}
    for name in sorted(names):
        if not ((one / name).is_file() and (other / name).is_file() and filecmp.cmp(one / name, other / name, shallow=False)):
            yield str(name)


def main() -> int:
    """Compare; returns 1 if anything differs."""
    console, (revision,) = Console(), sys.argv[1:]
    different = 0
    with tempfile.TemporaryDirectory() as temporary:
        then, folder = Path(temporary) / "then", Path(temporary)
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(then), revision], cwd=ROOT, check=True)
        try:
            for number, stacks in enumerate(together(ROOT)):
                before, after = folder / "before" / str(number), folder / "after" / str(number)
                answers(then, sys.executable, stacks, before)
                answers(ROOT, sys.executable, stacks, after)
                found = [*differing(before, after)]
                different += bool(found)
                told = f"differs in {', '.join(found)}" if found else "the same"
                console.print(f"{' '.join(stacks)}: {told}", highlight=False)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(then)], cwd=ROOT, check=True)
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())
