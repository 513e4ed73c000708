"""Users of the database beside the master: a secret each, and a password that can be another one."""

import json
from typing import Any

import pulumi
import pytest

from tests.components.database.support import ORDERS, made, migration, outputs
from tests.components.database.test_standby import OTHER, SECRET_THERE, standby
from tests.recorder import Graph

SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
PASSWORD = "random:index/randomPassword:RandomPassword"
SHOP = {"name": "shop", "schemas": ["erp"]}
COPIES: dict[str, Any] = {"copies": {"region": OTHER, "backups": False}}


def held(graph: Graph, user: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(graph.one(VERSION, f"database-user-{user}").inputs["secretString"])
    return found


def test_a_user_has_a_secret_of_the_form_that_the_master_has() -> None:
    graph = made(users=[SHOP])
    master = json.loads(graph.one(VERSION, "database-credentials").inputs["secretString"])
    assert held(graph, "shop") == {**master, "username": "shop_1"}
    assert list(outputs(graph)["user_secret_arns"]) == ["shop"]


def test_another_generation_is_another_password_of_the_other_login() -> None:
    def of(generation: int) -> tuple[str, Any]:
        graph = made(users=[{**SHOP, "passwordGeneration": generation}])
        return held(graph, "shop")["username"], graph.one(PASSWORD, "database-user-shop").inputs.get("keepers")

    assert [of(generation) for generation in (1, 2, 3)] == [
        ("shop_1", None),
        ("shop_2", {"generation": "2"}),
        ("shop_1", {"generation": "3"}),
    ]


def test_another_generation_of_the_master_is_another_password_alone() -> None:
    before, after = made(), made(passwordGeneration=2)
    assert "keepers" not in before.one(PASSWORD).inputs
    assert after.one(PASSWORD).inputs["keepers"] == {"generation": "2"}


def test_dms_signs_in_with_its_other_login_once_its_password_is_another() -> None:
    graph = made(migration("replicate", ORDERS, passwordGeneration=2))
    assert held(graph, "hybridge-dms")["username"] == "hybridge_dms_2"
    assert graph.one(PASSWORD, "database-user-hybridge-dms").inputs["keepers"] == {"generation": "2"}


def test_dms_writes_with_a_role_of_its_own_while_it_is_there() -> None:
    graph = made(migration("prepare", ORDERS))
    assert held(graph, "hybridge-dms")["username"] == "hybridge_dms_1"
    target = graph.one("aws:dms/endpoint:Endpoint", "database-migration-orders-target").inputs["secretsManagerArn"]
    assert target == outputs(graph)["user_secret_arns"]["hybridge_dms"]
    policy = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy", "database-migration-secrets").inputs["policy"])
    assert target in policy["Statement"][0]["Resource"]
    assert not any("credentials" in arn for arn in policy["Statement"][0]["Resource"]), "the master's secret"
    for over in (made(migration("done", ORDERS)), made(migration("replicate", ORDERS, way="native"))):
        assert outputs(over)["user_secret_arns"] == {}


def test_another_region_has_the_secrets_of_users_too() -> None:
    (replica,) = made(users=[SHOP], wired=COPIES).one(SECRET, "database-user-shop").inputs["replicas"]
    assert replica["region"] == OTHER


def test_a_standby_has_the_logins_of_the_data_that_it_follows() -> None:
    arn = SECRET_THERE.replace("credentials", "user-shop")
    graph = made(wired=standby(user_secret_arns={"shop": arn}), users=[{**SHOP, "passwordGeneration": 2}])
    assert held(graph, "shop")["username"] == "dbadmin", "what the secret there says"
    assert graph.created(PASSWORD) == []


def test_a_user_whom_the_primary_does_not_know_is_told_by_name() -> None:
    with pytest.raises(pulumi.RunError, match="has shop, whom the primary's stack does not know"):
        made(wired=standby(user_secret_arns={}), users=[SHOP])


def test_a_promoted_standby_can_have_passwords_of_its_own() -> None:
    own = standby(promoted=True)
    del own["standby_for"]["secret_arn"]
    graph = made(wired=own, users=[SHOP])
    instance = next(one for one in graph.created("aws:rds/instance:Instance"))
    assert instance.inputs["password"] == "generated-password"
    assert {one.name for one in graph.created(PASSWORD)} == {"database-password", "database-user-shop"}
    theirs = made(wired=standby(promoted=True))
    assert all("password" not in one.inputs for one in theirs.created("aws:rds/instance:Instance"))
