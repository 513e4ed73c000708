"""`hybridge migrate`: a PostgreSQL database on its way into AWS, step by step."""

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.shared import known, root, run
from migration.words import Stop
from rehearsal.usage import UsageError

WITHOUT = "-"


class Step(StrEnum):
    """The steps, in the order in which a migration takes them."""

    check = "check"
    prepare = "prepare"
    schema = "schema"
    tables = "tables"
    native = "native"
    indexes = "indexes"
    status = "status"
    compare = "compare"
    sequences = "sequences"
    cutover = "cutover"
    reopen = "reopen"
    tighten = "tighten"
    rollback = "rollback"
    cleanup = "cleanup"
    users = "users"
    mask = "mask"


Stack = Annotated[
    str, typer.Argument(metavar="STACK", help="Whose migration.sources it is; - for none, with DSNs.", autocompletion=known)
]
Which = Annotated[
    Step,
    typer.Argument(
        metavar="STEP",
        help="check, prepare, schema (tables, then indexes), native, status, compare, sequences, cutover, rollback, cleanup; "
        "users, mask, of the database in AWS; also tables, indexes, tighten, reopen by themselves.",
    ),
]
Source = Annotated[str | None, typer.Argument(metavar="SOURCE", help="The source's name, where the stack has several.")]
Dsn = Annotated[str | None, typer.Option(metavar="DSN", help="As libpq takes it: host=... dbname=..., or a URL.")]
Outputs = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="What `pulumi stack output --json` wrote: where the target is, the VPC's network."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing: carry out what the step shows.")]
OnlySql = Annotated[bool, typer.Option("--sql", help="prepare, users: show the SQL, change nothing.")]
Json = Annotated[bool, typer.Option("--json", help="One document for a machine.")]
Whole = Annotated[bool, typer.Option("--whole", help="check: look at every value of large tables too.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="cutover: look at the gates, change nothing.")]
Mask = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="mask: the SQL that masks a copy of production.")]
Retire = Annotated[bool, typer.Option("--retire", help="users: close the logins of the passwords before.")]
NoWayBack = Annotated[bool, typer.Option("--without-way-back", help="cutover: accept that nobody can go back.")]
Sample = Annotated[
    float, typer.Option(metavar="PERCENT", min=0.1, max=100, help="compare, cutover: this much of the rows of each table.")
]
Workers = Annotated[int, typer.Option(metavar="N", min=1, max=32, help="compare, native: so many tables at once.")]
Every = Annotated[float, typer.Option(metavar="SECONDS", min=0, help="status: tell it anew that often, until Ctrl-C.")]
Schemas = Annotated[list[str] | None, typer.Option("--schema", metavar="NAME", help="Without a stack: the schemas that move.")]


class Way(StrEnum):
    """Who moves the rows."""

    dms = "dms"
    native = "native"


Ways = Annotated[Way, typer.Option(help="Without a stack: who moves the rows.")]


def command(
    stack: Stack,
    step: Which,
    source: Source = None,
    *,
    source_dsn: Dsn = None,
    target_dsn: Dsn = None,
    outputs: Outputs = None,
    yes: Yes = False,
    sql: OnlySql = False,
    as_json: Json = False,
    whole: Whole = False,
    dry_run: Dry = False,
    retire: Retire = False,
    file: Mask = None,
    without_way_back: NoWayBack = False,
    sample: Sample = 100.0,
    workers: Workers = 4,
    every: Every = 0.0,
    schemas: Schemas = None,
    way: Ways = Way.dms,
) -> None:
    """Move a PostgreSQL database into AWS: hybridge migrate prod check erp.

    Each step can be run again and goes on where it was. What writes shows its SQL and asks first. See docs/migration.md.
    """

    def work(console: Console) -> int:
        from migration import plan as plans
        from migration.connect import dsn
        from migration.job import Job
        from migration.words import Said, asked

        told = _outputs(outputs)
        try:
            if step in (Step.users, Step.mask):
                said, ask = Said(step.value, console, as_json), (lambda _: True) if yes else asked
                if step is Step.mask:
                    return _mask(said, ask, stack, lambda plan: dsn("target", plan, target_dsn, told), file)
                return _users(said, ask, stack, target_dsn, told, only_sql=sql, retire=retire)
            if stack == WITHOUT:
                plan = plans.Plan(source or "source", way=way.value, schemas=tuple(schemas or ()))
            else:
                plan = plans.chosen(plans.plans(stack, root()), source)
            target_needed = step not in (Step.check, Step.prepare, Step.reopen)
            try:
                to = dsn("target", plan, target_dsn, told)
            except Stop:
                if target_needed and not (step is Step.status and plan.way == "dms"):
                    raise
                to = ""
            job = Job(
                Said(step.value, console, as_json),
                plan,
                dsn("source", plan, source_dsn),
                to,
                (lambda _: True) if yes else asked,
                root()
                / "build"
                / "migration"
                / (stack.split("+")[0].replace("/", "-") if stack != WITHOUT else "none")
                / plan.name,
            )
            return _steps(
                job,
                stack,
                told,
                only_sql=sql,
                whole=whole,
                dry=dry_run,
                without=without_way_back,
                sample=sample,
                workers=workers,
                every=every,
            )[step]()
        except Stop as stop:
            if as_json:
                print(json.dumps({"step": step.value, "good": False, "stopped": str(stop)}))
            else:
                console.print(f"STOP  {stop}", style="red", highlight=False, markup=False)
            return 1

    run(work)


def _users(said: Any, ask: Any, stack: str, given: str | None, told: dict[str, Any], **options: bool) -> int:
    """The users belong to the database in AWS: there need not be a source."""
    from migration import users
    from migration.connect import dsn
    from migration.plan import Plan

    if stack == WITHOUT:
        raise Stop("users come from a stack file: name the stack")
    found = users.users_of(stack, root())
    where = dsn("target", Plan("target", target_database=found[1]), given, told)
    return users.users(said, ask, found, where, users.from_secrets(told), **options)


def _mask(said: Any, ask: Any, stack: str, where: Callable[[Any], str], file: Path | None) -> int:
    from migration import mask
    from migration.plan import Plan, settings_of

    if stack == WITHOUT:
        raise Stop("a copy of production is told from production by its stack file: name the stack")
    database = mask.copy_of(settings_of(stack, root()), stack)
    return mask.mask(said, ask, database, where(Plan("target", target_database=database)), file)


def _outputs(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"--outputs {path}: {error}; write it with `pulumi stack output --json > {path}`") from None
    if not isinstance(found, dict):
        raise UsageError(f"--outputs {path}: not the outputs of a stack; write it with `pulumi stack output --json > {path}`")
    return found


def _steps(job: Any, stack: str, told: dict[str, Any], **options: Any) -> dict[Step, Callable[[], int]]:
    from migration import cleanup, compare, cutover, native, prepare, schema, sequences, status, way_back
    from migration.check import check

    def replication() -> Any:
        from migration import replication as moving

        task, region = _task(stack, job.plan.name) if job.plan.way == "dms" and stack != WITHOUT else ("", "")
        if job.plan.way == "dms" and not task:
            raise Stop("this step asks DMS how far its task is: name the stack whose task it is")
        return moving.of(job.plan, job.source, job.target, task=task, region=region)

    return {
        Step.check: lambda: check(job, whole=options["whole"]),
        Step.prepare: lambda: prepare.prepare(job, told, only_sql=options["only_sql"]),
        Step.schema: lambda: schema.next_half(job),
        Step.tables: lambda: schema.tables(job),
        Step.indexes: lambda: schema.indexes(job),
        Step.tighten: lambda: schema.tighten(job),
        Step.native: lambda: native.native(job, jobs=options["workers"]),
        Step.status: lambda: status.status(job, replication(), every=options["every"]),
        Step.compare: lambda: compare.compare(job, workers=options["workers"], percent=options["sample"]),
        Step.sequences: lambda: sequences.sequences(job),
        Step.cutover: lambda: cutover.Cutover(
            job, replication(), dry=options["dry"], percent=options["sample"], without_way_back=options["without"]
        ).run(),
        Step.reopen: lambda: cutover.reopen(job),
        Step.rollback: lambda: way_back.rollback(job),
        Step.cleanup: lambda: cleanup.cleanup(job),
    }


def _task(stack: str, source: str) -> tuple[str, str]:
    """Identifier and region of the task of DMS that the stack makes for a source."""
    from components.database.names import identifier
    from rehearsal.stackfile import read

    file = read(stack, root())
    return identifier(file.project, file.stack, f"database-migration-{source}"), file.region
