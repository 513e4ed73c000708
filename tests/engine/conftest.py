"""Engines over folders of their own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.run import Engine
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
