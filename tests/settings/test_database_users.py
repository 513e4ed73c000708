from typing import Any

import pytest
from pydantic import ValidationError

from components.settings.base import all_mistakes
from components.settings.cross import users_of_workloads
from components.settings.database import Database
from components.settings.disaster_recovery import DisasterRecovery
from components.settings.recovery_rules import own_passwords
from components.settings.sizes import SIZES
from components.settings.workloads import Workload


def database(*users: dict[str, Any]) -> Database:
    given = [{"schemas": ["public"], **user} for user in users]
    return Database.model_validate({**SIZES["small"]["database"], "users": given})


def wrong(*users: dict[str, Any]) -> list[str]:
    return [mistake.key for mistake in all_mistakes(database(*users))]


@pytest.mark.parametrize("name", ["rdsadmin", "pg_read", "hybridge_dms", "Shop", "shop-1", "s" * 41])
def test_names_that_others_keep_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        database({"name": name})


def test_users_and_their_logins_are_apart_from_each_other_and_from_the_master() -> None:
    assert wrong({"name": "shop"}, {"name": "reports"}) == []
    assert wrong({"name": "shop"}, {"name": "shop"}) == ["users[1].name"]
    assert wrong({"name": "dbadmin"}) == ["users[0].name"]
    assert wrong({"name": "shop"}, {"name": "shop_2"}) == ["users[1].name"]


def workload(name: str, **secrets: str) -> Workload:
    return Workload.model_validate({"name": name, "image": "nginx:1.27.5", "secrets": secrets})


def test_every_workload_that_reads_the_database_has_one_user() -> None:
    api, web = workload("api", PGUSER="database:username"), workload("web")

    def keys(*users: dict[str, Any]) -> list[str]:
        return [mistake.key for mistake in users_of_workloads(database(*users), [api, web])]

    assert keys() == []
    assert keys({"name": "shop", "workloads": ["api"]}) == []
    assert keys({"name": "shop"}) == ["database.users"]
    assert keys({"name": "shop", "workloads": ["api", "elsewhere"]}) == []
    assert keys({"name": "shop", "workloads": ["apl"]}) == ["database.users"]
    assert keys({"name": "shop", "workloads": ["api", "web"]}) == ["database.users[0].workloads[1]"]
    assert keys({"name": "shop", "workloads": ["api"]}, {"name": "more", "workloads": ["api"]}) == [
        "database.users[1].workloads[0]"
    ]


def test_passwords_of_its_own_are_for_a_promoted_secondary() -> None:
    def keys(role: str, **recovery: Any) -> list[str]:
        section = DisasterRecovery.model_validate({"ownPasswords": True, **recovery})
        return [mistake.key for mistake in own_passwords(role, section)]

    assert keys("secondary", promoted=True) == []
    assert keys("secondary") == ["disasterRecovery.ownPasswords"]
    assert keys("secondary", promoted=True, database="dms") == ["disasterRecovery.ownPasswords"]
