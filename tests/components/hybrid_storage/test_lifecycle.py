"""Lifecycle rules as data."""

from hypothesis import given
from hypothesis import strategies as st

from components.hybrid_storage import lifecycle


def test_files_are_tiered_archived_and_cleaned_up() -> None:
    rules = lifecycle.bucket_rules(
        hot_days=7,
        tier_class="INTELLIGENT_TIERING",
        archive_days=365,
        archive_class="DEEP_ARCHIVE",
        noncurrent_days=30,
        abort_upload_days=3,
    )
    assert rules == [
        {
            "id": "tier-then-archive",
            "status": "Enabled",
            "filter": {},
            "transitions": [
                {"days": 7, "storage_class": "INTELLIGENT_TIERING"},
                {"days": 365, "storage_class": "DEEP_ARCHIVE"},
            ],
        },
        {
            "id": "expire-old-versions",
            "status": "Enabled",
            "filter": {},
            "noncurrent_version_expiration": {"noncurrent_days": 30},
            "expiration": {"expired_object_delete_marker": True},
        },
        {
            "id": "abort-broken-uploads",
            "status": "Enabled",
            "filter": {},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 3},
        },
    ]


def test_current_files_never_expire() -> None:
    rules = lifecycle.bucket_rules(
        hot_days=1,
        tier_class="STANDARD_IA",
        archive_days=2,
        archive_class="GLACIER",
        noncurrent_days=1,
        abort_upload_days=1,
    )
    assert all("days" not in rule.get("expiration", {}) for rule in rules)  # type: ignore[operator]


@given(st.integers(1, 36_500), st.integers(1, 36_500))
def test_logs_expire_after_their_days_and_are_never_moved(days: int, abort: int) -> None:
    rules = lifecycle.log_rules(retention_days=days, abort_upload_days=abort)
    assert rules[0] == {"id": "expire-logs", "status": "Enabled", "filter": {}, "expiration": {"days": days}}
    assert all("transitions" not in rule for rule in rules)


def test_efs_takes_one_transition_to_a_policy_in_its_own_words() -> None:
    assert lifecycle.efs_policies(ia_days=1, archive_days=365) == [
        {"transition_to_ia": "AFTER_1_DAY"},
        {"transition_to_archive": "AFTER_365_DAYS"},
        {"transition_to_primary_storage_class": "AFTER_1_ACCESS"},
    ]
