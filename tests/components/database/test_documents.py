import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.database import iam
from components.database.migration_args import LobsArgs
from components.database.names import identifier
from components.database.network import destinations
from components.database.parameters import family, parameters
from components.database.tasks import escaped, table_mappings, task_settings

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,62}", fullmatch=True)
INLINE: LobsArgs = {"mode": "inline", "max_kib": 64}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("hybridge", "prod", "database"), "hybridge-prod-database"),
        (("Hybridge", "my_stack.v2", "database"), "hybridge-my-stack-v2-database"),
        (("hybridge", "a--b-", "-c"), "hybridge-a-b-c"),
        (("7up", "dev"), "x-7up-dev"),
        (("", ""), "x"),
    ],
)
def test_identifiers_join_their_parts_in_what_rds_and_dms_take(parts: tuple[str, ...], expected: str) -> None:
    assert identifier(*parts) == expected


@given(st.lists(st.text(max_size=100), max_size=5), st.integers(12, 63))
def test_any_parts_make_a_legal_identifier(parts: list[str], limit: int) -> None:
    made = identifier(*parts, limit=limit)
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", made)
    assert len(made) <= limit


def test_long_names_that_differ_at_the_end_stay_apart() -> None:
    one, other = (identifier("hybridge", "s" * 80, end) for end in ("reader-1", "reader-2"))
    assert one != other


@pytest.mark.parametrize(
    ("version", "expected"), [("17", "postgres17"), ("16.4", "postgres16"), ("14.12", "postgres14"), ("18", "postgres18")]
)
def test_the_family_follows_the_major_version(version: str, expected: str) -> None:
    assert family(version) == expected


def test_slots_may_keep_a_fifth_of_the_storage() -> None:
    kept = {each.name: each.value for each in parameters(engine_version="17", storage_gib=400, slow_statement_milliseconds=250)}
    assert kept["max_slot_wal_keep_size"] == str(400 * 1024 // 5)
    assert kept["log_min_duration_statement"] == "250"


def test_no_statement_that_sets_a_password_is_logged() -> None:
    names = {each.name for each in parameters(engine_version="17", storage_gib=400, slow_statement_milliseconds=250)}
    assert "log_statement" not in names


def test_parameters_of_the_stack_file_go_over_those_of_the_platform() -> None:
    found = {
        each.name: (each.value, each.apply_method)
        for each in parameters(
            engine_version="17",
            storage_gib=400,
            slow_statement_milliseconds=250,
            own={"timezone": "Asia/Seoul", "max_connections": "500", "log_lock_waits": "0", "pgaudit.log": "role"},
            preload_libraries=["pgaudit", "auto_explain"],
            force_tls=False,
        )
    }
    assert found["timezone"] == ("Asia/Seoul", "immediate")
    assert found["max_connections"] == ("500", "pending-reboot")
    assert found["log_lock_waits"] == ("0", "pending-reboot")
    assert found["shared_preload_libraries"][0] == "pg_stat_statements,auto_explain,pgaudit"
    assert found["rds.force_ssl"][0] == "0"


@pytest.mark.parametrize(("version", "expected"), [("17.7", "1"), ("18", "all"), ("18.1", "all")])
def test_connections_are_logged_in_the_words_of_the_version(version: str, expected: str) -> None:
    kept = parameters(engine_version=version, storage_gib=400, slow_statement_milliseconds=250)
    assert {each.name: each.value for each in kept}["log_connections"] == expected


def test_parameters_come_in_the_order_of_their_names_each_once() -> None:
    names = [each.name for each in parameters(engine_version="17.7", storage_gib=50, slow_statement_milliseconds=-1)]
    assert names == sorted(set(names))


def test_mappings_carry_every_table_of_a_schema_over_but_those_of_dms() -> None:
    assert table_mappings(["public"], {}) == {
        "rules": [
            {
                "rule-type": "selection",
                "rule-id": "1",
                "rule-name": "include-public",
                "object-locator": {"schema-name": "public", "table-name": "%"},
                "rule-action": "include",
            },
            {
                "rule-type": "selection",
                "rule-id": "2",
                "rule-name": "exclude-own-public",
                "object-locator": {"schema-name": "public", "table-name": "awsdms[_]%"},
                "rule-action": "exclude",
            },
        ]
    }


def test_renamed_schemas_get_a_transformation_and_the_others_none() -> None:
    rules = table_mappings(["public", "audit", "same"], {"public": "orders", "same": "same"})["rules"]
    assert [rule for rule in rules if rule["rule-type"] == "transformation"] == [
        {
            "rule-type": "transformation",
            "rule-id": "7",
            "rule-name": "rename-public",
            "object-locator": {"schema-name": "public"},
            "rule-target": "schema",
            "rule-action": "rename",
            "value": "orders",
        }
    ]


@given(st.lists(NAMES, min_size=1, max_size=8, unique=True), st.data())
def test_rule_ids_and_names_are_unique_and_each_schema_is_included_once(schemas: list[str], data: st.DataObject) -> None:
    targets = data.draw(st.dictionaries(st.sampled_from(schemas), NAMES))
    rules: list[dict[str, Any]] = table_mappings(schemas, targets)["rules"]
    for key in ("rule-id", "rule-name"):
        assert len({rule[key] for rule in rules}) == len(rules)
    included = [rule["object-locator"]["schema-name"] for rule in rules if rule.get("rule-action") == "include"]
    assert included == [escaped(schema) for schema in schemas]


def test_tables_and_columns_that_stay_behind_are_left_out_by_name() -> None:
    rules = table_mappings(
        ["public"], {}, exclude=["public.cache_*", "public.measures"], remove_columns={"public.orders": ["tax"]}
    )["rules"]
    assert [(rule["rule-action"], rule["object-locator"]) for rule in rules[2:]] == [
        ("exclude", {"schema-name": "public", "table-name": "cache[_]%"}),
        ("exclude", {"schema-name": "public", "table-name": "measures"}),
        ("remove-column", {"schema-name": "public", "table-name": "orders", "column-name": "tax"}),
    ]


def test_tables_that_are_named_are_the_only_ones_of_their_schemas() -> None:
    rules = table_mappings(["public", "audit"], {}, include=["public.orders", "public.order_lines"])["rules"]
    assert [rule["object-locator"]["table-name"] for rule in rules if rule["rule-action"] == "include"] == [
        "orders",
        "order[_]lines",
    ]


def test_an_underscore_is_a_letter_and_not_a_wildcard() -> None:
    assert escaped("order_lines") == "order[_]lines"


@pytest.mark.parametrize(
    ("lobs", "expected"),
    [
        ({"mode": "inline", "max_kib": 64}, (True, 64, False, 0)),
        ({"mode": "limited", "max_kib": 2048}, (False, 0, True, 2048)),
    ],
)
def test_large_objects_travel_in_full_or_up_to_a_limit(lobs: LobsArgs, expected: tuple[Any, ...]) -> None:
    target = task_settings(validation=True, table_preparation="DO_NOTHING", parallel_tables=8, lobs=lobs)["TargetMetadata"]
    keys = ("FullLobMode", "InlineLobMaxSize", "LimitedSizeLobMode", "LobMaxSize")
    assert tuple(target[key] for key in keys) == expected


def test_task_settings_hold_no_list_but_the_log_components_because_the_provider_compares_no_other() -> None:
    def lists(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [found for item in value.values() for found in lists(item)]
        return [value] if isinstance(value, list) else []

    settings = task_settings(validation=False, table_preparation="DROP_AND_CREATE", parallel_tables=1, lobs=INLINE)
    assert lists(settings) == [settings["Logging"]["LogComponents"]]
    assert not {"CloudWatchLogGroup", "CloudWatchLogStream"} & settings["Logging"].keys()
    assert json.loads(json.dumps(settings)) == settings


def test_a_task_goes_on_trying_after_the_longest_interval() -> None:
    settings = task_settings(validation=True, table_preparation="DO_NOTHING", parallel_tables=8, lobs=INLINE)
    recoverable = {key: value for key, value in settings["ErrorBehavior"].items() if key.startswith("Recoverable")}
    assert recoverable == {
        "RecoverableErrorCount": -1,
        "RecoverableErrorInterval": 5,
        "RecoverableErrorThrottling": True,
        "RecoverableErrorThrottlingMax": 1800,
        "RecoverableErrorStopRetryAfterThrottlingMax": False,
    }


def test_an_address_is_reached_alone_and_a_name_anywhere_on_premises() -> None:
    sources: Any = [
        {"host": "db1.corp.example", "port": 5432},
        {"host": "db2.corp.example", "port": 5432},
        {"host": "10.0.4.9", "port": 5433},
    ]
    assert destinations(sources, ["10.0.0.0/16", "192.168.0.0/16"]) == [
        ("10.0.0.0/16", 5432),
        ("10.0.4.9/32", 5433),
        ("192.168.0.0/16", 5432),
    ]


DOCUMENTS = {
    "key": iam.key_policy("aws", "123456789012", "eu-west-1", ["/aws/rds/instance/a/postgresql"]),
    "monitoring": iam.monitoring_trust("aws", "123456789012", "eu-west-1", ["a"]),
    "dms": iam.dms_trust("dms.amazonaws.com", "123456789012"),
    "secrets": iam.secrets_policy(["arn:secret"], ["arn:key"], "eu-west-1"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_statement_has_a_sid_of_letters_and_digits(name: str) -> None:
    statements = DOCUMENTS[name]["Statement"]
    assert all(re.fullmatch(r"[A-Za-z0-9]+", statement["Sid"]) for statement in statements)
    assert len({statement["Sid"] for statement in statements}) == len(statements)


@pytest.mark.parametrize("name", ["monitoring", "dms", "secrets"])
def test_only_the_key_policy_has_wildcards(name: str) -> None:
    for statement in DOCUMENTS[name]["Statement"]:
        assert "*" not in json.dumps([statement.get("Action"), statement.get("Resource")])
