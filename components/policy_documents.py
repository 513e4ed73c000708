"""What the policy documents of all components are made of: the frame, and who may assume a role."""

from collections.abc import Sequence
from typing import Any

Document = dict[str, Any]


def document(*statements: Document) -> Document:
    """A policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def assumed_by(sid: str, service: str, account: str | None = None, source: str | Sequence[str] | None = None) -> Document:
    """Who may assume a role: a service, on behalf of `account` and of the ARNs that `source` matches.

    Without the two, the service could be made to use the role for somebody else, the confused deputy; leave them out only where
    the service does not say for whom it asks.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    condition: dict[str, Any] = {}
    if account is not None:
        condition["StringEquals"] = {"aws:SourceAccount": account}
    if source is not None:
        condition["ArnLike"] = {"aws:SourceArn": source}
    statement = {"Sid": sid, "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return document({**statement, "Condition": condition} if condition else statement)
