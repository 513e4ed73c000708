"""What a page is about, so that it can be made again: the commit, the files, the versions."""

import hashlib
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from stackfiles import file_of

PACKAGES = ("pulumi", "pulumi-aws", "moto", "botocore")
"""What decides how a program is deployed, and how it is rehearsed."""
SECONDS = 20


@dataclass(frozen=True)
class File:
    """A file that the page is about."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Provenance:
    """Where a page comes from."""

    version: str
    """Of Hybridge."""
    commit: str
    """Empty where there is no git."""
    dirty: bool
    """Whether something was changed since the commit."""
    files: tuple[File, ...]
    packages: tuple[tuple[str, str], ...]


def provenance(root: Path, stacks: Sequence[str], release: str) -> Provenance:
    """What there is to know of stacks, named as on the command line, of the program in `root`, whose release is given."""
    paths = [Path("Pulumi.yaml"), *(_file(name, root) for name in stacks)]
    files = tuple(File(path.name, _hash(root / path)) for path in paths if (root / path).is_file())
    return Provenance(release, *_commit(root), files, tuple((name, _installed(name)) for name in PACKAGES))


def _file(stack: str, root: Path) -> Path:
    name = stack.partition("+")[0]
    return Path(name) if name.endswith((".yaml", ".yml")) else file_of(name, root)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _commit(root: Path) -> tuple[str, bool]:
    commit = _git(root, "rev-parse", "HEAD")
    return (commit, bool(_git(root, "status", "--porcelain"))) if commit else ("", False)


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
