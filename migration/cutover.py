"""The cutover: gates in their order, each with its evidence, written down as they are passed. Run again after a break it
goes on:
what holds already is not done twice."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from migration import compare, schema, sequences, way_back
from migration.check import scope
from migration.connect import APPLICATION, Connection, connected, rows, value
from migration.fence import fence, fenced, unfence, writers
from migration.job import Job
from migration.journey import ACTS, GATES
from migration.replication import Replication
from migration.words import Stop

LATENCY = 5.0
"""Seconds that the target may be behind when the source is closed: they are added to the outage."""


@dataclass
class Passed:
    """A gate, and what was seen at it."""

    gate: str
    good: bool
    evidence: str
    at: str
    seconds: float


@dataclass
class Record:
    """What is kept of a cutover: who asks a year later finds it in the stack's build folder."""

    source: str
    way: str
    dry: bool
    gates: list[Passed] = field(default_factory=list)
    outage_seconds: float | None = None

    def write(self, folder: Path) -> Path:
        """As JSON, and as a page for people."""
        folder.mkdir(parents=True, exist_ok=True)
        name = "dry-run" if self.dry else "cutover"
        (folder / f"{name}.json").write_text(json.dumps(asdict(self), indent=1) + "\n")
        lines = [
            f"# Cutover of {self.source} ({self.way})" + (", dry run" if self.dry else ""),
            "",
            "| gate | | evidence | at (UTC) | s |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {one.gate} | {'passed' if one.good else 'STOP'} | {one.evidence} | {one.at} | {one.seconds:.1f} |"
            for one in self.gates
        ]
        if self.outage_seconds is not None:
            lines += ["", f"Nobody could write for {self.outage_seconds:.1f} s."]
        path = folder / f"{name}.md"
        path.write_text("\n".join(lines) + "\n")
        return path


class Shut(Exception):
    """A gate that does not open, with what was seen."""


@dataclass
class Cutover:
    """One run of it."""

    job: Job
    replication: Replication
    dry: bool = False
    percent: float = 100.0
    without_way_back: bool = False
    closed: float = 0.0
    """When the source became read-only, on this machine's clock."""

    def run(self) -> int:
        """Pass the gates. Before the source is closed a gate that stays shut changes nothing; after it, the source stays closed
        and the step says how to open it again."""
        record = Record(self.job.plan.name, self.job.plan.way, self.dry)
        look = (self._caught_up, self._clean, self._whole_schema, self._way_back_possible)
        gates: list[tuple[str, Callable[[], str]]] = [*zip(GATES, look, strict=True)]
        do = (
            *(self._close, self._nobody_writes, self._arrived, self._ended),
            *(self._equal, self._sequences, self._strict, self._way_back),
        )
        acts: list[tuple[str, Callable[[], str]]] = [*zip(ACTS, do, strict=True)]
        self.job.said.line(
            f"source {self.job.plan.name}: cutover" + (", dry run: nothing is changed" if self.dry else ""), "bold"
        )
        try:
            for name, gate in gates:
                self._pass(record, name, gate)
            if self.dry:
                for name, _ in acts:
                    self.job.said.line(f"  then  {name}")
                return self._end(record)
            with connected(self.job.source) as old:
                already = fenced(old)
            if not already and not self.job.ask(f"close {self.job.plan.name} for writing now, and end its sessions?"):
                self.job.said.line("nothing was changed")
                return self.job.said.finish()
            for name, gate in acts:
                self._pass(record, name, gate)
        except Shut:
            if self.closed:
                self.job.said.line(
                    "the source stays read-only. Run this step again, or open it: hybridge migrate STACK reopen", "yellow"
                )
            return self._end(record)
        record.outage_seconds = round(time.monotonic() - self.closed, 1) if self.closed else None
        self.job.said.line("now move the names: point the clients at databaseDnsName. Writes go to AWS from here on", "bold")
        self.job.said.line("the way back stays open until `cleanup`: hybridge migrate STACK rollback")
        return self._end(record)

    def _pass(self, record: Record, name: str, gate: Callable[[], str]) -> None:
        started = time.monotonic()
        good, evidence = True, ""
        try:
            evidence = gate()
        except (Shut, Stop) as shut:
            good, evidence = False, str(shut)
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        record.gates.append(Passed(name, good, evidence, now, time.monotonic() - started))
        if not self.dry:
            record.write(self.job.folder)  # whatever breaks next, this is kept
        if not good:
            self.job.said.fails(f"{name}: {evidence}")
            raise Shut
        self.job.said.done(f"{name}: {evidence}")

    def _end(self, record: Record) -> int:
        path = record.write(self.job.folder)
        self.job.said.line(f"written down in {path}")
        self.job.said.document |= asdict(record)
        return self.job.said.finish()

    # -- gates

    def _caught_up(self) -> str:
        with connected(self.job.source) as old:
            if way_back.stands(old, self.job.plan):
                return "over: the source follows AWS already"
            closed = fenced(old)
        state = self.replication.state()
        if closed:
            self.closed = self.closed or time.monotonic()
            return f"the source is closed already; {state.status}"
        if not state.runs:
            raise Shut(f"it is {state.status}, {state.loaded_percent} % loaded; see `status`")
        if state.waiting:
            raise Shut(
                f"not through: {', '.join(state.waiting[:5])}"
                + (f" and {len(state.waiting) - 5} more" if len(state.waiting) > 5 else "")
            )
        if state.latency_seconds is None:
            raise Shut("its latency is not known; CDCLatencyTarget comes once a minute while changes flow")
        if state.latency_seconds > LATENCY:
            raise Shut(f"{state.latency_seconds:.0f} s behind, {LATENCY:.0f} s at most; wait, or find out why in `status`")
        return f"{state.status}, {state.latency_seconds:.1f} s behind"

    def _clean(self) -> str:
        with connected(self.job.source) as old:
            if fenced(old):
                return "looked at before the source was closed"
        state = self.replication.state()
        if state.wrong:
            raise Shut("; ".join(state.wrong[:5]) + ". Reload these tables (aws dms reload-tables), then compare them")
        return "no table was set aside"

    def _whole_schema(self) -> str:
        """Every index, constraint and foreign key of the source is there, and valid."""
        with connected(self.job.source) as old, connected(self.job.target) as new:
            schemas = scope.schemas_of(old, self.job.plan)
            here = objects(old, schemas)
            there = objects(new, [self.job.plan.target(one) for one in schemas])
        missing = sorted({(self.job.plan.target(schema), name) for schema, name in here} - there)
        if missing:
            names = ", ".join(".".join(one) for one in missing[:5])
            raise Shut(f"{len(missing)} missing or not valid in AWS: {names}; hybridge migrate STACK indexes")
        return f"{len(here)} indexes and constraints"

    def _way_back_possible(self) -> str:
        if self.without_way_back:
            return "given up by --without-way-back"
        reason = way_back.impossible(self.job.plan)
        if reason:
            raise Shut(f"{reason}; say --without-way-back if that is accepted")
        with connected(self.job.target) as new:
            level = value(new, "SHOW wal_level")
        if level != "logical":
            raise Shut(f"wal_level in AWS is {level}; rds.logical_replication has to be on, and the instance rebooted")
        return "wal_level in AWS is logical"

    def _close(self) -> str:
        with connected(self.job.source, writes=True) as old:
            if way_back.stands(old, self.job.plan):
                return "it was"
            # Also where it is closed: a run that broke right after closing has ended nobody's session.
            self.closed = self.closed or time.monotonic()
            return f"{fence(old, APPLICATION, self.job.plan.role)} sessions ended"

    def _nobody_writes(self) -> str:
        with connected(self.job.source) as old:
            left = writers(old, APPLICATION)
        if left:
            raise Shut(f"{'; '.join(left)}: it has opened its session read-write; stop that application")
        return "no session holds a writing transaction"

    def _arrived(self) -> str:
        with connected(self.job.source, writes=True) as old:
            if way_back.stands(old, self.job.plan):
                return "it had, before the way back was built"
            slots = [
                name
                for (name,) in rows(
                    old,
                    "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical' AND database = current_database()",
                )
            ]
            wanted = self.job.plan.slot or self.job.plan.identifier("to_aws")
            slot = wanted if wanted in slots else next(iter(slots), None)
            if slot is None:
                return "the replication had ended, after everything arrived"
            lsn = str(value(old, "SELECT pg_current_wal_lsn()"))
            if not way_back.reached(old, slot, lsn):
                raise Shut(f"{slot} has not confirmed {lsn} within {way_back.PATIENCE:.0f} s; see `status`")
        return f"{slot} has confirmed {lsn}"

    def _ended(self) -> str:
        """Before the way back is built, or each change would go round in a circle."""
        self.replication.stop()
        return "nothing more arrives from the source"

    def _equal(self) -> str:
        job = self.job.silently("compare")
        failed, silent = compare.compare(job, percent=self.percent), job.said
        if not failed:
            count = len(silent.document["tables"])
            return f"{count} tables" + ("" if self.percent >= 100 else f", {self.percent} % of the rows of each")
        wrong = [one for one in silent.document["tables"] if not one["equal"]]
        raise Shut("; ".join(f"{one['table']}: {one['problem'] or ', '.join(one['differing'])}" for one in wrong[:5]))

    def _sequences(self) -> str:
        job = self.job.silently("sequences")
        failed, silent = sequences.sequences(job), job.said
        if failed:
            raise Shut("a sequence is behind its column; hybridge migrate STACK sequences says which")
        return f"{len(silent.document['set'])} set"

    def _strict(self) -> str:
        job = self.job.silently("tighten")
        failed, silent = schema.tighten(job), job.said
        if failed:
            raise Shut("a column holds NULL; hybridge migrate STACK tighten says which")
        return f"{silent.document['tightened']} tightened, {len(silent.document['refreshed'])} views refreshed"

    def _way_back(self) -> str:
        if self.without_way_back:
            return "given up"
        return way_back.build(self.job.source, self.job.target, self.job.plan)


def objects(connection: Connection, schemas: list[str]) -> set[tuple[str, str]]:
    """Valid indexes and constraints by schema and name; those of partitions go with their parents."""
    return {
        (str(schema), str(name))
        for schema, name in rows(
            connection,
            """SELECT n.nspname, x.relname FROM pg_index i JOIN pg_class x ON x.oid = indexrelid JOIN pg_class c ON c.oid =
            indrelid
                 JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE indisvalid AND c.relname !~ '^awsdms_' AND n.nspname = ANY (%(s)s)
               UNION SELECT n.nspname, conname FROM pg_constraint k JOIN pg_namespace n ON n.oid = connamespace JOIN pg_class
               c ON c.oid = conrelid
               WHERE contype IN ('f', 'x') AND convalidated AND conparentid = 0 AND c.relname !~ '^awsdms_' AND n.nspname =
               ANY (%(s)s)""",
            {"s": schemas},
        )
    }


def reopen(job: Job) -> int:
    """Give a cutover up that has not come through: the source takes writes again."""
    said, plan, source, ask = job.said, job.plan, job.source, job.ask
    with connected(source, writes=True) as old:
        if way_back.stands(old, plan):
            raise Stop(
                f"{plan.name} follows AWS: what was written there would be lost sight of; hybridge migrate STACK rollback"
            )
        if fenced(old) and ask(f"let {plan.name} take writes again?"):
            unfence(old)
            said.done("the source takes writes again; the replication goes on, or is begun anew where it had ended")
    return said.finish()
