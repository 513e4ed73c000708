"""The parallel copy of PostgreSQL's own way goes on whoever of it is killed half way, and waits for nobody for ever."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from migration import native, pgcopydb, schema
from migration.words import Stop
from tests.migration.moves import NATIVE, job, waited
from tests.migration.servers import Server, programs

pytestmark = pytest.mark.skipif(programs() is None, reason="PostgreSQL's server is not installed (Debian: postgresql)")
HELD = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE 'pgcopydb%'"


@pytest.fixture(autouse=True)
def _tables(pair: tuple[Server, Server], tmp_path: Path) -> None:
    schema.tables(job("tables", pair, NATIVE, tmp_path))


@contextmanager
def half_way(target: Server) -> Iterator[None]:
    """A copy can read within, and not write: it stays where it is."""
    with psycopg.connect(target.dsn("bank")) as holder:
        holder.execute("LOCK TABLE public.transfers, public.accounts IN SHARE MODE")
        yield


def group_of(folder: Path) -> int:
    return int((folder / pgcopydb.GROUP).read_text())


def rows(server: Server) -> list[tuple[int, ...]]:
    tables = ("accounts", "transfers")
    return [tuple(server.run(f"SELECT count(*), count(DISTINCT id) FROM public.{table}", "bank")[0]) for table in tables]


def goes_on(pair: tuple[Server, Server], folder: Path) -> None:
    """The step, run again, comes through with every row once."""
    waited(10, lambda: not pair[1].run(HELD))
    assert native.native(job("native", pair, NATIVE, folder)) == 0
    source, target = (rows(server) for server in pair)
    assert source == target
    assert source[0][0] > 0


def test_a_copy_that_was_killed_leaves_nobody_behind_and_says_what_became_of_it(
    pair: tuple[Server, Server], tmp_path: Path
) -> None:
    said: list[Stop] = []

    def run() -> None:
        try:
            native.native(job("native", pair, NATIVE, tmp_path))
        except Stop as stop:
            said.append(stop)

    with half_way(pair[1]):
        running = threading.Thread(target=run)
        running.start()
        waited(20, lambda: pair[1].run(HELD))
        group = group_of(tmp_path)
        os.kill(group, signal.SIGKILL)
        running.join(30)
        assert not pgcopydb._alive(group)
    assert [str(stop).split(";")[0] for stop in said] == ["pgcopydb: it was ended by SIGKILL"]
    goes_on(pair, tmp_path)


def test_a_copy_whose_step_was_killed_is_ended_before_it_begins_anew(pair: tuple[Server, Server], tmp_path: Path) -> None:
    with half_way(pair[1]):
        pid = os.fork()
        if pid == 0:
            native.native(job("native", pair, NATIVE, tmp_path))
            os._exit(0)
        waited(20, lambda: pair[1].run(HELD))
        group = group_of(tmp_path)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        assert pgcopydb._alive(group)
        with pytest.raises(Stop, match="lock"):
            native.native(job("native", pair, NATIVE, tmp_path))
        assert not pgcopydb._alive(group)
    goes_on(pair, tmp_path)


def test_a_transaction_that_does_not_end_is_named_and_not_waited_for_any_longer(
    pair: tuple[Server, Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "SECONDS_FOR_SLOT", 1)
    with psycopg.connect(pair[0].dsn("bank"), application_name="nightly") as open_:
        open_.execute("SELECT pg_current_xact_id()")
        with pytest.raises(Stop, match=r"pid \d+ \(nightly, idle in transaction"):
            native.native(job("native", pair, NATIVE, tmp_path))
    goes_on(pair, tmp_path)
