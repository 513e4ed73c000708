"""A project as a team has it: its own folder, stack files and `own/`, over an installed Hybridge."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"


def project(folder: Path, *, own: Path | None = None, stacks: tuple[str, ...] = ("dev",)) -> Path:
    """A folder with the program, stack files, and `own/` from somewhere."""
    for path in (ROOT / "Pulumi.yaml", ROOT / "__main__.py", *(SAMPLES / f"Pulumi.{stack}.yaml" for stack in stacks)):
        shutil.copy(path, folder / path.name)
    if own:
        shutil.copytree(own, folder / "own", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def hybridge(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command, run in that folder."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "HYBRIDGE_"))}
    return subprocess.run(
        [sys.executable, "-m", "hybridge", *arguments],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
