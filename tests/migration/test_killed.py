"""A step killed at any statement that changes something goes on when it is run again; so it does after a server fell over."""

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from migration import cleanup, cutover, native, pgcopydb, prepare, schema, sequences, way_back
from migration.check import scope
from migration.connect import connected
from migration.replication import Native
from migration.schema import strictness
from migration.words import Stop
from tests.migration.bank import TOTAL, Bank
from tests.migration.moves import BY_DMS, NATIVE, job, waited
from tests.migration.servers import Server, programs

pytestmark = pytest.mark.skipif(programs() is None, reason="PostgreSQL's server is not installed (Debian: postgresql)")
READS = re.compile(r"\s*(SELECT|SHOW|WITH|BEGIN|SET TRANSACTION)\b", re.IGNORECASE)
ACTS = re.compile(r"setval|pg_create_|pg_drop_|pg_terminate|pg_logical_emit", re.IGNORECASE)
WAYS = 120
"""More than any step has statements that change something: a step that never comes through ends the test."""


def _killed_at_a_new_statement(step: Callable[[], int], seen: set[str]) -> bool:
    """Run a step in a process of its own, which is killed as soon as it has carried out something that `seen` does not hold;
    whether it was. Nothing of it can clean up."""
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reads)
        code = 99
        try:
            _kill_after(seen, writes)
            code = step()
            os.write(writes, b"see what the step wrote down")
        except Stop as stop:
            os.write(writes, f"STOP {stop}".encode())
        except BaseException as error:
            os.write(writes, f"FAILED {error!r}".encode())
        finally:
            os._exit(code)
    os.close(writes)
    with os.fdopen(reads) as told:
        text = told.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        seen.add(text)
        return True
    assert os.WEXITSTATUS(status) == 0, text
    return False


def _kill_after(seen: set[str], told: int) -> None:
    execute, program = psycopg.Connection.execute, pgcopydb.copy

    def end(text: str) -> None:
        if text not in seen:
            os.write(told, text.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def executed(self: Any, query: Any, *rest: Any, **more: Any) -> Any:
        text = query.as_string(None) if isinstance(query, sql.Composable) else str(query)
        cursor = execute(self, query, *rest, **more)
        if not READS.match(text) or ACTS.search(text):
            end(text)
        return cursor

    def ran(*rest: Any, **more: Any) -> Any:
        program(*rest, **more)
        end(str(rest[0][0]))

    psycopg.Connection.execute = executed  # type: ignore[method-assign]
    pgcopydb.copy = ran


def _through(step: Callable[[], int], before: Callable[[], object] = lambda: None) -> int:
    """Run a step until it comes through, killed once at each of its statements; how often it was."""
    seen = set[str]()
    for _ in range(WAYS):
        before()
        if not _killed_at_a_new_statement(step, seen):
            return len(seen)
    raise AssertionError(f"never through, killed at {sorted(seen)}")


def _idle(server: Server) -> Callable[[], None]:
    """Waits until the server has noticed that its client is dead: who is told to wait a moment runs the step a moment later."""

    def check() -> None:
        waited(10, lambda: not server.run("SELECT 1 FROM pg_stat_activity WHERE application_name = 'hybridge-migrate'"))

    return check


def test_every_step_of_postgresqls_own_way_goes_on_after_a_kill_at_each_of_its_statements(
    pair: tuple[Server, Server], tmp_path: Path
) -> None:
    source, target = pair
    bank = Bank(source.dsn("bank"))
    bank.start()
    idle = _idle(source)
    assert _through(lambda: schema.tables(job("tables", pair, NATIVE, tmp_path)))
    assert _through(lambda: native.native(job("native", pair, NATIVE, tmp_path)), idle)
    assert _through(lambda: schema.indexes(job("indexes", pair, NATIVE, tmp_path)))
    replication = Native(source.dsn("bank"), target.dsn("bank"), NATIVE)
    waited(20, lambda: replication.state().latency_seconds == 0.0)
    assert _through(lambda: cutover.Cutover(job("cutover", pair, NATIVE, tmp_path), replication).run())
    bank.where = target.dsn("bank")
    written = len(bank.acknowledged)
    waited(10, lambda: len(bank.acknowledged) > written + 20)
    assert bank.balance(target.dsn("bank")) == (TOTAL, set())
    assert _through(lambda: way_back.rollback(job("rollback", pair, NATIVE, tmp_path)))
    bank.where = source.dsn("bank")
    written = len(bank.acknowledged)
    waited(10, lambda: len(bank.acknowledged) > written + 20)
    bank.stop()
    assert (bank.balance(source.dsn("bank")), bank.wrong) == ((TOTAL, set()), "")
    _through(lambda: cleanup.cleanup(job("cleanup", pair, NATIVE, tmp_path)))
    for server in pair:
        assert server.run("SELECT slot_name FROM pg_replication_slots") == []
        assert server.run("SELECT pubname FROM pg_publication", "bank") == []


def test_what_is_relaxed_for_dms_is_relaxed_and_tightened_whatever_is_killed(
    pair: tuple[Server, Server], tmp_path: Path
) -> None:
    source, target = pair
    assert _through(lambda: prepare.prepare(job("prepare", pair, BY_DMS, tmp_path), {}))
    assert _through(lambda: schema.tables(job("tables", pair, BY_DMS, tmp_path)))
    with connected(source.dsn("bank")) as old, connected(target.dsn("bank")) as new:
        assert list(strictness.tightened(old, new, BY_DMS)), "nothing was relaxed: the test would show nothing"
        names = scope.schemas_of(old, BY_DMS)
    assert _through(lambda: schema.indexes(job("indexes", pair, BY_DMS, tmp_path)))
    _through(lambda: sequences.sequences(job("sequences", pair, BY_DMS, tmp_path)))
    assert _through(lambda: schema.tighten(job("tighten", pair, BY_DMS, tmp_path)))
    with connected(source.dsn("bank")) as old, connected(target.dsn("bank")) as new:
        assert list(strictness.tightened(old, new, BY_DMS)) == []
        assert cutover.objects(old, names) - cutover.objects(new, names) == set()


@pytest.mark.parametrize("which", ["source", "target"])
def test_a_server_that_falls_over_while_it_replicates_costs_no_transfer(
    pair: tuple[Server, Server], tmp_path: Path, which: str
) -> None:
    source, target = pair
    bank = Bank(source.dsn("bank"))
    bank.start()
    assert schema.tables(job("tables", pair, NATIVE, tmp_path)) == 0
    assert native.native(job("native", pair, NATIVE, tmp_path)) == 0
    falls = source if which == "source" else target
    falls.stop("immediate")
    with pytest.raises(Stop, match="no connection to"):
        schema.indexes(job("indexes", pair, NATIVE, tmp_path))
    falls.start()
    assert schema.indexes(job("indexes", pair, NATIVE, tmp_path)) == 0
    written = len(bank.acknowledged)
    waited(10, lambda: len(bank.acknowledged) > written + 20)
    replication = Native(source.dsn("bank"), target.dsn("bank"), NATIVE)
    waited(30, lambda: replication.state().runs and replication.state().latency_seconds == 0.0)
    assert cutover.Cutover(job("cutover", pair, NATIVE, tmp_path), replication).run() == 0
    bank.stop()
    time.sleep(0.1)
    assert bank.balance(target.dsn("bank")) == (TOTAL, set())
