"""Policies of the team, beside those of Hybridge."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import ResourceValidationArgs, Severity
from rules.making import resource_policy
from rules.reading import get


def _encrypted(queue: ResourceValidationArgs, options: Mapping[str, Any]) -> Iterator[str]:
    if not get(queue, "kmsMasterKeyId"):
        yield "it has no key of ours; allowed: queues with kmsMasterKeyId; give it one"


POLICIES = [
    resource_policy(
        "queues-have-our-key",
        "Queues are encrypted by a key of ours.",
        {"aws:sqs/queue:Queue": _encrypted},
        severity=Severity.HIGH,
    )
]
