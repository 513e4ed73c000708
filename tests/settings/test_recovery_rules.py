"""What the settings refuse of a second region: states that promote or destroy by accident, and networks that overlap."""

from typing import Any

import pytest

from components.settings import parse
from components.settings.parse import merged
from tests.settings.test_parse import REGION, SOURCE, told, with_

PRIMARY: dict[str, Any] = with_(
    secondaryRegion="ap-northeast-1", disasterRecovery={"secondaryCidr": "10.30.0.0/16"}, database={"backupRetentionDays": 7}
)
SECONDARY: dict[str, Any] = with_(
    role="secondary", primaryStack="prod", mode="pilot-light", disasterRecovery={"primaryCidr": "10.30.0.0/16"}
)
TAKEN_OVER: dict[str, Any] = merged(
    SECONDARY, {"mode": "active", "primaryState": "lost", "disasterRecovery": {"promoted": True}}
)
TOKYO_DATABASE = "arn:aws:rds:ap-northeast-1:123456789012:db:hybridge-dr-database-1"
MUMBAI_DATABASE = "arn:aws:rds:ap-south-1:123456789012:db:hybridge-dr-database-1"

ALLOWED: dict[str, dict[str, Any]] = {
    "one region alone": with_(),
    "a primary with a second region": PRIMARY,
    "a secondary that waits": SECONDARY,
    "a secondary of a stack of another project": merged(SECONDARY, {"primaryStack": "corp/hybridge/prod"}),
    "a secondary that stands by warm": merged(SECONDARY, {"mode": "warm-standby"}),
    "a secondary that has taken over": TAKEN_OVER,
    "a primary that was only stopped": merged(TAKEN_OVER, {"primaryState": "stopped"}),
    "a promoted database while the platform is taken back": merged(
        TAKEN_OVER, {"mode": "pilot-light", "primaryState": "stopped"}
    ),
    "what a primary that is gone has exported": merged(
        TAKEN_OVER, {"disasterRecovery": {"primaryOutputs": {"region": "us-east-1"}}}
    ),
    "transit gateways that part before one goes": merged(
        SECONDARY, {"network": {"hub": "transitGateway"}, "disasterRecovery": {"peering": False}}
    ),
    "a new replica beside the promoted database": merged(SECONDARY, {"disasterRecovery": {"generation": 2}}),
    "a primary whose database follows the secondary's": merged(
        PRIMARY, {"disasterRecovery": {"restoreFrom": TOKYO_DATABASE, "generation": 2}}
    ),
    "a primary that takes the writes back": merged(
        PRIMARY,
        {
            "disasterRecovery": {
                "restoreFrom": TOKYO_DATABASE,
                "generation": 2,
                "promoted": True,
                "secondaryState": "stopped",
            }
        },
    ),
    "dms between transit gateways": merged(
        SECONDARY, {"network": {"hub": "transitGateway"}, "disasterRecovery": {"database": "dms"}}
    ),
    "a primary that sends no backups, with dms": merged(
        PRIMARY,
        {
            "network": {"hub": "transitGateway"},
            "disasterRecovery": {"database": "dms"},
            "database": {"backupRetentionDays": 0},
        },
    ),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_is_allowed(case: str) -> None:
    parse(ALLOWED[case], REGION)


Told = list[tuple[str, str]]
REFUSED: dict[str, tuple[dict[str, Any], Told]] = {
    "a secondary that says nothing": (
        with_(role="secondary"),
        [
            ("hybridge:disasterRecovery.primaryCidr", "(not set)"),
            ("hybridge:mode", "(not set)"),
            ("hybridge:primaryStack", "(not set)"),
        ],
    ),
    "a mode that does not exist": (merged(SECONDARY, {"mode": "hot"}), [("hybridge:mode", '"hot"')]),
    "a mode left empty": (merged(SECONDARY, {"mode": ""}), [("hybridge:mode", "(not set)")]),
    "a stack name with spaces": (merged(SECONDARY, {"primaryStack": "my prod"}), [("hybridge:primaryStack", '"my prod"')]),
    "a secondary with a second region": (
        merged(SECONDARY, {"secondaryRegion": "us-east-1"}),
        [("hybridge:secondaryRegion", '"us-east-1"')],
    ),
    "a primary with the keys of a secondary": (
        with_(primaryStack="prod", mode="active", primaryState="lost"),
        [("hybridge:mode", '"active"'), ("hybridge:primaryStack", '"prod"'), ("hybridge:primaryState", '"lost"')],
    ),
    "a primary with the section of a secondary": (
        merged(PRIMARY, {"disasterRecovery": {"primaryCidr": "10.40.0.0/16", "deleteMarkers": True, "directConnect": False}}),
        [
            ("hybridge:disasterRecovery.deleteMarkers", "true"),
            ("hybridge:disasterRecovery.directConnect", "false"),
            ("hybridge:disasterRecovery.primaryCidr", '"10.40.0.0/16"'),
        ],
    ),
    "a secondary with the section of a primary": (
        merged(SECONDARY, {"disasterRecovery": {"secondaryCidr": "10.40.0.0/16", "secondaryState": "stopped"}}),
        [
            ("hybridge:disasterRecovery.secondaryCidr", '"10.40.0.0/16"'),
            ("hybridge:disasterRecovery.secondaryState", '"stopped"'),
        ],
    ),
    "a second region that is the first": (
        merged(PRIMARY, {"secondaryRegion": REGION}),
        [("hybridge:secondaryRegion", f'"{REGION}"')],
    ),
    "a second region on the moon": (merged(PRIMARY, {"secondaryRegion": "moon-1"}), [("hybridge:secondaryRegion", '"moon-1"')]),
    "a second region without its block": (
        with_(secondaryRegion="ap-northeast-1"),
        [("hybridge:disasterRecovery.secondaryCidr", "(not set)")],
    ),
    "to take over from a primary at work": (
        merged(SECONDARY, {"mode": "active", "disasterRecovery": {"promoted": True}}),
        [("hybridge:disasterRecovery.promoted", "true"), ("hybridge:mode", '"active"')],
    ),
    "to take over with the mode alone": (
        merged(SECONDARY, {"mode": "active"}),
        [("hybridge:disasterRecovery.promoted", "false, which is the default"), ("hybridge:mode", '"active"')],
    ),
    "to take over with a database that takes no writes": (
        merged(SECONDARY, {"mode": "active", "primaryState": "lost"}),
        [("hybridge:disasterRecovery.promoted", "false, which is the default")],
    ),
    "to promote while the primary serves": (
        merged(SECONDARY, {"disasterRecovery": {"promoted": True}}),
        [("hybridge:disasterRecovery.promoted", "true")],
    ),
    "to forget that the database was promoted while still active": (
        merged(TAKEN_OVER, {"disasterRecovery": {"promoted": False}}),
        [("hybridge:disasterRecovery.promoted", "false")],
    ),
    "to forget that the database was promoted while the platform is taken back": (
        merged(TAKEN_OVER, {"mode": "pilot-light", "primaryState": "stopped", "disasterRecovery": {"promoted": False}}),
        [("hybridge:primaryState", '"stopped"')],
    ),
    "what was seen of the primary before the last failover": (
        merged(SECONDARY, {"primaryState": "lost", "disasterRecovery": {"generation": 2}}),
        [("hybridge:primaryState", '"lost"')],
    ),
    "what was seen of the secondary before the last failback": (
        merged(
            PRIMARY,
            {"disasterRecovery": {"restoreFrom": TOKYO_DATABASE, "generation": 3, "secondaryState": "stopped"}},
        ),
        [("hybridge:disasterRecovery.secondaryState", '"stopped"')],
    ),
    "dms without peers": (
        merged(SECONDARY, {"network": {"hub": "transitGateway"}, "disasterRecovery": {"database": "dms", "peering": False}}),
        [("hybridge:disasterRecovery.peering", "false")],
    ),
    "outputs of a primary that is there": (
        merged(SECONDARY, {"disasterRecovery": {"primaryOutputs": {"region": "us-east-1", "privateZoneId": "Z1"}}}),
        [("hybridge:disasterRecovery.primaryOutputs", '["region", "privateZoneId"]')],
    ),
    "to begin again with an empty database": (
        merged(PRIMARY, {"disasterRecovery": {"generation": 2}}),
        [("hybridge:disasterRecovery.generation", "2")],
    ),
    "to make a replica of the primary that is there": (
        merged(PRIMARY, {"disasterRecovery": {"restoreFrom": TOKYO_DATABASE}}),
        [("hybridge:disasterRecovery.generation", "1, which is the default")],
    ),
    "to follow a database of a third region": (
        merged(PRIMARY, {"disasterRecovery": {"restoreFrom": MUMBAI_DATABASE, "generation": 2}}),
        [("hybridge:disasterRecovery.restoreFrom", f'"{MUMBAI_DATABASE}"')],
    ),
    "to promote what follows nothing": (
        merged(PRIMARY, {"disasterRecovery": {"promoted": True}}),
        [("hybridge:disasterRecovery.promoted", "true")],
    ),
    "to take the writes back while the secondary takes them": (
        merged(PRIMARY, {"disasterRecovery": {"restoreFrom": TOKYO_DATABASE, "generation": 2, "promoted": True}}),
        [("hybridge:disasterRecovery.promoted", "true")],
    ),
    "two regions with one block": (
        merged(SECONDARY, {"disasterRecovery": {"primaryCidr": "10.20.0.0/20"}}),
        [("hybridge:disasterRecovery.primaryCidr", '"10.20.0.0/20"')],
    ),
    "a primary that has a block of on-premises": (
        merged(SECONDARY, {"disasterRecovery": {"primaryCidr": "192.168.64.0/20"}}),
        [("hybridge:disasterRecovery.primaryCidr", '"192.168.64.0/20"')],
    ),
    "a secondary that has a block of on-premises": (
        merged(PRIMARY, {"disasterRecovery": {"secondaryCidr": "10.0.0.0/16"}}),
        [("hybridge:disasterRecovery.secondaryCidr", '"10.0.0.0/16"')],
    ),
    "prefixes of the other region": (
        merged(SECONDARY, {"directConnect": {"allowedPrefixes": ["10.20.0.0/16", "10.30.128.0/17"]}}),
        [("hybridge:directConnect.allowedPrefixes[1]", '"10.30.128.0/17"')],
    ),
    "dms without a way between the regions": (
        merged(PRIMARY, {"disasterRecovery": {"database": "dms"}}),
        [("hybridge:disasterRecovery.database", '"dms"')],
    ),
    "a version that DMS cannot read": (
        merged(
            PRIMARY,
            {
                "network": {"hub": "transitGateway"},
                "disasterRecovery": {"database": "dms"},
                "database": {"engineVersion": "18"},
            },
        ),
        [("hybridge:database.engineVersion", '"18"')],
    ),
    "a version that the engine of DMS cannot write": (
        merged(
            SECONDARY,
            {
                "network": {"hub": "transitGateway"},
                "disasterRecovery": {"database": "dms"},
                "migration": {"engineVersion": "3.5.4"},
            },
        ),
        [("hybridge:migration.engineVersion", '"3.5.4"')],
    ),
    "copies of a database without backups": (
        merged(PRIMARY, {"database": {"backupRetentionDays": 0}}),
        [("hybridge:database.backupRetentionDays", "0")],
    ),
    "DMS roles of the account a second time": (
        merged(SECONDARY, {"migration": {"roles": "create"}}),
        [("hybridge:migration.roles", '"create"')],
    ),
    "a migration into a replica": (
        merged(
            SECONDARY,
            {
                "migration": {
                    "stage": "prepare",
                    "sources": [SOURCE],
                }
            },
        ),
        [("hybridge:migration.stage", '"prepare"')],
    ),
    "a migration into a primary that follows": (
        merged(
            PRIMARY,
            {
                "disasterRecovery": {"restoreFrom": TOKYO_DATABASE, "generation": 2},
                "migration": {"stage": "replicate", "sources": [SOURCE]},
            },
        ),
        [("hybridge:migration.stage", '"replicate"')],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused(case: str) -> None:
    raw, expected = REFUSED[case]
    mistakes = told(raw)
    assert [(key, value) for key, value, _, _ in mistakes] == expected
    assert all(allowed and fix.endswith(".") for _, _, allowed, fix in mistakes)


def test_the_refusal_of_a_failover_says_what_a_person_has_to_do() -> None:
    assert told(merged(SECONDARY, {"mode": "active"})) == [
        (
            "hybridge:disasterRecovery.promoted",
            "false, which is the default",
            "true in mode active: the database of the secondary takes the writes, and does not follow the primary's again",
            "Set it to true together with the mode, and leave it so when the mode changes back.",
        ),
        (
            "hybridge:mode",
            '"active"',
            "pilot-light or warm-standby while primaryState is serving: two regions would take writes",
            "Make sure that nothing writes to the primary any more, then set primaryState to stopped, or to lost.",
        ),
    ]


def test_a_secondary_has_defaults_of_its_own_that_the_stack_file_can_change() -> None:
    settings = parse(SECONDARY, REGION)
    assert (settings.storage.hot_days, settings.storage.archive_days, settings.migration.roles) == (1, 180, "adopt")
    assert parse(merged(SECONDARY, {"storage": {"hotDays": 9}}), REGION).storage.hot_days == 9
    assert parse(PRIMARY, REGION).storage.hot_days == 7


def test_of_an_unknown_role_nothing_is_said_that_depends_on_it() -> None:
    assert [key for key, *_ in told(merged(SECONDARY, {"role": "tertiary", "storage": {"archiveDays": 5}}))] == [
        "hybridge:role"
    ]
