"""Ask every question, and tell what the answers ask for."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from migration.check import scope, target, values
from migration.check.columns import COLUMNS
from migration.check.question import Question
from migration.check.server import SERVER
from migration.check.tables import TABLES
from migration.connect import Connection, connected, value
from migration.job import Job
from migration.plan import Plan, Way, patterns
from migration.words import ORDER, Finding, as_documents, show

QUESTIONS: tuple[Question, ...] = (*SERVER, *TABLES, *COLUMNS)
BY_SETTINGS = {
    "postgres-check-batch-apply-target-pk-ui-absence": "the tasks apply transaction by transaction (BatchApplyEnabled false)",
    "postgres-check-batch-apply-target-pk-ui-simultaneously": "the tasks apply transaction by transaction",
    "postgres-batch-apply-lob-mode": "the tasks apply transaction by transaction",
    "postgres-datamasking-digits-randomize": "the tasks mask nothing",
    "postgres-datamasking-digits-mask": "the tasks mask nothing",
    "postgres-datamasking-hash-mask": "the tasks mask nothing",
    "all-to-all-validation-with-datamasking-digits-randomize": "the tasks mask nothing",
    "all-to-all-validation-with-datamasking-hash-mask": "the tasks mask nothing",
    "all-to-all-validation-with-digit-mask": "the tasks mask nothing",
}
"""Premigration assessments that no database can fail, since of the tasks' own settings, and why."""
LEFT = (
    *("no_key", "array_without_key", "full_identity_lob", "lob_key", "generated", "type", "numeric", "truncate"),
    *("unlogged", "foreign_table", "large_objects", "secondary_indexes", "sequence", "materialized_view"),
    *("event_trigger", "setting"),
)
"""Questions about what is not carried over, or not as it is."""


def left_behind(way: Way) -> list[tuple[str, str]]:
    """What the way does not carry over as it is, whatever the database, and what is done about it."""
    told = {question.code: question for question in QUESTIONS}
    found = [(told[code].why.format("", ""), _general(told[code])) for code in LEFT if way in told[code].ways]
    return [*found, *values.NOT_AS_IT_IS] if way == "dms" else found


def _general(question: Question) -> str:
    """The cure of no table in particular."""
    return f"{question.paste} of the source" if question.paste else question.cure.format("...")


def findings(source: Connection, plan: Plan, to: Connection | None = None, *, whole: bool = False) -> list[Finding]:
    """Everything that was found, the worst first."""
    moving = scope.make(source, plan)
    source.execute(
        "SELECT set_config('hybridge.plugin', %s, false), set_config('hybridge.ssl', %s, false)",
        (plan.plugin, plan.ssl_mode if plan.source else ""),
    )
    version = int(value(source, "SHOW server_version_num"))
    found = [
        finding
        for question in QUESTIONS
        if plan.way in question.ways and version >= question.at_least
        for finding in _asked(source, question, plan)
    ]
    if moving:
        found += values.looked_into(source, plan, whole=whole)
    found += values.volume(source)
    if to is not None:
        found += target.looked_at(source, to, plan)
    return sorted(found, key=lambda finding: (ORDER.index(finding.severity), finding.code, finding.object))


def _asked(connection: Connection, question: Question, plan: Plan) -> Iterator[Finding]:
    for row in connection.execute(scope.with_scope(question.sql)):
        texts = [str(part) for part in row] + [""]
        fill: dict[str, Any] = {"role": plan.role or "the role", "heartbeat": plan.heartbeat_schema}
        cure = question.cure if question.paste else question.cure.format(*texts, **fill)
        yield Finding(
            question.severity, question.code, texts[0], question.why.format(*texts, **fill), cure, question.assessment
        )


def paste(found: list[Finding]) -> list[str]:
    """The lines for the source in the stack file that the findings ask for."""
    by_code = {question.code: question for question in QUESTIONS}
    excluded, removed = [], dict[str, list[str]]()
    for finding in found:
        question = by_code.get(finding.code)
        if question and question.paste == "excludeTables":
            schema, table = finding.object.split(".", 1)
            excluded.append((schema, table))
        elif question and question.paste == "removeColumns":
            schema, table, column = finding.object.split(".", 2)
            (name,) = patterns([(schema, table)])
            removed.setdefault(name, []).append(column)
    lines = []
    if excluded:
        lines += ["excludeTables:", *(f'  - "{name}"' for name in sorted(set(patterns(excluded))))]
    if removed:
        lines += ["removeColumns:", *(f'  "{table}": [{", ".join(columns)}]' for table, columns in sorted(removed.items()))]
    return lines


def _version(source: Connection) -> str:
    """PostgreSQL's version as the stack file has it."""
    number = int(value(source, "SHOW server_version_num"))
    return f"{number // 10_000}.{number // 100 % 100}" if number < 100_000 else str(number // 10_000)


def check(job: Job, *, whole: bool = False) -> int:
    """The step: exit code 1 where something stops the migration."""
    said, plan, source, to = job.said, job.plan, job.source, job.target
    with ExitStack() as stack:
        old = stack.enter_context(connected(source))
        new = stack.enter_context(connected(to)) if to else None
        found, version = findings(old, plan, new, whole=whole), _version(old)
    if plan.source_version not in {None, version}:
        cure = f'engineVersion: "{version}"   in the stack file'
        found.insert(0, Finding("stop", "said_version", version, f"the stack file says {plan.source_version}", cure))
    counts = {severity: sum(finding.severity == severity for finding in found) for severity in ORDER}
    said.line(
        f"{plan.name}: {counts['stop']} stop, {counts['warn']} to decide, {counts['info']} to know; by way of {plan.way}",
        "bold",
    )
    show(said, found)
    lines = ([f'engineVersion: "{version}"'] if plan.source_version != version and plan.source else []) + paste(found)
    if lines:
        said.line()
        said.line(f"for source {plan.name} in the stack file:", "bold")
        for line in lines:
            said.line(f"    {line}")
    if not to:
        said.line("not looked at: the target; give --target-dsn")
    said.document |= {"source": plan.name, "way": plan.way, "findings": as_documents(found), "paste": lines, "counts": counts}
    said.stopped = counts["stop"] > 0
    return said.finish()
