"""S3: the lifecycles that AWS refuses and moto takes."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend

INFREQUENT_ACCESS = ("STANDARD_IA", "ONEZONE_IA")
WATERFALL = ("STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")
"""A file moves down this list only.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"""
DAYS = 30

_put: Callable[[S3Backend, str, list[dict[str, Any]]], None] = S3Backend.put_bucket_lifecycle


def _invalid(message: str) -> S3ClientError:
    return S3ClientError("InvalidArgument", message)


def check(transitions: list[tuple[int, str]]) -> None:
    """Raise S3's error for transitions, as days and storage class, that it refuses within one rule."""
    for days, storage_class in transitions:
        if storage_class in INFREQUENT_ACCESS and days < DAYS:
            raise _invalid(
                f"'Days' in Transition action must be greater than or equal to {DAYS} for storageClass '{storage_class}'"
            )
    ordered = sorted(transitions, key=lambda one: WATERFALL.index(one[1]))
    for (days, storage_class), (later, colder) in pairwise(ordered):
        apart = DAYS if storage_class in INFREQUENT_ACCESS else 1
        if later - days < apart:
            raise _invalid(
                f"'Days' in the Transition action for StorageClass '{colder}' must be {apart} days more than in that for "
                f"'{storage_class}'"
            )


def _put_bucket_lifecycle(self: S3Backend, bucket_name: str, rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        given = rule.get("Transition", [])
        transitions = given if isinstance(given, list) else [given]
        check([(int(one["Days"]), one["StorageClass"]) for one in transitions if "Days" in one])
    _put(self, bucket_name, rules)


# S3 is no service of one method an operation in moto, which `extend.operation` could replace.
S3Backend.put_bucket_lifecycle = _put_bucket_lifecycle  # type: ignore[method-assign]
