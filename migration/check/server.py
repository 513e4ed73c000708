"""Questions about the server and the database as a whole."""

from migration.check.question import DMS, NATIVE, Question

SERVER = (
    Question(
        "wal_level",
        "stop",
        "SELECT current_setting('wal_level') WHERE current_setting('wal_level') <> 'logical'",
        "changes can be read from the log at wal_level logical only",
        "ALTER SYSTEM SET wal_level = logical;   then restart the server",
        assessment="postgres-check-wallevel",
    ),
    Question(
        "replication_slots",
        "stop",
        """SELECT current_setting('max_replication_slots') || ' slots, ' || count(*) || ' taken' FROM pg_replication_slots
           HAVING current_setting('max_replication_slots')::int - count(*) < 2""",
        "a migration takes one slot for good, and one more while a table is loaded",
        "ALTER SYSTEM SET max_replication_slots = 10;   then restart the server",
        assessment="postgres-check-replication-slots-count",
    ),
    Question(
        "wal_senders",
        "stop",
        """SELECT current_setting('max_wal_senders') || ' senders, ' || count(*) || ' taken' FROM pg_stat_replication
           HAVING current_setting('max_wal_senders')::int - count(*) < 2""",
        "each reader of the log takes a sender",
        "ALTER SYSTEM SET max_wal_senders = 10;   then restart the server",
        assessment="postgres-check-maxwalsenders",
    ),
    Question(
        "wal_sender_timeout",
        "stop",
        "SELECT setting || ' ms' FROM pg_settings WHERE name = 'wal_sender_timeout' AND setting::int BETWEEN 1 AND 9999",
        "1 to 9,999 ms cut DMS off",
        "ALTER SYSTEM SET wal_sender_timeout = '60s'; SELECT pg_reload_conf();",
        DMS,
        "postgres-check-walsenderstimeout",
    ),
    Question(
        "standby",
        "stop",
        "SELECT 'pg_is_in_recovery' WHERE pg_is_in_recovery() AND current_setting('server_version_num')::int < 160000",
        "a standby before PostgreSQL 16 has no logical slots",
        "name the primary server as the source",
    ),
    Question(
        "version",
        "stop",
        """SELECT current_setting('server_version') WHERE current_setting('server_version_num')::int
           NOT BETWEEN 90400 AND 179999""",
        "DMS reads PostgreSQL 9.4 to 17",
        "migration.way: native",
        DMS,
        "postgres-check-dbversion",
    ),
    Question(
        "old_version",
        "stop",
        "SELECT current_setting('server_version') WHERE current_setting('server_version_num')::int < 100000",
        "publications exist since PostgreSQL 10",
        "migration.way: dms",
        NATIVE,
    ),
    Question(
        "pglogical",
        "stop",
        """SELECT current_setting('shared_preload_libraries') WHERE current_setting('hybridge.plugin', true) = 'pglogical'
           AND current_setting('shared_preload_libraries') !~ 'pglogical'""",
        "the stack file says plugin pglogical, which is not loaded",
        "ALTER SYSTEM SET shared_preload_libraries = 'pglogical';   then restart, or plugin: test-decoding",
        DMS,
        "postgres-check-pglogical",
    ),
    Question(
        "prepared_transaction",
        "stop",
        "SELECT gid || ' since ' || prepared FROM pg_prepared_xacts WHERE database = current_database()",
        "a slot cannot be made until it ends",
        "COMMIT PREPARED or ROLLBACK PREPARED",
        assessment="postgres-check-preparedtxn",
    ),
    Question(
        "long_transaction",
        "warn",
        """SELECT 'pid ' || pid || ', ' || usename || ', since ' || date_trunc('second', xact_start) FROM pg_stat_activity
           WHERE xact_start < now() - interval '10 minutes' AND pid <> pg_backend_pid() AND backend_type = 'client backend'""",
        "a slot can be made only once it ends",
        "wait for it, or pg_terminate_backend(pid)",
        assessment="postgres-check-longrunningtxn",
    ),
    Question(
        "idle_in_transaction_session_timeout",
        "warn",
        "SELECT setting || ' ms' FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout' AND setting::int > 0",
        "ends the idle transactions of DMS",
        "ALTER ROLE {role} SET idle_in_transaction_session_timeout = 0;",
        DMS,
        "postgres-check-idle-in-transaction-session-timeout",
    ),
    Question(
        "statement_timeout",
        "warn",
        """SELECT coalesce(r.rolname, '*') || ' ' || c FROM pg_db_role_setting d LEFT JOIN pg_roles r ON r.oid = d.setrole,
        unnest(setconfig) c
           WHERE c ~ '^statement_timeout=' AND c !~ '=0(ms|s|min)?$' AND coalesce(r.rolname,
           current_setting('hybridge.role')) = current_setting('hybridge.role')
           UNION ALL SELECT reset_val || ' ms' FROM pg_settings WHERE name = 'statement_timeout' AND reset_val <> '0' AND
           source <> 'client'""",
        "may cut the load of a large table off",
        "ALTER ROLE {role} SET statement_timeout = 0;",
    ),
    Question(
        "max_slot_wal_keep_size",
        "warn",
        "SELECT setting || ' MB' FROM pg_settings WHERE name = 'max_slot_wal_keep_size' AND setting <> '-1'",
        "the slot is lost, and the load begins anew, once it holds more log than that back",
        "see that it covers an outage of the link; changes per hour stand under `wal`",
        assessment="postgres-check-maxslot-wal-keep-size",
        at_least=130_000,
    ),
    Question(
        "logical_decoding_work_mem",
        "info",
        """SELECT current_setting('logical_decoding_work_mem') WHERE
        pg_size_bytes(current_setting('logical_decoding_work_mem')) < 64 * 1024 ^ 2""",
        "long transactions are spilled to disk while they are decoded",
        "ALTER SYSTEM SET logical_decoding_work_mem = '256MB';",
        assessment="postgres-check-for-logical-decoding-work-mem",
        at_least=130_000,
    ),
    Question(
        "ssl",
        "stop",
        """SELECT 'ssl = off' WHERE current_setting('ssl') = 'off' AND coalesce(current_setting('hybridge.ssl', true), '')
        NOT IN ('', 'none')""",
        "the stack file asks for TLS to a server that has none",
        "ALTER SYSTEM SET ssl = on with a certificate, or sslMode: none",
    ),
    Question(
        "encoding",
        "warn",
        """SELECT pg_encoding_to_char(encoding) || ', ' || datcollate FROM pg_database WHERE datname = current_database()
           AND (encoding <> pg_char_to_encoding('UTF8') OR datcollate NOT IN ('en_US.UTF-8', 'en_US.utf8'))""",
        "RDS makes databases with UTF8 and en_US.UTF-8: text sorts differently",
        "CREATE DATABASE in AWS WITH TEMPLATE template0 LC_COLLATE and LC_CTYPE as here, and name it in targetDatabase",
    ),
    Question(
        "timezone",
        "warn",
        """SELECT split_part(c, '=', 2) FROM pg_db_role_setting, unnest(setconfig) c
           WHERE setrole = 0 AND c ~* '^timezone=' AND c !~* '=(UTC|Etc/UTC|GMT)$'
             AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))""",
        "RDS begins with UTC: now()::timestamp, current_date and DEFAULTs of them would shift",
        "ALTER DATABASE SET timezone in AWS too",
    ),
    Question(
        "setting",
        "warn",
        """SELECT coalesce(d.datname, 'every database') || ', ' || coalesce(r.rolname, 'every role') || ': ' || c
           FROM pg_db_role_setting t LEFT JOIN pg_database d ON d.oid = t.setdatabase LEFT JOIN pg_roles r ON r.oid =
           t.setrole, unnest(setconfig) c
           WHERE (d.datname = current_database() OR t.setdatabase = 0) AND coalesce(r.rolname, '') <>
           current_setting('hybridge.role')""",
        "ALTER DATABASE or ROLE SET is in no dump of a schema",
        "`tables` writes it to roles.sql; run it in AWS",
    ),
    Question(
        "extension",
        "info",
        "SELECT extname || ' ' || extversion FROM pg_extension WHERE extname <> 'plpgsql'",
        "an extension, which must exist in AWS in a version as new (with --target-dsn it is looked up there)",
    ),
    Question(
        "large_objects",
        "stop",
        "SELECT count(*) || ' large objects' FROM pg_largeobject_metadata HAVING count(*) > 0",
        "neither DMS nor logical replication carries large objects (pg_largeobject)",
        "turn them into bytea columns, or pg_dump --large-objects at the cutover",
    ),
    Question(
        "publication",
        "info",
        "SELECT pubname FROM pg_publication WHERE pubname !~ '^hybridge_'",
        "a publication of somebody else, which does not move",
    ),
    Question(
        "event_trigger",
        "warn",
        "SELECT evtname FROM pg_event_trigger WHERE evtenabled <> 'D' AND evtname !~ '^awsdms_'",
        "an event trigger does not move: it needs rds_superuser, and would run while the schema is restored",
        "make it in AWS after the cutover",
    ),
    Question(
        "ddl_trigger",
        "warn",
        "SELECT evtname FROM pg_event_trigger WHERE evtname = 'awsdms_intercept_ddl' AND evtenabled <> 'A'",
        "changes of tables by a replication role are not captured",
        "ALTER EVENT TRIGGER awsdms_intercept_ddl ENABLE ALWAYS;",
        DMS,
        "postgres-check-ddl-event-trigger",
    ),
    Question(
        "role",
        "stop",
        """SELECT current_setting('hybridge.role') WHERE current_setting('hybridge.role') <> ''
           AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = current_setting('hybridge.role'))""",
        "the role that reads the source does not exist",
        "hybridge migrate STACK prepare",
    ),
    Question(
        "role_replication",
        "stop",
        """SELECT rolname FROM pg_roles WHERE rolname = current_setting('hybridge.role') AND NOT (rolsuper OR rolreplication
             OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = pg_roles.oid AND
             g.rolname = 'rds_replication'))""",
        "the role may not read the log",
        "ALTER ROLE {role} REPLICATION;",
    ),
    Question(
        "heartbeat_schema",
        "stop",
        """SELECT current_setting('hybridge.heartbeat') WHERE EXISTS (SELECT FROM pg_roles WHERE rolname =
        current_setting('hybridge.role'))
           AND NOT coalesce((SELECT has_schema_privilege(current_setting('hybridge.role'), oid, 'CREATE') FROM pg_namespace
             WHERE nspname = current_setting('hybridge.heartbeat')), false)""",
        "the schema of the heartbeat is missing, or the role may not create in it",
        "CREATE SCHEMA {heartbeat} AUTHORIZATION {role};",
        DMS,
    ),
)
