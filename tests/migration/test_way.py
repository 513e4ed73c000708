"""The whole way on two real servers: with writers running throughout, by either way, there and back."""

import time
from pathlib import Path

import pytest

from migration import cleanup, compare, cutover, fence, native, prepare, schema, way_back
from migration.check import findings
from migration.connect import connected
from migration.plan import Plan
from migration.replication import Native
from tests.migration.bank import SCHEMA, TOTAL, Bank
from tests.migration.moves import BY_DMS, NATIVE, job, waited
from tests.migration.servers import Server, programs
from tests.migration.simulated_dms import Dms

pytestmark = pytest.mark.skipif(programs() is None, reason="PostgreSQL's server is not installed (Debian: postgresql)")


def test_a_bank_moves_by_dms_and_back_without_losing_a_transfer(pair: tuple[Server, Server], tmp_path: Path) -> None:
    source, target = pair
    bank = Bank(source.dsn("bank"))
    bank.start()
    assert prepare.prepare(job("prepare", pair, BY_DMS, tmp_path), {"vpcCidrBlock": "10.64.0.0/16"}) == 0
    with connected(source.dsn("bank")) as old, connected(target.dsn("bank")) as new:
        stops = [finding for finding in findings(old, BY_DMS, new) if finding.severity == "stop"]
    assert stops == []
    assert schema.tables(job("tables", pair, BY_DMS, tmp_path)) == 0
    dms = Dms(source.dsn("bank", "reader"), target.dsn("bank"), BY_DMS)
    dms.start()
    assert dms.loaded.wait(30), dms.crashed
    assert schema.indexes(job("indexes", pair, BY_DMS, tmp_path)) == 0
    time.sleep(0.5)
    done = job("cutover", pair, BY_DMS, tmp_path)
    assert cutover.Cutover(done, dms).run() == 0, done.said.document
    bank.where = target.dsn("bank")
    written = len(bank.acknowledged)
    waited(10, lambda: len(bank.acknowledged) > written + 50)
    assert len(bank.acknowledged) > written + 50
    assert bank.balance(target.dsn("bank")) == (TOTAL, set())
    assert done.said.document["outage_seconds"] < 20
    assert (tmp_path / "cutover.md").read_text().count("passed") == 12
    back = job("rollback", pair, BY_DMS, tmp_path)
    assert way_back.rollback(back) == 0
    bank.where = source.dsn("bank")
    written = len(bank.acknowledged)
    waited(10, lambda: len(bank.acknowledged) > written + 50)
    bank.stop()
    assert (bank.balance(source.dsn("bank")), bank.wrong) == ((TOTAL, set()), "")
    assert cleanup.cleanup(job("cleanup", pair, BY_DMS, tmp_path)) == 0
    for server in pair:
        assert server.run("SELECT slot_name FROM pg_replication_slots") == []
        assert server.run("SELECT pubname FROM pg_publication", "bank") == []


def test_a_bank_moves_by_postgresql_itself_and_back(pair: tuple[Server, Server], tmp_path: Path) -> None:
    source, target = pair
    plan = NATIVE
    bank = Bank(source.dsn("bank"))
    bank.start()
    assert schema.tables(job("tables", pair, plan, tmp_path)) == 0
    assert native.native(job("native", pair, plan, tmp_path)) == 0
    assert native.native(job("native", pair, plan, tmp_path)) == 0
    assert schema.indexes(job("indexes", pair, plan, tmp_path)) == 0
    replication = Native(source.dsn("bank"), target.dsn("bank"), plan)
    waited(10, lambda: replication.state().latency_seconds is not None)
    dry = job("cutover", pair, plan, tmp_path)
    assert cutover.Cutover(dry, replication, dry=True).run() == 0, dry.said.document["gates"]
    assert not closed(source)
    done = job("cutover", pair, plan, tmp_path)
    assert cutover.Cutover(done, replication).run() == 0, done.said.document
    bank.where = target.dsn("bank")
    written = len(bank.acknowledged)
    waited(10, lambda: len(bank.acknowledged) > written + 50)
    bank.stop()
    assert (bank.balance(target.dsn("bank")), bank.wrong) == ((TOTAL, set()), "")
    assert way_back.rollback(job("rollback", pair, plan, tmp_path)) == 0
    assert bank.balance(source.dsn("bank")) == (TOTAL, set())


def closed(server: Server) -> bool:
    with connected(server.dsn("bank")) as connection:
        return fence.fenced(connection)


def test_without_the_kit_dms_damages_the_data_and_comparing_sees_it(pair: tuple[Server, Server], tmp_path: Path) -> None:
    source, target = pair
    plain = Plan("bank", schemas=("public",))
    source.run("INSERT INTO transfers (of, into_, amount, memo) VALUES (1, 2, 3, 'x')", "bank")
    target.run(SCHEMA.split("INSERT")[0], "bank")
    dms = Dms(source.dsn("bank"), target.dsn("bank"), plain, maps_numerics=False)
    dms.start()
    assert dms.loaded.wait(30), dms.crashed
    dms.stop()
    assert any("not-null" in why for why in dms.suspended.values())
    assert any("twice" in why or "generated" in why or "not-null" in why for why in dms.suspended.values())
    seen = job("compare", pair, plain, tmp_path)
    assert compare.compare(seen) == 1
    target.run("ALTER TABLE accounts ALTER owner DROP NOT NULL, ALTER doc DROP NOT NULL", "bank")
    again = Dms(
        source.dsn("bank"),
        target.dsn("bank"),
        Plan("bank", schemas=("public",), exclude=("public.transfers",)),
        maps_numerics=False,
    )
    again.start()
    assert again.loaded.wait(30), again.crashed
    again.stop()
    seen = job("compare", pair, plain, tmp_path)
    assert compare.compare(seen) == 1
    accounts = next(one for one in seen.said.document["tables"] if one["table"] == "public.accounts")
    assert (accounts["source_rows"], accounts["target_rows"]) == (20, 20)
    assert accounts["differing"], "the digits that numeric(28,6) cut"
