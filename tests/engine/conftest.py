"""Engines over folders of their own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from engine.run import Engine
from rehearsal.stackfile import StackFile, read
from tests.rehearsal.support import ROOT

NEEDS_CLI = pytest.mark.skipif(shutil.which("pulumi") is None, reason="needs the Pulumi CLI on PATH; .ci/run builds it")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Engine]:
    """An engine that the tests of one module share: what one brings up stands for the next."""
    with Engine(ROOT, folder) as engine:
        yield engine


def small(folder: Path, program: str, *stacks: str) -> Callable[[str], StackFile]:
    """Write a project of one page, with a stack file for each name; returns what reads `name+key=value`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (folder / "__main__.py").write_text(dedent(program))
    for stack in stacks:
        (folder / f"Pulumi.{stack}.yaml").write_text("config:\n  aws:region: eu-west-1\n")
    return lambda name: read(name, folder)
