"""The users of the database, made on a real server: what each may do, and how a password changes with nobody cut off."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
from moto import mock_aws
from rich.console import Console

from migration.users import Login, User, from_secrets, users, users_of
from migration.words import Said, Stop
from tests.migration.servers import Server, programs, servers

pytestmark = pytest.mark.skipif(programs() is None, reason="PostgreSQL's server is not installed (Debian: postgresql)")
PLACES = {"hybridge": ("erp",)}
SHOP, REPORTS = User("shop", "write", "shop_1", PLACES), User("reports", "read", "reports_1", PLACES)
OWNER, DMS = User("deploy", "own", "deploy_1", PLACES), User("hybridge_dms", "migrate", "hybridge_dms_1", PLACES)
MASTER = "dbadmin"


@pytest.fixture(name="server", scope="module")
def _server() -> Iterator[Server]:
    with servers(1) as (server,):
        # As RDS has it: the master may make roles, and is no superuser.
        server.run(
            f"CREATE ROLE {MASTER} LOGIN CREATEROLE CREATEDB; CREATE ROLE rds_superuser; "
            f"GRANT rds_superuser TO {MASTER} WITH ADMIN OPTION"
        )
        server.run("GRANT SET ON PARAMETER session_replication_role TO rds_superuser")
        server.run(f"CREATE DATABASE hybridge OWNER {MASTER}")
        server.run(f"ALTER SCHEMA public OWNER TO {MASTER}", "hybridge")
        server.run(
            "CREATE SCHEMA erp; CREATE TABLE erp.orders (id bigserial PRIMARY KEY, note text); "
            "INSERT INTO erp.orders VALUES (1)",
            "hybridge",
            MASTER,
        )
        # Passwords count, but for who sets this up.
        (server.data / "pg_hba.conf").write_text(
            f"local all postgres trust\nlocal all {MASTER} trust\nlocal all all scram-sha-256\n"
        )
        server.run("SELECT pg_reload_conf()")
        yield server


def carried_out(server: Server, *everybody: User, generation: int = 1, **options: bool) -> tuple[int, dict[str, Any]]:
    said = Said("users", Console(quiet=True))
    code = users(
        said,
        lambda _: True,
        ([*everybody], "hybridge"),
        server.dsn("hybridge", MASTER),
        lambda name: Login(f"{name}_{generation}", f"secret-{name}-{generation}"),
        **options,
    )
    return code, said.document


def as_(server: Server, login: str) -> psycopg.Connection[Any]:
    user, generation = login.rsplit("_", 1)
    return psycopg.connect(server.dsn("hybridge", login), password=f"secret-{user}-{generation}", autocommit=True)


def refused(connection: psycopg.Connection[Any], statement: str) -> bool:
    try:
        connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


def test_each_user_may_do_what_its_access_says_and_no_more(server: Server) -> None:
    assert carried_out(server, SHOP, REPORTS, OWNER, DMS)[0] == 0
    assert carried_out(server, SHOP, REPORTS, OWNER, DMS)[0] == 0, "a second time nothing is in the way"
    with as_(server, "deploy_1") as deploy:
        deploy.execute("CREATE TABLE invoices (id bigserial PRIMARY KEY, total numeric)")
        assert (
            deploy.execute("SELECT tableowner FROM pg_tables WHERE tablename IN ('invoices', 'orders')").fetchall()
            == [("deploy",)] * 2
        )
    with as_(server, "shop_1") as shop:
        shop.execute(
            "INSERT INTO orders (id, note) VALUES (2, 'a'); INSERT INTO invoices (total) VALUES (1); "
            "UPDATE orders SET note = 'b'"
        )
        assert refused(shop, "CREATE TABLE erp.more (id int)")
        assert refused(shop, "DROP TABLE orders")
        assert refused(shop, "TRUNCATE orders")
    with as_(server, "reports_1") as reports:
        assert reports.execute("SELECT count(*) FROM orders, invoices").fetchone() == (2,)
        assert refused(reports, "DELETE FROM orders")
        assert refused(reports, "SELECT nextval('orders_id_seq')")


def test_dms_writes_past_triggers_and_keeps_tables_of_its_own(server: Server) -> None:
    carried_out(server, DMS)
    server.run("CREATE TABLE erp.later (id int PRIMARY KEY)", "hybridge", MASTER)
    with as_(server, "hybridge_dms_1") as dms:
        dms.execute("SET session_replication_role = 'replica'")
        dms.execute(
            "INSERT INTO erp.orders (id) VALUES (77); DELETE FROM erp.orders WHERE id = 77; INSERT INTO erp.later VALUES (1)"
        )
        dms.execute("CREATE TABLE public.awsdms_status (id int)")


def test_another_generation_signs_in_beside_the_one_before_which_is_closed_once_nobody_uses_it(server: Server) -> None:
    second = User("shop", "write", "shop_2", PLACES)
    carried_out(server, SHOP)
    with as_(server, "shop_1") as before:
        assert carried_out(server, second, generation=2)[0] == 0
        before.execute("INSERT INTO orders (id) VALUES (31)")
        with as_(server, "shop_2") as after:
            after.execute("INSERT INTO orders (id) VALUES (32)")
        assert carried_out(server, second, generation=2, retire=True)[0] == 1, "somebody is signed in"
    assert carried_out(server, second, generation=2, retire=True)[0] == 0
    with pytest.raises(psycopg.OperationalError):
        as_(server, "shop_1")
    assert carried_out(server, SHOP)[0] == 0, "and back, in the third generation"
    as_(server, "shop_1").close()


def test_no_password_reaches_the_log_of_the_server(server: Server) -> None:
    server.run("ALTER SYSTEM SET log_statement = 'all'")
    server.run("SELECT pg_reload_conf()")
    carried_out(server, SHOP)
    log = (server.data / "log").read_text()
    assert 'ALTER ROLE "shop_1" LOGIN PASSWORD \'SCRAM-SHA-256$' in log
    assert "secret-shop" not in log


def test_the_sql_alone_changes_nothing_and_asks_no_secret(server: Server) -> None:
    new = User("later", "write", "later_1", PLACES)
    said = Said("users", Console(quiet=True))

    def never(_: str) -> None:
        raise AssertionError("a secret was asked for")

    assert users(said, never, ([new], "hybridge"), server.dsn("hybridge", MASTER), never, only_sql=True) == 0  # type: ignore[arg-type]
    assert server.run("SELECT 1 FROM pg_roles WHERE rolname = 'later'") == []


def test_users_and_dms_come_from_the_stack_file(tmp_path: Path) -> None:
    stack = Path("tests/rehearsal/stacks/database-users.yaml").resolve()
    found, name = users_of(str(stack))
    assert name == "hybridge"
    assert [(user.name, user.access, user.login, dict(user.places)) for user in found] == [
        ("shop", "write", "shop_2", {"hybridge": ("erp",)}),
        ("deploy", "own", "deploy_1", {"hybridge": ("erp", "public")}),
        ("hybridge_dms", "migrate", "hybridge_dms_2", {"hybridge": ("erp",)}),
    ]
    with pytest.raises(Stop):
        users(Said("users", Console(quiet=True)), lambda _: True, ([], "hybridge"), "host=nowhere", lambda _: None)


@mock_aws
def test_logins_come_from_secrets_manager_by_the_outputs_of_the_stack() -> None:
    client = boto3.client("secretsmanager", region_name="ap-northeast-2")
    arn = client.create_secret(Name="one", SecretString='{"username": "shop_1", "password": "x"}')["ARN"]
    asked = from_secrets({"databaseUserSecretArns": {"shop": arn, "gone": arn[:-1] + "?"}})
    assert asked("shop") == Login("shop_1", "x")
    assert asked("nobody") is None
    with pytest.raises(Stop, match="the secret of gone"):
        asked("gone")
