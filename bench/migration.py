"""`python -m bench.migration`: how long a database of 10 GiB takes to be checked, copied by PostgreSQL's own way, and compared.

Two servers of this machine, made anew. Each figure of check and compare is the median of whole processes; the peers of compare
run in turn with it: a sequential scan of every table of both servers at once, and both sides dumped at once, which is what
would have to be written to disk before anybody could diff it. `--write` puts the figures into docs/migration.md.
"""

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psycopg
from rich.console import Console

from bench.processes import ROOT, Run, in_turn, ratio, run
from migration import native, schema
from migration.job import Job
from migration.plan import Plan
from migration.words import Said
from tests.migration.servers import Server, programs, servers

PAGE = ROOT / "docs" / "migration.md"
BEGIN, END = "<!-- figures of bench.migration -->\n", "<!-- end of the figures -->\n"
TABLES, LOADERS = 8, 2
ROW = 560
"""Bytes of a row, with its header."""
MIB, GIB = 1024**2, 1024**3
SERVER = {"fsync": "on", "shared_buffers": "1GB", "max_wal_size": "8GB", "max_worker_processes": "24"}
TABLE = """CREATE TABLE orders_{n} (id bigint PRIMARY KEY, customer int NOT NULL, at timestamptz NOT NULL, total numeric(12, 2),
    tags text[], note jsonb, body text);
  INSERT INTO orders_{n} SELECT g, g % 100000, '2020-01-01'::timestamptz + g * '1 min'::interval, g % 9999 / 7.0,
    ARRAY['a', (g % 9)::text], jsonb_build_object('state', g % 5, 'by', md5(g::text)), substr(t, 1 + g % 3000, 400)
    FROM generate_series(1, {rows}) g, (SELECT string_agg(md5(i::text), '') AS t FROM generate_series(1, 120) i) texts;
  CREATE INDEX ON orders_{n} (customer, at); ANALYZE orders_{n}"""

SIZE = "SELECT sum(pg_table_size(oid)) FROM pg_class WHERE relname LIKE 'orders%' AND relkind = 'r'"


def fill(server: Server, rows: int) -> None:
    """Make the tables of the shop."""
    server.run("CREATE DATABASE shop")
    with ThreadPoolExecutor(LOADERS) as pool:
        list(pool.map(lambda n: server.run(TABLE.format(n=n, rows=rows), "shop"), range(TABLES)))


def scanned(dsns: list[str]) -> Run:
    """Read every table of all servers at once, a table at a time, without looking at what is in a row."""

    def one(dsn: str) -> None:
        with psycopg.connect(dsn) as connection:
            connection.execute("SET max_parallel_workers_per_gather = 0")
            for n in range(TABLES):
                connection.execute(f"SELECT count(*) FROM orders_{n} WHERE body IS NOT NULL")

    return _timed(one, dsns)


def dumped(dsns: list[str]) -> Run:
    """Dump the rows of all servers at once, to nowhere."""
    return _timed(lambda dsn: run(["pg_dump", "--data-only", "--file", os.devnull, "--dbname", dsn]), dsns)


def _timed(what: object, dsns: list[str]) -> Run:
    assert callable(what)
    started = time.perf_counter()
    with ThreadPoolExecutor(len(dsns)) as pool:
        list(pool.map(what, dsns))
    return Run(time.perf_counter() - started, 0)


def figures(console: Console, gib: float, runs: int) -> list[str]:
    """The lines of the table."""
    with servers(2, **SERVER) as pair, tempfile.TemporaryDirectory() as folder:
        source, target = pair
        started = time.perf_counter()
        fill(source, int(gib * GIB / ROW / TABLES))
        target.run("CREATE DATABASE shop")
        dsns = [server.dsn("shop") for server in pair]
        size = int(source.run(SIZE, "shop")[0][0])
        console.print(f"{size / GIB:.1f} GiB in {TABLES} tables, made in {time.perf_counter() - started:.0f} s")
        kit = [sys.executable, "-m", "hybridge", "migrate", "-"]
        ends = ["--source-dsn", dsns[0], "--target-dsn", dsns[1], "--way", "native", "--schema", "public"]
        (checked,) = in_turn([partial(run, [*kit, "check", *ends])], runs)
        console.print(f"check {checked.seconds:.1f} s ({checked.spread})")
        plan = Plan("shop", way="native", schemas=("public",), ssl_mode="none")
        job = Job(Said("bench", Console(quiet=True)), plan, dsns[0], dsns[1], lambda _: True, Path(folder))
        took = {}
        for step, do in (("tables", schema.tables), ("rows", native.native), ("indexes", schema.indexes)):
            started = time.perf_counter()
            assert do(job) == 0
            took[step] = time.perf_counter() - started
            console.print(f"{step} {took[step]:.0f} s")
        compare, scan, dump = in_turn(
            [partial(run, [*kit, "compare", *ends]), partial(scanned, dsns), partial(dumped, dsns)], runs
        )
    rows = f"{took['rows']:.0f} s, {size / MIB / took['rows']:.0f} MiB a second"
    compared = f"{compare.seconds:.0f} s ({compare.spread}), {2 * size / MIB / compare.seconds:.0f} MiB a second, both sides"
    told = {
        "`check`": f"{checked.seconds:.1f} s ({checked.spread})",
        "`native`: the rows, within one snapshot": rows,
        f"`schema`, second half: {TABLES} indexes, `ANALYZE`": f"{took['indexes']:.0f} s",
        "`compare`, every column of every row": compared,
    }
    for peer, runs_of in (("sequential scans", scan), ("`pg_dump`", dump)):
        beside = f"{runs_of.seconds:.0f} s; `compare` takes {ratio(compare, runs_of):.1f} times that"
        told[f"beside it: {peer} of both sides at once"] = beside
    head = [f"| what, of {size / GIB:.1f} GiB in {TABLES} tables | took |", "|---|---|"]
    return head + [f"| {what} | {lasted} |" for what, lasted in told.items()]


def main(arguments: list[str] | None = None) -> int:
    """Measure; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.migration", description=__doc__)
    parser.add_argument("--gib", type=float, default=10, help="how much to move; twice that and a half is needed on the disk")
    parser.add_argument("--runs", type=int, default=3, help="runs of check and compare, of which the median is told")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/migration.md")
    options = parser.parse_args(arguments)
    console = Console()
    if programs() is None:
        console.print("PostgreSQL's server is not installed (Debian: postgresql, pgcopydb)")
        return 1
    lines = figures(console, options.gib, options.runs)
    version = psycopg.pq.version() // 10_000
    lines.append("")
    lines.append(
        f"Both servers on one machine with {os.cpu_count()} cores and one disk, libpq {version}; medians of {options.runs}, by "
        "`python -m bench.migration --write`. Between two sites the copy takes what the link takes."
    )
    console.print("\n".join(lines), markup=False)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        head, rest = page.split(BEGIN, 1)
        PAGE.write_text(head + BEGIN + "\n".join(lines) + "\n" + END + rest.split(END, 1)[1], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
