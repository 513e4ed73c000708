"""Questions about tables and what hangs on them."""

from migration.check.question import BOTH, DMS, NATIVE, Question

TABLES = (
    Question(
        "nothing",
        "stop",
        "SELECT 'no table' WHERE NOT EXISTS (SELECT FROM moving)",
        "no table of the schemas moves",
        "correct schemas, includeTables or excludeTables",
        assessment="postgres-check-object-exists",
    ),
    Question(
        "foreign_table",
        "stop",
        "SELECT q FROM inside WHERE relkind = 'f'",
        "a foreign table is not carried over",
        "make it by hand in AWS, or leave its schema out",
    ),
    Question(
        "no_key",
        "stop",
        """SELECT m.q, CASE WHEN EXISTS (SELECT FROM columns c WHERE c.oid = m.oid AND c.is_lob) THEN '; its LOBs arrive
        empty' ELSE '' END
           FROM moving m WHERE relkind = 'r' AND m.relreplident <> 'f' AND NOT EXISTS (SELECT FROM keys k WHERE k.indrelid =
           m.oid)
             AND (m.relreplident <> 'i')""",
        "without a primary key no UPDATE or DELETE is carried over{1}",
        "ALTER TABLE {0} ADD PRIMARY KEY (...);   or ALTER TABLE {0} REPLICA IDENTITY FULL;",
        BOTH,
        "postgres-check-pk, table-with-no-primary-key-or-unique-constraint",
    ),
    Question(
        "array_without_key",
        "stop",
        """SELECT DISTINCT m.q FROM moving m JOIN columns c ON c.oid = m.oid JOIN pg_attribute a ON a.attrelid = c.oid AND
        a.attnum = c.attnum
             JOIN pg_type t ON t.oid = a.atttypid AND t.typcategory = 'A'
           WHERE m.relkind = 'r' AND NOT EXISTS (SELECT FROM keys k WHERE k.indrelid = m.oid)""",
        "DMS passes a table with an array over that has no primary key",
        "ALTER TABLE {0} ADD PRIMARY KEY (...);",
        DMS,
        "postgres-check-table-with-array",
    ),
    Question(
        "full_identity_lob",
        "warn",
        """SELECT q FROM moving m WHERE relkind = 'r' AND relreplident = 'f' AND NOT EXISTS (SELECT FROM keys k WHERE
        k.indrelid = m.oid)
           AND EXISTS (SELECT FROM columns c WHERE c.oid = m.oid AND c.is_lob)""",
        "without a primary key the LOBs of a table arrive empty, whatever its replica identity",
        "ALTER TABLE {0} ADD PRIMARY KEY (...);",
        DMS,
        "table-with-lob-but-without-primary-key-or-unique-constraint",
    ),
    Question(
        "full_identity_pglogical",
        "stop",
        "SELECT q FROM moving WHERE relreplident = 'f' AND current_setting('hybridge.plugin', true) = 'pglogical'",
        "pglogical does not carry tables with REPLICA IDENTITY FULL",
        "ALTER TABLE {0} REPLICA IDENTITY DEFAULT;",
        DMS,
        "postgres-check-replica-identity-full-pglogical",
    ),
    Question(
        "key_validity",
        "stop",
        "SELECT m.q FROM moving m JOIN keys k ON k.indrelid = m.oid WHERE NOT k.indisvalid",
        "the index of the primary key is not valid",
        "REINDEX TABLE {0};",
        BOTH,
        "postgres-check-pk-validity",
    ),
    Question(
        "partitioned",
        "stop",
        "SELECT plain FROM moving WHERE relkind = 'p'",
        "DMS reads a partitioned parent and its partitions: every row would arrive twice",
        "excludeTables",
        DMS,
        paste="excludeTables",
    ),
    Question(
        "inheritance",
        "stop",
        """SELECT DISTINCT m.plain FROM pg_inherits i JOIN moving m ON m.oid = i.inhparent AND m.relkind = 'r'
           JOIN moving child ON child.oid = i.inhrelid""",
        "DMS reads a parent with the rows of its children: they would arrive twice. Excluded, the parent's own rows "
        "do not move: carry "
        "them over by hand (COPY (SELECT * FROM ONLY ...))",
        "excludeTables",
        DMS,
        paste="excludeTables",
    ),
    Question(
        "unlogged",
        "warn",
        "SELECT plain FROM moving WHERE relpersistence = 'u'",
        "changes of an unlogged table are not in the log: it is carried over once, or not at all",
        "excludeTables",
        BOTH,
        paste="excludeTables",
    ),
    Question(
        "similar_names",
        "stop",
        "SELECT string_agg(q, ', ' ORDER BY q) FROM moving GROUP BY nspname, lower(relname) HAVING count(*) > 1",
        "names that differ in case only are one table to DMS",
        "rename one, or move it by hand and exclude it",
        DMS,
        "postgres-check-similar-table-name",
    ),
    Question(
        "row_security",
        "stop",
        """SELECT q FROM moving WHERE relrowsecurity AND EXISTS (SELECT FROM pg_roles WHERE rolname =
        current_setting('hybridge.role')
             AND NOT (rolsuper OR rolbypassrls))""",
        "row security hides rows from the role without a word",
        "ALTER ROLE {role} BYPASSRLS;",
    ),
    Question(
        "not_readable",
        "stop",
        """SELECT q FROM moving, pg_namespace n WHERE n.nspname = moving.nspname AND EXISTS (SELECT FROM pg_roles WHERE
        rolname = current_setting('hybridge.role'))
           AND NOT (has_schema_privilege(current_setting('hybridge.role'), n.oid, 'USAGE')
             AND has_table_privilege(current_setting('hybridge.role'), moving.oid, 'SELECT'))""",
        "the role may not read it",
        "GRANT SELECT ON {0} TO {role};",
        BOTH,
        "postgres-check-select-object-privileges",
    ),
    Question(
        "deferrable",
        "info",
        """SELECT conrelid::regclass || ' ' || conname FROM pg_constraint JOIN s ON s.oid = connamespace WHERE condeferrable""",
        "a deferrable constraint: within a transaction rows may break it for a while; triggers are off in AWS until "
        "the cutover",
    ),
    Question(
        "trigger_always",
        "info",
        """SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger g JOIN moving m ON m.oid = g.tgrelid
           WHERE tgenabled IN ('A', 'R') AND NOT tgisinternal""",
        "fires in AWS too, whatever session_replication_role says: `tables` leaves it off until the cutover",
    ),
    Question(
        "rule",
        "warn",
        """SELECT ev_class::regclass || ' ' || rulename FROM pg_rewrite JOIN moving m ON m.oid = ev_class WHERE rulename <>
        '_RETURN'""",
        "a rule on a table: `tables` leaves it off until the cutover; see that the application still wants it",
    ),
    Question(
        "sequence",
        "info",
        "SELECT count(*) || ' sequences' FROM inside WHERE relkind = 'S' HAVING count(*) > 0",
        "nobody carries sequences over: `hybridge migrate STACK sequences` does at the cutover",
    ),
    Question(
        "materialized_view",
        "info",
        "SELECT q FROM inside WHERE relkind = 'm'",
        "a materialized view is made anew: the cutover refreshes it",
        assessment="postgres-check-materialized-views",
    ),
    Question(
        "secondary_indexes",
        "info",
        """SELECT count(*) || ' secondary indexes' FROM pg_index i JOIN moving m ON m.oid = i.indrelid WHERE NOT indisprimary
        HAVING count(*) > 0""",
        "nobody carries indexes over: `hybridge migrate STACK indexes` makes them while changes flow",
        assessment="postgres-check-source-secondary-indexes",
    ),
    Question(
        "truncate",
        "info",
        "SELECT 'TRUNCATE' WHERE EXISTS (SELECT FROM moving)",
        "not carried over by DMS: TRUNCATE, a change of a key's own column, DDL. Keep them off these tables until the cutover",
        "",
        DMS,
    ),
    Question(
        "collation_version",
        "warn",
        """SELECT collname FROM pg_collation WHERE collversion IS NOT NULL AND collversion <> pg_collation_actual_version(oid)
             AND EXISTS (SELECT FROM pg_attribute a JOIN moving m ON m.oid = a.attrelid WHERE a.attcollation =
             pg_collation.oid)""",
        "the library's version of this collation has changed: indexes may be out of order",
        "REINDEX the indexes on it",
    ),
    Question(
        "native_generated",
        "info",
        "SELECT col FROM columns WHERE attgenerated <> ''",
        "a generated column is computed in AWS",
        "",
        NATIVE,
    ),
)
