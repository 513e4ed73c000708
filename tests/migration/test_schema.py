"""The schema in two halves, under new names, again after a break; sequences; comparing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from migration import compare, schema, sequences
from migration.job import Job
from migration.plan import Plan
from migration.schema.dump import entries
from migration.sequences import Sequence, advanced
from migration.words import Said, Stop
from tests.migration.servers import Server, programs, servers

needs_postgresql = pytest.mark.skipif(programs() is None, reason="PostgreSQL's server is not installed (Debian: postgresql)")
BAD = Path(__file__).with_name("bad.sql")
PLAN = Plan("erp", schemas=("public",), role="dms_reader", source={"host": "db1", "dbname": "erp"})
STRICT = """SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
  WHERE relnamespace = '{0}'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND attnotnull"""
OBJECTS = """SELECT relkind::text, relname FROM pg_class WHERE relnamespace = '{0}'::regnamespace AND relkind <> 'f' AND
relname <> 'ft'
  UNION SELECT contype::text, conname FROM pg_constraint WHERE connamespace = '{0}'::regnamespace
  UNION SELECT tgenabled::text, tgname FROM pg_trigger WHERE NOT tgisinternal
  UNION SELECT attidentity::text, attname FROM pg_attribute WHERE attidentity <> '' ORDER BY 1, 2"""


@pytest.fixture(name="pair", scope="module")
def _pair() -> Iterator[tuple[Server, Server]]:
    with servers(2) as (source, target):
        source.script(BAD)
        yield source, target


@pytest.fixture(name="job")
def _job(pair: tuple[Server, Server], tmp_path: Path) -> Job:
    pair[1].run("DROP DATABASE IF EXISTS hybridge")
    pair[1].run("CREATE DATABASE hybridge")
    return Job(Said("schema", Console(quiet=True)), PLAN, pair[0].dsn("erp"), pair[1].dsn("hybridge"), lambda _: True, tmp_path)


@needs_postgresql
@pytest.mark.parametrize("renamed", [{}, {"public": "erp"}], ids=["same names", "renamed"])
def test_both_halves_make_in_aws_what_the_source_has_and_as_strict(
    job: Job, pair: tuple[Server, Server], renamed: dict[str, str]
) -> None:
    job, name = replace(job, plan=replace(PLAN, target_schemas=renamed)), renamed.get("public", "public")
    assert schema.tables(job) == 0
    keys = f"SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND connamespace = '{name}'::regnamespace"
    others = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace <> 'pg_catalog'::regnamespace"
    assert (pair[1].run(keys, "hybridge")[0][0], pair[1].run(others, "hybridge")[0][0]) == (21, 0)
    assert schema.indexes(job) == 0
    assert schema.tighten(job) == 0
    here, there = pair[0].run(OBJECTS.format("public"), "erp"), pair[1].run(OBJECTS.format(name), "hybridge")
    assert set(here) - set(there) == set()
    assert pair[0].run(STRICT.format("public"), "erp") == pair[1].run(STRICT.format(name), "hybridge")
    assert pair[1].run("SELECT count(*) FROM pg_constraint WHERE NOT convalidated", "hybridge") == [(0,)]
    assert pair[1].run("SELECT datname FROM pg_database WHERE datname ~ 'scratch'") == []


@needs_postgresql
def test_the_second_source_shares_the_extensions_of_the_first(job: Job, pair: tuple[Server, Server]) -> None:
    first = replace(job, plan=replace(PLAN, target_schemas={"public": "erp"}))
    second = replace(job, plan=replace(PLAN, name="billing", target_schemas={"public": "billing"}))
    assert schema.tables(first) == 0
    assert schema.tables(second) == 0
    assert pair[1].run(
        "SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'hstore'", "hybridge"
    ) == [("public",)]


@needs_postgresql
def test_a_step_goes_on_where_it_was(job: Job, pair: tuple[Server, Server]) -> None:
    assert schema.next_half(job) == 0
    pair[1].run("DROP TABLE orders CASCADE; DROP TABLE texts", "hybridge")
    assert schema.next_half(job) == 0
    assert pair[1].run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "hybridge")[0][0] >= 21
    assert schema.indexes(job) == 0
    pair[1].run("DROP INDEX orders_at", "hybridge")
    assert schema.indexes(job) == 0
    assert pair[1].run("SELECT 1 FROM pg_class WHERE relname = 'orders_at'", "hybridge") == [(1,)]
    assert schema.indexes(job) == 0


@needs_postgresql
def test_sequences_go_ahead_of_the_source_and_never_back(job: Job, pair: tuple[Server, Server]) -> None:
    assert schema.tables(job) == 0
    assert sequences.sequences(job) == 0
    assert pair[1].run("SELECT last_value FROM invoice_no", "hybridge") == [(5006 + sequences.MARGIN,)]
    pair[1].run("SELECT setval('invoice_no', 9000)", "hybridge")
    assert sequences.sequences(job) == 0
    assert pair[1].run("SELECT last_value FROM invoice_no", "hybridge") == [(9000,)]


@needs_postgresql
def test_a_sequence_behind_its_column_stops_the_step(job: Job, pair: tuple[Server, Server]) -> None:
    assert schema.tables(job) == 0
    pair[1].run("INSERT INTO seqonly VALUES (999999)", "hybridge")
    assert sequences.sequences(job) == 1


@needs_postgresql
def test_comparing_names_the_rows_that_differ(job: Job, pair: tuple[Server, Server]) -> None:
    assert schema.tables(job) == 0
    pair[1].run("INSERT INTO coll2 VALUES (1, 'x'); INSERT INTO lobkey VALUES ('only here')", "hybridge")
    pair[1].run("INSERT INTO bigkey VALUES (1, 'NaN'), (2, 7)", "hybridge")
    assert compare.compare(job, names=("public.coll2", "public.lobkey", "public.bigkey", "public.coll")) == 1
    results = {one["table"]: one for one in job.said.document["tables"]}
    assert results["public.bigkey"]["differing"] == ["(2) differs"]
    assert results["public.lobkey"]["differing"] == ['("only here") in AWS only']
    assert results["public.coll"]["equal"]


@needs_postgresql
def test_comparing_sees_through_new_names_and_columns_that_stay(job: Job) -> None:
    plan = replace(PLAN, target_schemas={"public": "erp"}, remove_columns={"public.orders": ("tax", "price")})
    job = replace(job, plan=plan)
    assert schema.tables(job) == 0
    assert compare.compare(job, names=("public.coll", "public.defer")) == 0
    assert compare.compare(job, names=("public.orders",), percent=50) == 1


@needs_postgresql
@pytest.mark.parametrize(
    ("there", "equal"),
    [
        ("(2, 'c', NULL, '{1,2}'), (1, 'a', 'b', NULL)", True),
        ("(1, 'b', 'a', NULL), (2, 'c', NULL, '{1,2}')", False),
        ("(1, 'a', NULL, NULL), (2, 'c', 'b', '{1,2}')", False),
        ("(1, 'a', 'b', NULL), (2, 'c', '', '{1,2}')", False),
        ("(1, 'a', 'b', NULL), (2, 'c', NULL, '{2,1}')", False),
        ("(1, 'ab', '', NULL), (2, 'c', NULL, '{1,2}')", False),
    ],
    ids=["the same in another order", "columns exchanged", "rows exchanged", "empty for NULL", "an array turned", "moved on"],
)
def test_a_checksum_tells_every_kind_of_difference(job: Job, pair: tuple[Server, Server], there: str, equal: bool) -> None:
    table = "CREATE TABLE t (id int PRIMARY KEY, x text, y text, z int[]); INSERT INTO t VALUES "
    for database, rows in (("here", "(1, 'a', 'b', NULL), (2, 'c', NULL, '{1,2}')"), ("there", there)):
        pair[0].run(f"DROP DATABASE IF EXISTS {database}")
        pair[0].run(f"CREATE DATABASE {database}")
        pair[0].run(table + rows, database)
    between = replace(job, plan=Plan("t", way="native"), source=pair[0].dsn("here"), target=pair[0].dsn("there"))
    assert (compare.compare(between) == 0) is equal


@needs_postgresql
def test_a_table_with_as_many_columns_as_postgresql_takes_is_compared(job: Job, pair: tuple[Server, Server]) -> None:
    pair[0].run("CREATE DATABASE wide")
    columns = ", ".join(f"c{number} int" for number in range(1600))
    pair[0].run(f"CREATE TABLE wide ({columns}); INSERT INTO wide (c1) VALUES (1)", "wide")
    itself = replace(job, plan=Plan("wide", way="native"), source=pair[0].dsn("wide"), target=pair[0].dsn("wide"))
    assert compare.compare(itself) == 0


def test_a_script_is_cut_at_its_headings_and_what_does_not_move_goes() -> None:
    script = "".join(
        f"--\n-- Name: {name}; Type: {kind}; Schema: public; Owner: -\n--\n\n{body};\n\n"
        for name, kind, body in [
            ("a", "TABLE", "CREATE TABLE public.a (id integer)"),
            ("p", "PUBLICATION", "CREATE PUBLICATION p"),
            ("ft", "FOREIGN TABLE", "CREATE FOREIGN TABLE public.ft ()"),
            ("TABLE ft", "COMMENT", "COMMENT ON FOREIGN TABLE public.ft IS 'x'"),
            ("a a_pkey", "CONSTRAINT", "ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id)"),
            ("a a_u", "CONSTRAINT", "ALTER TABLE ONLY public.a ADD CONSTRAINT a_u UNIQUE (id)"),
            ("i", "INDEX", "CREATE INDEX i ON public.a USING btree (id)"),
        ]
    )
    assert [(one.name, one.later) for one in entries(script)] == [
        ("a", False),
        ("a a_pkey", False),
        ("a a_u", True),
        ("i", True),
    ]


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4), st.sampled_from([1, 2, 10, -1, -5]))
def test_a_sequence_never_leaves_its_own_range_nor_goes_back(last: int, margin: int, increment: int) -> None:
    sequence = Sequence("s", "q", last, 1, increment, -(10**6) - 5, 10**6 + 5, False)
    value, used = advanced(sequence, margin)
    assert used
    assert sequence.least <= value <= sequence.most
    assert (value - last) * increment >= 0


def test_renaming_is_refused_where_the_way_keeps_names() -> None:
    from migration.native import refused  # noqa: PLC0415

    with pytest.raises(Stop, match="logical replication keeps names"):
        refused(replace(PLAN, way="native", target_schemas={"public": "erp"}))
