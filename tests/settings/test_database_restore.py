from typing import Any

import pytest
from pydantic import ValidationError

from components.settings.base import all_mistakes
from components.settings.database import Database
from components.settings.database_restore import Restore
from components.settings.disaster_recovery import DisasterRecovery
from components.settings.recovery_rules import restored_while_following
from components.settings.sizes import SIZES

SOURCE, TIME = "hybridge-prod-database", "2026-11-30T10:15:00Z"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"source": SOURCE}, []),
        ({"source": SOURCE, "time": TIME}, []),
        ({"snapshot": "rds:hybridge-prod-database-2026-11-30-17-05"}, []),
        ({"snapshot": "arn:aws:rds:ap-northeast-2:123456789012:snapshot:shared"}, []),
        ({}, ["source"]),
        ({"source": SOURCE, "snapshot": "one"}, ["source"]),
        ({"snapshot": "one", "time": TIME}, ["time"]),
    ],
)
def test_a_restore_has_one_origin(given: dict[str, Any], wrong: list[str]) -> None:
    assert [mistake.key for mistake in all_mistakes(Restore.model_validate({"generation": 1, **given}))] == wrong


@pytest.mark.parametrize("time", ["2026-11-30", "2026-11-30 10:15:00", "yesterday"])
def test_a_time_is_written_in_full_and_in_utc(time: str) -> None:
    with pytest.raises(ValidationError):
        Restore.model_validate({"generation": 1, "source": SOURCE, "time": time})


def test_what_follows_another_region_is_not_restored() -> None:
    restore = {"restoreInstead": {"generation": 1, "source": SOURCE}}
    database = Database.model_validate({**SIZES["small"]["database"], **restore})

    def wrong(role: str, **recovery: Any) -> list[str]:
        return [one.key for one in restored_while_following(role, DisasterRecovery.model_validate(recovery), database)]

    assert wrong("primary") == []
    assert wrong("secondary") == ["database.restoreInstead"]
    assert wrong("secondary", promoted=True) == []
    back = "arn:aws:rds:ap-northeast-1:123456789012:db:hybridge-dr-database-replica-1"
    assert wrong("primary", restoreFrom=back) == ["database.restoreInstead"]
