"""What of a dump would keep a writer waiting is made so that it does not, and becomes what it was."""

from pathlib import Path

import pytest
from rich.console import Console

from migration import schema
from migration.job import Job
from migration.plan import Plan
from migration.schema import quietly
from migration.words import Said
from tests.migration.servers import Server, programs

TABLES = """
CREATE SCHEMA "Odd.Schema";
CREATE TABLE "Odd.Schema"."Odd Table" (id int PRIMARY KEY, "a b" text, n int, doc jsonb);
CREATE INDEX "my idx" ON "Odd.Schema"."Odd Table" ("a b" COLLATE "C" DESC NULLS LAST, lower("a b")) INCLUDE (n) WHERE n > 0;
CREATE INDEX doc ON "Odd.Schema"."Odd Table" USING gin (doc jsonb_path_ops) WITH (fastupdate = off);
ALTER TABLE "Odd.Schema"."Odd Table" ADD CONSTRAINT "one of it" UNIQUE ("a b") INCLUDE (n) DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE "Odd.Schema".child (id int PRIMARY KEY, of int,
  CONSTRAINT "to parent" FOREIGN KEY (of) REFERENCES "Odd.Schema"."Odd Table" (id) MATCH FULL ON DELETE CASCADE DEFERRABLE);
"""
DEFINITIONS = """SELECT pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = indrelid
    WHERE relnamespace = '"Odd.Schema"'::regnamespace
  UNION SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = '"Odd.Schema"'::regnamespace ORDER BY 1"""


@pytest.mark.parametrize(
    ("dumped", "made"),
    [
        ("CREATE INDEX i ON public.t USING btree (a);", "CREATE INDEX CONCURRENTLY i ON public.t USING btree (a);"),
        ('CREATE INDEX "a ""b" ON s.t USING gin (d);', 'CREATE INDEX CONCURRENTLY "a ""b" ON s.t USING gin (d);'),
        ("CREATE UNIQUE INDEX i ON s.t USING btree (a);", "CREATE UNIQUE INDEX CONCURRENTLY i ON s.t USING btree (a);"),
        ("CREATE INDEX i ON ONLY s.t USING btree (a);", "CREATE INDEX i ON ONLY s.t USING btree (a);"),
    ],
)
def test_an_index_is_built_concurrently_but_a_partitioned_table_s(dumped: str, made: str) -> None:
    assert quietly.index(dumped) == made


@pytest.mark.parametrize(
    ("said", "index", "constraint"),
    [
        ("UNIQUE (a)", "(a)", ""),
        ("UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (c)", "(a, b) INCLUDE (c) NULLS NOT DISTINCT", ""),
        ("UNIQUE (a) DEFERRABLE INITIALLY DEFERRED", "(a)", " DEFERRABLE INITIALLY DEFERRED"),
    ],
)
def test_a_unique_constraint_is_an_index_first(said: str, index: str, constraint: str) -> None:
    found = quietly.unique(f'ALTER TABLE ONLY public."t 1"\n    ADD CONSTRAINT "u ""x" {said};\n')
    assert found == quietly.Unique(
        'public."t 1"',
        'u "x',
        f'CREATE UNIQUE INDEX CONCURRENTLY "u ""x" ON public."t 1" {index}',
        f'ALTER TABLE ONLY public."t 1" ADD CONSTRAINT "u ""x" UNIQUE USING INDEX "u ""x"{constraint}',
    )


@pytest.mark.parametrize("said", ["PRIMARY KEY (a)", "EXCLUDE USING gist (a WITH &&)", "CHECK ((a > 0))"])
def test_any_other_constraint_stays_as_it_was_dumped(said: str) -> None:
    assert quietly.unique(f"ALTER TABLE ONLY public.t\n    ADD CONSTRAINT c {said};") is None


@pytest.mark.skipif(programs() is None, reason="PostgreSQL's server is not installed (Debian: postgresql)")
def test_odd_names_and_options_become_what_they_were_also_after_a_break(pair: tuple[Server, Server], tmp_path: Path) -> None:
    source, target = pair
    source.run("CREATE DATABASE odd")
    target.run("CREATE DATABASE odd")
    source.run(TABLES, "odd")
    plan = Plan("odd", schemas=("Odd.Schema",), way="native")
    job = Job(Said("schema", Console(quiet=True)), plan, source.dsn("odd"), target.dsn("odd"), lambda _: True, tmp_path)
    assert schema.tables(job) == 0
    # As if it had been killed between the index of the unique constraint and the constraint.
    target.run('CREATE UNIQUE INDEX "one of it" ON "Odd.Schema"."Odd Table" ("a b") INCLUDE (n)', "odd")
    for _ in range(2):
        assert schema.indexes(job) == 0
        assert target.run(DEFINITIONS, "odd") == source.run(DEFINITIONS, "odd")
