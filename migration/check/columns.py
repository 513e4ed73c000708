"""Questions about columns."""

from migration.check.question import BOTH, DMS, Question

UNSURE = (
    "'money','xml','tsvector','tsquery','inet','macaddr','macaddr8','interval','timetz','line','lseg','box','path','circle','bit',"
    "'varbit','hstore','citext','pg_lsn','txid_snapshot'"
)

COLUMNS = (
    Question(
        "oid_column",
        "warn",
        "SELECT col FROM columns WHERE base IN ('oid', 'lo', 'regclass', 'regproc', 'regtype')",
        "refers to a large object or to an object of the system, whose number is another one in AWS",
    ),
    Question(
        "lob_key",
        "stop",
        "SELECT col || ' ' || type FROM columns WHERE is_lob AND in_key",
        "DMS does not replicate a table whose key is a LOB: text and varchar without a length are such",
        "ALTER TABLE ... ALTER COLUMN ... TYPE varchar(n);   or migration.way: native",
        DMS,
        "postgres-check-pk-lob",
    ),
    Question(
        "lob_not_null",
        "info",
        "SELECT col || ' ' || type FROM columns WHERE is_lob AND attnotnull AND NOT in_key",
        "DMS writes a LOB as NULL first: `tables` lets NULL in until the cutover",
        "",
        DMS,
    ),
    Question(
        "generated",
        "stop",
        "SELECT plain_col FROM columns WHERE attgenerated <> ''",
        "a generated column refuses to be written",
        "removeColumns",
        DMS,
        "postgres-check-generated-columns",
        "removeColumns",
        120_000,
    ),
    Question(
        "identity_always",
        "info",
        "SELECT col FROM columns WHERE attidentity = 'a'",
        "refuses the inserts of change data capture: `tables` makes it BY DEFAULT until the cutover",
        "",
        DMS,
        at_least=100_000,
    ),
    Question(
        "numeric",
        "info",
        "SELECT col FROM columns WHERE base = 'numeric' AND atttypmod = -1 AND attgenerated = ''",
        "a numeric without precision travels as text (MapUnboundedNumericAsString): up to 28 digits while changes flow",
        "",
        DMS,
    ),
    Question(
        "type",
        "warn",
        f"SELECT col || ' ' || type FROM columns WHERE base IN ({UNSURE}) OR typtype IN ('e', 'c', 'r', 'm')",
        "a type that DMS carries over not wholly, or as text: `compare` tells after the load whether it was",
        "",
        DMS,
        "unsupported-data-types-in-source",
    ),
    Question(
        "postgis",
        "info",
        "SELECT col || ' ' || type FROM columns WHERE base IN ('geometry', 'geography', 'raster')",
        "PostGIS travels from PostgreSQL to PostgreSQL only, with the extension in AWS",
        "",
        DMS,
        "postgres-check-postgis-data-type",
    ),
    Question(
        "collation",
        "warn",
        """SELECT col || ' ' || co.collname FROM columns JOIN pg_collation co ON co.oid = attcollation
           WHERE co.collname NOT IN ('default', 'C', 'POSIX', 'ucs_basic', 'und-x-icu')""",
        "this collation must exist in AWS (its library has another version there: compare the order of what is sorted by it)",
        "",
        BOTH,
    ),
)
