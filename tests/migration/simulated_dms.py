"""What stands where DMS stands: it does to rows what AWS documents that DMS does, good and bad, and nothing that it does not
do.

LOBs arrive as NULL first; a numeric without precision becomes numeric(28,6) unless the endpoints map it; changes come as
INSERT,
UPDATE by key, DELETE by key; a table whose rows are refused is set aside; indexes, sequences and foreign keys are not its
business.
https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html
"""

import re
import threading
import time
from typing import Any

import psycopg
from psycopg import conninfo, sql

from migration.check import scope
from migration.check.scope import with_scope
from migration.connect import connected, rows
from migration.plan import Plan
from migration.replication import State

SLOT = "dms_simulated"
CHANGE = re.compile(r"table (\S+): (INSERT|UPDATE|DELETE): (.*)", re.DOTALL)
PART = re.compile(r"""("(?:[^"]|"")+"|[^\s\[]+)\[([^\]]+(?:\[\])?)\]:('(?:[^']|'')*'(?:::\S+)?|B'[01]*'|\S+)""", re.DOTALL)


class Dms(threading.Thread):
    """Full load, then changes until it is stopped."""

    def __init__(self, source: str, target: str, plan: Plan, *, maps_numerics: bool = True) -> None:
        super().__init__(daemon=True)
        self.source, self.target, self.plan, self.maps_numerics = source, target, plan, maps_numerics
        self.suspended: dict[str, str] = {}
        self.loaded, self.ended, self.crashed = threading.Event(), threading.Event(), ""
        self.behind: float | None = None

    def state(self) -> State:
        if self.crashed:
            return State(f"failed: {self.crashed}", runs=False, loaded_percent=0, latency_seconds=None)
        wrong = [f"{table}: {why}" for table, why in self.suspended.items()]
        waiting = [] if self.loaded.is_set() else ["everything"]
        return State("running", self.is_alive(), 100 if self.loaded.is_set() else 0, self.behind, wrong, waiting)

    def stop(self) -> None:
        self.ended.set()
        self.join(20)

    def run(self) -> None:
        try:
            self._run()
        except psycopg.Error as error:
            self.crashed = str(error)

    def _run(self) -> None:
        with connected(self.source) as old:
            self.tables = [(schema, name) for _, schema, name in scope.make(old, self.plan)]
            listed = rows(
                old,
                with_scope(
                    "SELECT nspname, m.relname, attname, is_lob, in_key, base = 'numeric' AND atttypmod = -1 "
                    "FROM columns c JOIN moving m ON m.oid = c.oid ORDER BY c.attnum"
                ),
            )
        self.columns: dict[tuple[str, str], list[tuple[str, bool, bool, bool]]] = {}
        for schema, name, column, lob, key, numeric in listed:
            self.columns.setdefault((schema, name), []).append((column, lob, key, numeric))
        with psycopg.connect(conninfo.make_conninfo(self.source, replication="database"), autocommit=True) as slot:
            cursor = slot.execute(
                sql.SQL("CREATE_REPLICATION_SLOT {} LOGICAL test_decoding EXPORT_SNAPSHOT").format(sql.Identifier(SLOT))
            )
            snapshot = (cursor.fetchone() or ())[2]
            with psycopg.connect(self.source) as old, psycopg.connect(self.target, autocommit=True) as new:
                old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                old.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
                new.execute("SET session_replication_role = 'replica'")
                for table in self.tables:
                    self._load(old, new, table)
        self.loaded.set()
        with psycopg.connect(self.source, autocommit=True) as old, psycopg.connect(self.target, autocommit=True) as new:
            new.execute("SET session_replication_role = 'replica'")
            while not self.ended.is_set():
                self._apply(old, new)
                time.sleep(0.05)
            self._apply(old, new)
        with psycopg.connect(self.source, autocommit=True) as old:
            old.execute("SELECT pg_drop_replication_slot(%s)", (SLOT,))

    def _into(self, table: tuple[str, str]) -> sql.Identifier:
        return sql.Identifier(self.plan.target(table[0]), table[1])

    def _read(self, column: str, numeric: bool) -> sql.Composable:
        name = sql.Identifier(column)
        return sql.SQL("{}::numeric(28,6)").format(name) if numeric and not self.maps_numerics else name

    def _load(self, old: Any, new: Any, table: tuple[str, str]) -> None:
        columns = self.columns[table]
        plain = [one for one in columns if not one[1] or one[2]]
        lobs = [one for one in columns if one[1] and not one[2]]
        keys = [one for one in columns if one[2]]
        chosen = [*plain, *(lobs if keys else [])]
        query = sql.SQL("SELECT {} FROM {}").format(
            sql.SQL(", ").join(sql.SQL("{}::text").format(self._read(one[0], one[3])) for one in chosen) or sql.SQL("1"),
            sql.Identifier(*table),
        )
        try:
            found = old.execute(query).fetchall()
            with new.transaction():
                for row in found:
                    self._insert(
                        new,
                        table,
                        dict(zip([one[0] for one in chosen], row, strict=True)),
                        [one[0] for one in keys],
                        {one[0] for one in lobs},
                    )
        except psycopg.Error as error:
            self.suspended[".".join(table)] = str(error).splitlines()[0]

    def _insert(self, new: Any, table: tuple[str, str], row: dict[str, Any], keys: list[str], lobs: set[str]) -> None:
        """Without the LOBs first; then the LOBs, by key."""
        first = {name: value for name, value in row.items() if name not in lobs}
        names = sql.SQL(", ").join(map(sql.Identifier, first))
        marks = sql.SQL(", ").join(map(sql.Literal, first.values()))
        new.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(self._into(table), names, marks)
            if first
            else sql.SQL("INSERT INTO {} DEFAULT VALUES").format(self._into(table))
        )
        later = {name: row[name] for name in lobs if row.get(name) is not None}
        if later and keys:
            self._update(new, table, later, {name: row[name] for name in keys})

    def _update(self, new: Any, table: tuple[str, str], values: dict[str, Any], key: dict[str, Any]) -> None:
        pairs = sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(n), sql.Literal(v)) for n, v in values.items())
        new.execute(sql.SQL("UPDATE {} SET {} WHERE {}").format(self._into(table), pairs, self._where(key)))

    @staticmethod
    def _where(key: dict[str, Any]) -> sql.Composable:
        return sql.SQL(" AND ").join(sql.SQL("{} = {}").format(sql.Identifier(n), sql.Literal(v)) for n, v in key.items())

    def _apply(self, old: Any, new: Any) -> None:
        started = time.monotonic()
        end = old.execute("SELECT pg_current_wal_lsn()").fetchone()[0]
        found = old.execute("SELECT data FROM pg_logical_slot_peek_changes(%s, %s, NULL)", (SLOT, end)).fetchall()
        for (text,) in found:
            match = CHANGE.match(text)
            if match:
                self._change(new, tuple(part.strip('"') for part in match[1].split(".", 1)), match[2], match[3])
        old.execute("SELECT pg_replication_slot_advance(%s, %s)", (SLOT, end))
        self.behind = time.monotonic() - started

    def _change(self, new: Any, table: Any, kind: str, text: str) -> None:
        if table not in self.columns or ".".join(table) in self.suspended:
            return
        old_key, _, text = text.rpartition("new-tuple:") if "new-tuple:" in text else ("", "", text)
        row = {m[1].strip('"'): _value(m[3]) for m in PART.finditer(text) if m[3] != "unchanged-toast-datum"}
        columns = self.columns[table]
        row = {name: value for name, value in row.items() if name in {one[0] for one in columns}}
        keys = [one[0] for one in columns if one[2]]
        before = {m[1].strip('"'): _value(m[3]) for m in PART.finditer(old_key)} or row
        lobs = {one[0] for one in columns if one[1] and not one[2]}
        if not self.maps_numerics:
            row = {
                name: _clipped(value) if any(one[0] == name and one[3] for one in columns) else value
                for name, value in row.items()
            }
        try:
            with new.transaction():
                if kind == "INSERT":
                    self._insert(new, table, row, keys, lobs)
                elif kind == "UPDATE" and keys:
                    self._update(new, table, row, {name: before[name] for name in keys})
                elif kind == "DELETE" and keys:
                    new.execute(
                        sql.SQL("DELETE FROM {} WHERE {}").format(
                            self._into(table), self._where({name: row[name] for name in keys})
                        )
                    )
        except psycopg.Error as error:
            self.suspended[".".join(table)] = str(error).splitlines()[0]


def _value(text: str) -> str | None:
    if text == "null":
        return None
    if text.startswith(("'", "B'")):
        return text[text.index("'") + 1 : text.rindex("'")].replace("''", "'")
    return text


def _clipped(value: str | None) -> str | None:
    if value is None or value == "NaN":
        return value
    whole, _, rest = value.partition(".")
    return f"{whole}.{rest[:6]}" if rest else whole
