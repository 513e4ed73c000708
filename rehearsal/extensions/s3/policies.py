"""S3: bucket policies with their conditions, which moto leaves out, so that whatever refuses old TLS refuses everybody.

A request to the emulated account counts as one that came by TLS: everything else about it is that of the account's own
administrator. Keys that a request does not carry are missing, as they are for S3.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import fnmatch
import json
import re
from collections.abc import Callable
from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

TLS = "1.3"
_OPERATOR = re.compile(r"(?:(?P<set>ForAllValues|ForAnyValue):)?(?P<name>[A-Za-z]+?)(?P<optional>IfExists)?")


def _number(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    return lambda given, wanted: compare(float(given), float(wanted))


def _like(given: str, wanted: str) -> bool:
    """Only `*` and `?` mean anything in a policy."""
    return fnmatch.fnmatchcase(given, wanted.replace("[", "[[]"))


_MATCH: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda given, wanted: given == wanted,
    "StringEqualsIgnoreCase": lambda given, wanted: given.lower() == wanted.lower(),
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": lambda given, wanted: given.lower() == wanted.lower(),
    "NumericEquals": _number(lambda given, wanted: given == wanted),
    "NumericLessThan": _number(lambda given, wanted: given < wanted),
    "NumericLessThanEquals": _number(lambda given, wanted: given <= wanted),
    "NumericGreaterThan": _number(lambda given, wanted: given > wanted),
    "NumericGreaterThanEquals": _number(lambda given, wanted: given >= wanted),
}


def permission(policy: bytes | str | None, action: str, resource: str, context: dict[str, str]) -> PermissionResult:
    """What a bucket policy says to a request: denied, permitted, or nothing."""
    statements = json.loads(policy)["Statement"] if policy else []
    effects = {
        one["Effect"]
        for one in ([statements] if isinstance(statements, dict) else statements)
        if _concerns(one, "Action", action.lower())
        and _concerns(one, "Resource", resource)
        and _everybody(one)
        and all(
            holds(operator, key, _listed(wanted), context)
            for operator, keys in one.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    }
    if "Deny" in effects:
        return PermissionResult.DENIED
    return PermissionResult.PERMITTED if "Allow" in effects else PermissionResult.NEUTRAL


def holds(operator: str, key: str, wanted: list[str], context: dict[str, str]) -> bool:
    """Whether one condition of a statement holds for a request. An operator that is not known here does not hold."""
    parts = _OPERATOR.fullmatch(operator)
    name = parts["name"] if parts else operator
    given = {known.lower(): value for known, value in context.items()}.get(key.lower())
    if name == "Null":
        return (given is None) == (wanted[0].lower() == "true")
    negated = "Not" in name
    match = _MATCH.get(name.replace("Not", ""))
    if match is None:
        return False
    if given is None:
        return negated or bool(parts and (parts["optional"] or parts["set"] == "ForAllValues"))
    return any(match(given, one) for one in wanted) != negated


def _concerns(statement: dict[str, Any], element: str, value: str) -> bool:
    negated = f"Not{element}" in statement
    patterns = _listed(statement[f"Not{element}"] if negated else statement.get(element, []))
    if element == "Action":  # names of actions are written in any case, those of buckets and files are not
        patterns = [pattern.lower() for pattern in patterns]
    return any(_like(value, pattern) for pattern in patterns) != negated


def _everybody(statement: dict[str, Any]) -> bool:
    """Whether the statement is about whoever asks. Those about services and roles say nothing of the administrator."""
    principal = statement.get("Principal", "*")
    return "*" in _listed(principal.get("AWS", []) if isinstance(principal, dict) else principal)


def _listed(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value])]


def _get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
    context = {"aws:SecureTransport": "true", "s3:TlsVersion": TLS, "aws:PrincipalAccount": self.account_id}
    # S3 asks for the same right whether the file or only what is known of it is read, and for each way to write it.
    asked = {"s3:HeadObject": "s3:GetObject", "s3:PostObject": "s3:PutObject"}.get(action, action)
    return permission(self.policy, asked, resource, context)


# S3 is no service of one method an operation in moto, which `extend.operation` could replace.
FakeBucket.get_permission = _get_permission  # type: ignore[method-assign]
