"""What of a database moves: temporary views that every question reads."""

from migration.connect import Connection, rows, run
from migration.plan import Plan

LOBS = "'text','bytea','json','jsonb','xml','tsvector','tsquery','hstore','citext','path','polygon','ntext'"
"""Base types that DMS treats as large objects, beside arrays, composites and varchar without length.
https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html#CHAP_Source-PostgreSQL-DataTypes"""
NOT_OURS = "nspname !~ '^pg_' AND nspname <> 'information_schema'"


def schemas_of(connection: Connection, plan: Plan) -> list[str]:
    """The schemas that move, those that the plan names or all."""
    found = [name for (name,) in rows(connection, f"SELECT nspname FROM pg_namespace WHERE {NOT_OURS} ORDER BY 1")]
    return [name for name in found if (not plan.schemas or name in plan.schemas) and name != plan.heartbeat_schema]


def make(connection: Connection, plan: Plan) -> list[tuple[int, str, str]]:
    """Make the views `inside`, `moving`, `columns` for this session; the tables that move: oid, schema, name.

    Temporary objects may be made in a read-only transaction's session only where the server lets them: they are therefore
    common table expressions that `with_scope` puts before a query, over two arrays that are kept in session settings.
    """
    inside = schemas_of(connection, plan)
    everything = rows(
        connection,
        """SELECT c.oid::bigint, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY (%(schemas)s)
             AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype
             = 'e')
           ORDER BY 2, 3""",
        {"schemas": inside},
    )
    moving = [(oid, schema, name) for oid, schema, name in everything if plan.moves(schema, name)]
    staying = [f"{oid}.{column}" for oid, schema, name in moving for column in sorted(plan.leaves(schema, name))]
    for setting, items in (("schemas", inside), ("tables", [str(oid) for oid, _, _ in moving]), ("staying", staying)):
        text = "{" + ",".join('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items) + "}"
        connection.execute("SELECT set_config('hybridge.' || %s, %s, false)", (setting, text))
    run(connection, "SELECT set_config('hybridge.role', '', false)")
    connection.execute("SELECT set_config('hybridge.role', %s, false)", (plan.role,))
    connection.execute("SELECT set_config('hybridge.heartbeat', %s, false)", (plan.heartbeat_schema,))
    return moving


SCOPE = f"""
s AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = ANY (current_setting('hybridge.schemas')::text[])),
inside AS (
  SELECT c.oid, c.relname, c.relkind, c.relnamespace, n.nspname, format('%I.%I', n.nspname, c.relname) AS q
  FROM pg_class c JOIN s n ON n.oid = c.relnamespace
  WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')),
moving AS (
  SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.relispartition, c.relreplident, c.relrowsecurity, n.nspname,
         format('%I.%I', n.nspname, c.relname) AS q, n.nspname || '.' || c.relname AS plain
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = ANY (current_setting('hybridge.tables')::oid[])),
keys AS (SELECT indrelid, indkey, indisvalid FROM pg_index WHERE indisprimary),
columns AS (
  SELECT m.oid, m.q, m.plain, a.attname, a.attnum, a.attnotnull, a.attgenerated, a.attidentity, a.attcollation, a.atttypmod,
         t.typtype, format_type(a.atttypid, a.atttypmod) AS type, coalesce(b.typname, t.typname) AS base, m.q || '.' ||
         quote_ident(a.attname) AS col,
         m.plain || '.' || a.attname AS plain_col,
         coalesce(b.typname, t.typname) IN ({LOBS}) OR t.typcategory = 'A' OR t.typtype = 'c'
           OR (coalesce(b.typname, t.typname) = 'varchar' AND a.atttypmod = -1) AS is_lob,
         EXISTS (SELECT FROM keys k WHERE k.indrelid = m.oid AND a.attnum = ANY (k.indkey)) AS in_key
  FROM moving m JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype AND t.typtype = 'd'
  WHERE NOT (m.oid || '.' || a.attname) = ANY (current_setting('hybridge.staying')::text[]))
"""


def with_scope(sql: str) -> str:
    """A query with `s`, `inside`, `moving`, `keys` and `columns` before it."""
    return f"WITH {SCOPE} {sql}"
