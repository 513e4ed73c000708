"""What the tests of the report look at: the stacks of this project, rehearsed and proved once."""

import fcntl
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rehearsal.emulator import Emulator
from rehearsal.monitor import Node
from rehearsal.run import Rehearsal, rehearse
from rehearsal.stackfile import StackFile, read
from report.collect import Evidence, collect
from report.page import page, wrong
from report.picture import derive
from tests.report.many import many_workloads

ROOT = Path(__file__).parents[2]
MADE = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@contextmanager
def quietly(_: StackFile) -> Iterator[Callable[[Node], None]]:
    """Shows nobody the progress."""
    yield lambda node: None


def both_regions() -> Evidence:
    """The most that a page has to show."""
    with Emulator() as aws:
        return collect(aws, ROOT, [read("prod", ROOT), read("dr", ROOT)], quietly)


def forty_workloads(folder: Path) -> Evidence:
    """As many workloads as a company has."""
    with Emulator() as aws:
        return collect(aws, ROOT, [many_workloads(ROOT, folder)], quietly)


def once(name: str, make: Callable[[], Evidence], factory: pytest.TempPathFactory, worker_id: str) -> Evidence:
    """Of several processes that test, one rehearses for all."""
    if worker_id == "master":
        return make()
    kept = factory.getbasetemp().parent / f"{name}.pickle"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make()))
    return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def evidence(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Evidence:
    """Both regions."""
    return once("evidence", both_regions, tmp_path_factory, worker_id)


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The page about forty workloads."""
    folder = tmp_path_factory.mktemp("many")
    found = once("many", lambda: forty_workloads(folder), tmp_path_factory, worker_id)
    assert found.good, [*wrong(found)]
    return page(found, derive(found.rehearsals), MADE)


@pytest.fixture(scope="session")
def html(evidence: Evidence) -> str:
    """The page about both regions."""
    return page(evidence, derive(evidence.rehearsals), MADE)


@pytest.fixture(scope="session")
def prod(evidence: Evidence) -> Rehearsal:
    """The production stack."""
    return evidence.stacks[0].rehearsal


@pytest.fixture(scope="session")
def dev() -> Rehearsal:
    """The development stack."""
    with Emulator() as aws:
        return rehearse(aws, ROOT, read("dev", ROOT))
