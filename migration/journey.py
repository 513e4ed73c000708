"""The way of a database in words: its stages, steps and gates. What carries them out takes its names from here; the report and
docs/migration.md tell the same."""

from dataclasses import dataclass

from components.stages import Stage
from migration.plan import Way


@dataclass(frozen=True)
class StageTold:
    """What `migration.stage` may be."""

    stage: Stage
    there: str
    """What there is of the migration in AWS."""
    meanwhile: str
    """The steps that are taken meanwhile."""
    onward: str
    back: str


STAGES = (
    StageTold("off", "nothing", "`check`", "`prepare`", ""),
    StageTold(
        "prepare",
        "roles, replication instance, endpoints, secrets; with `way: native` a way out for the database",
        "`prepare`, `schema`; endpoints are tested",
        "`assess`, or straight to `replicate`",
        '`"off"`: all of it goes, the tables made stay',
    ),
    StageTold(
        "assess",
        "and a task for each source that does not run; a bucket and a role for its premigration assessment",
        "the assessment",
        "`load` or `replicate`",
        "`prepare`: the tasks go",
    ),
    StageTold(
        "load",
        "the tasks load everything, then stop before they apply what has changed since; a mail tells",
        "`schema` (indexes, without anybody in the way)",
        "`replicate`, soon: the source keeps its log for them",
        "`prepare`; empty the tables before the next load",
    ),
    StageTold(
        "replicate",
        "the tasks load what is not loaded, then carry over every change",
        "`schema`, `status`, `compare`, `cutover`",
        "`cutover`, with the step of that name",
        "`prepare`: the place in the log is lost, the next load is a whole one",
    ),
    StageTold(
        "cutover",
        "the tasks stand still, whatever is deployed: AWS has writers of its own",
        "`rollback`, as long as it may be needed",
        "`done`",
        "the step `rollback`; never `replicate`, which would write old rows over new ones",
    ),
    StageTold("done", "the database, and the account-wide roles", "`cleanup`", "", "a migration of its own"),
)
"""In their order, as DMS takes them."""
WAY_OUT = "the database's way out to the servers of the sources"
NATIVE = (
    STAGES[0],
    StageTold("prepare", WAY_OUT, "`prepare`, `schema`, `native` and all after it", "`done`", '`"off"`: the way out goes'),
    StageTold(
        "replicate", f"{WAY_OUT}, as in `prepare`: nothing else of AWS is needed", "as in `prepare`", "`done`", '`"off"`'
    ),
    StageTold("cutover", f"{WAY_OUT}, as in `prepare`: nothing else of AWS is needed", "as in `prepare`", "`done`", '`"off"`'),
    StageTold("done", "the database", "`cleanup`", "", "a migration of its own"),
)
"""The same where PostgreSQL's own replication moves the rows, which leaves no task to DMS."""


def stages(way: Way, now: Stage) -> list[StageTold]:
    """The stages of a way; natively, `replicate` and `cutover` add nothing, and are told of who is there alone."""
    if way == "dms":
        return [*STAGES]
    return [one for one in NATIVE if one.stage in ("off", "prepare", "done", now)]


@dataclass(frozen=True)
class StepTold:
    """A step of `hybridge migrate`."""

    name: str
    writes: str
    """Where it writes."""
    does: str


STEPS = (
    StepTold("check", "nothing", "every obstacle: object, why, what cures it; the lines to paste into the stack file"),
    StepTold("prepare", "the source", "role, grants, schema of the heartbeat; the lines of `pg_hba.conf`"),
    StepTold("schema", "AWS", "the half that is next: `tables`, or `indexes` once the tables are there"),
    StepTold("native", "both", "publication, parallel copy, subscription (only with `migration.way: native`)"),
    StepTold("status", "nothing", "the replication, its tables, what slots hold back; `--every 5`"),
    StepTold(
        "compare",
        "nothing",
        "the same rows on both sides? By checksum, several tables at once, each side within one snapshot",
    ),
    StepTold("sequences", "AWS", "set from the source with a margin, checked against `max(column)`"),
    StepTold("cutover", "both", "the gates, in order, each with its evidence; `--dry-run`"),
    StepTold("reopen", "the source", "give up a cutover that has not come through"),
    StepTold("rollback", "both", "what was written in AWS has flowed back; the old server takes writes again"),
    StepTold(
        "users",
        "AWS",
        "the roles, logins and rights of `database.users` and of DMS, with the passwords of their secrets (`--outputs`); "
        "`--retire` closes logins that are over",
    ),
    StepTold("mask", "AWS", "the SQL of `--file`, in one transaction, on a copy of production alone"),
    StepTold("cleanup", "both", "slots, subscriptions, publications, tables of DMS"),
)
STAGE = "stage "
"""Before what of a route is an edit of the stack file."""


def route(way: Way) -> tuple[str, ...]:
    """The steps in the order in which a migration takes them, and between them the stages that are set and deployed."""
    rows = ("native",) if way == "native" else ("stage replicate",)
    over = () if way == "native" else ("stage cutover",)
    return (
        *("check", "prepare", "stage prepare", "users", "schema", *rows, "schema", "status", "compare"),
        *("cutover --dry-run", "cutover", *over, "stage done", "cleanup"),
    )


GATES = (
    "replication has caught up",
    "nothing was set aside, nothing failed validation",
    "the schema's second half is there",
    "a way back is possible",
)
"""Of the cutover: what has to be so before the source is closed. One that stays shut changes nothing."""
ACTS = (
    "the source is read-only",
    "nobody writes there",
    "the last change has arrived",
    "the replication has ended",
    "both sides are equal",
    "sequences are ahead",
    "as strict as the source",
    "the way back stands",
)
"""What follows, while nobody can write. One that stays shut leaves the source closed: run it again, or `reopen`."""
