"""The check on a database that has every awkward object, on a clean one, and on what the settings leave behind."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli.app import main
from migration.check import findings
from migration.check.run import BY_SETTINGS, QUESTIONS, paste
from migration.connect import connected
from migration.plan import Plan
from migration.words import Finding
from tests.migration.servers import Server, programs, servers

pytestmark = pytest.mark.skipif(programs() is None, reason="PostgreSQL's server is not installed (Debian: postgresql)")
BAD = Path(__file__).with_name("bad.sql")
PLAN = Plan("erp", schemas=("public",), role="dms_reader", source={"host": "db1", "dbname": "erp"})
ASSESSMENTS = frozenset(
    [
        "postgres-check-ddl-event-trigger",
        "postgres-check-postgis-data-type",
        "postgres-check-session-replication-role",
        "postgres-check-similar-table-name",
        "postgres-check-table-with-array",
        "postgres-check-batch-apply-target-pk-ui-absence",
        "postgres-check-target-secondary-indexes",
        "postgres-batch-apply-lob-mode",
        "postgres-check-dbversion",
        "postgres-check-for-logical-decoding-work-mem",
        "postgres-check-longrunningtxn",
        "postgres-check-maxslot-wal-keep-size",
        "postgres-check-maxwalsenders",
        "postgres-check-pglogical",
        "postgres-check-pk-lob",
        "postgres-check-pk",
        "postgres-check-preparedtxn",
        "postgres-check-walsenderstimeout",
        "postgres-check-wallevel",
        "postgres-check-batch-apply-target-pk-ui-simultaneously",
        "postgres-check-limited-lob-size",
        "postgres-check-pk-validity",
        "postgres-check-target-privileges",
        "postgres-check-replication-slots-count",
        "postgres-check-select-object-privileges",
        "postgres-datamasking-digits-randomize",
        "postgres-datamasking-digits-mask",
        "postgres-datamasking-hash-mask",
        "all-to-all-validation-with-datamasking-digits-randomize",
        "all-to-all-validation-with-datamasking-hash-mask",
        "all-to-all-validation-with-digit-mask",
        # Those for all endpoint types, but the one whose target is OpenSearch.
        "unsupported-data-types-in-source",
        "full-lob-not-nullable-at-target",
        "table-with-lob-but-without-primary-key-or-unique-constraint",
        "table-with-no-primary-key-or-unique-constraint",
        "target-table-has-unique-key-or-primary-key-for-cdc",
    ]
)
"""https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.AssessmentReport.PG.html and
https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.AssessmentReport.Assessments.All.html"""


@pytest.fixture(name="server", scope="module")
def _server() -> Iterator[Server]:
    with servers(1) as (server,):
        server.script(BAD)
        server.run("CREATE DATABASE clean")
        server.run("CREATE TABLE t (id int PRIMARY KEY, n varchar(20)); INSERT INTO t VALUES (1, 'one')", "clean")
        yield server


def found(server: Server, plan: Plan = PLAN, database: str = "erp") -> list[Finding]:
    with connected(server.dsn(database)) as source:
        return findings(source, plan)


def objects(of: list[Finding], code: str) -> set[str]:
    return {finding.object for finding in of if finding.code == code}


EXPECTED = {
    "foreign_table": {"public.ft"},
    "generated": {"public.orders.tax", "public.texts.v"},
    "heartbeat_schema": {"dms"},
    "identity_always": {"public.orders.id"},
    "inheritance": {"public.parent"},
    "large_objects": {"5 large objects"},
    "lob_key": {"public.cache.k text", "public.lobkey.k text"},
    "lob_not_null": {"public.customers.name text", "public.wide.notnull_lob text"},
    "no_key": {"public.audit_log", "public.child", "public.uniq_only"},
    "not_readable": {"public.wide"},
    "numeric_digits": {"public.bigkey.n: 50 digits"},
    "partitioned": {"public.measures"},
    "row_security": {"public.rls"},
    "similar_names": {'public."MixedCase", public.mixedcase'},
    "time_range": {"public.infs.d: 1 rows", "public.infs.t: 2 rows"},
    "timezone": {"Asia/Seoul"},
    "trigger_always": {"public.customers ta"},
    "unlogged": {"public.cache"},
    "materialized_view": {"public.mv"},
    "sequence": {"3 sequences"},
    "publication": {"pp"},
    "rule": {"public.audit_log r"},
    "oid_column": {"public.files.lo"},
    "deferrable": {"public.defer defer_other_fkey"},
    "ssl": {"ssl = off"},
}


@pytest.mark.parametrize("code", EXPECTED)
def test_every_awkward_object_is_found(server: Server, code: str) -> None:
    assert objects(found(server), code) == EXPECTED[code]


def test_on_a_clean_database_nothing_is_said_but_what_is_true(server: Server) -> None:
    said = found(server, Plan("clean", schemas=("public",), way="native"), "clean")
    assert {finding.code for finding in said} - {"encoding", "volume", "wal", "secondary_indexes", "setting"} == set()
    assert [finding for finding in said if finding.severity == "stop"] == []


def test_what_is_pasted_into_the_stack_file_cures_what_it_is_for(server: Server) -> None:
    import yaml  # noqa: PLC0415

    keys = yaml.safe_load("\n".join(paste(found(server))))
    cured = replace(
        PLAN,
        exclude=tuple(keys["excludeTables"]),
        remove_columns={table: tuple(columns) for table, columns in keys["removeColumns"].items()},
    )
    left = found(server, cured)
    assert {finding.code for finding in left} & {"generated", "partitioned", "inheritance", "unlogged"} == set()
    assert paste(left) == []


def test_every_premigration_assessment_of_dms_is_asked_by_its_name(server: Server) -> None:
    from migration.check import target, values  # noqa: PLC0415

    text = "".join(Path(str(module.__file__)).read_text() for module in (target, values))
    asked = {name for question in QUESTIONS for name in question.assessment.split(", ")} | {
        name for name in ASSESSMENTS if f'"{name}"' in text
    }
    assert ASSESSMENTS - asked - BY_SETTINGS.keys() == set()


def test_a_target_whose_tables_slow_or_refuse_what_dms_writes_is_told(server: Server) -> None:
    plan = Plan("bad", schemas=("shop",), target_schemas={"shop": "sales"})
    for database, schema, key, rule in (("shop", "shop", "PRIMARY KEY", "NOT NULL"), ("aws", "sales", "", "NOT NULL")):
        server.run(f"CREATE DATABASE {database}")
        server.run(
            f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.item (id int {key}, note text {rule}, n varchar(9))", database
        )
    with connected(server.dsn("shop")) as source, connected(server.dsn("aws")) as target:
        said = findings(source, plan, target)
        assert objects(said, "target_no_key") == {"sales.item"}
        assert objects(said, "target_lob_not_null") == {"sales.item.note"}
        assert objects(findings(source, replace(plan, lob_mode="limited"), target), "target_lob_not_null") == set()
    server.run("ALTER TABLE sales.item ADD UNIQUE (id), ALTER note DROP NOT NULL", "aws")
    with connected(server.dsn("shop")) as source, connected(server.dsn("aws")) as target:
        assert {one.code for one in findings(source, plan, target)} & {"target_no_key", "target_lob_not_null"} == set()


def test_codes_are_of_one_kind_each() -> None:
    codes = [question.code for question in QUESTIONS]
    assert len(codes) == len(set(codes))


def test_a_step_that_reads_cannot_write(server: Server) -> None:
    from migration.words import Stop  # noqa: PLC0415

    with pytest.raises(Stop, match="read-only"), connected(server.dsn("erp")) as source:
        source.execute("CREATE TABLE nope (id int)")


def test_the_command_checks_without_a_stack_and_exits_with_1_on_a_stop(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["migrate", "-", "check", "erp", "--source-dsn", server.dsn("erp"), "--schema", "public", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert (code, document["good"], document["counts"]["stop"] > 10) == (1, False, True)
    assert main(["migrate", "-", "check", "--source-dsn", server.dsn("clean"), "--schema", "public", "--way", "native"]) == 0


def test_a_server_that_is_not_there_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "-", "check", "--source-dsn", "host=/nowhere dbname=x password=hidden"]) == 1
    said = capsys.readouterr().out
    assert "no connection to" in said
    assert "hidden" not in said
    assert "Traceback" not in said
