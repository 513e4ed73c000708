"""Whether a document is one that AWS takes: its elements, its size, its actions, its ARNs, its conditions."""

import re
from collections import Counter
from collections.abc import Iterator

from proofs.iam import catalogue
from proofs.iam.documents import Document, Kind, Statement
from proofs.iam.findings import Finding, Findings, finding
from proofs.iam.globs import arns_overlap
from proofs.iam.reasons import CONDITIONS

VERSION = "2012-10-17"
SID = re.compile(r"[A-Za-z0-9]+")

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, and the quotas of each service
SIZES: dict[str, int] = {
    "aws:iam/groupPolicy:GroupPolicy": 5_120,
    "aws:iam/policy:Policy": 6_144,
    "aws:iam/role:Role": 2_048,
    "aws:iam/rolePolicy:RolePolicy": 10_240,
    "aws:iam/userPolicy:UserPolicy": 2_048,
    "aws:ec2/vpcEndpoint:VpcEndpoint": 20_480,
    "aws:efs/fileSystemPolicy:FileSystemPolicy": 20_000,
    "aws:kms/key:Key": 32_768,
    "aws:s3/bucketPolicy:BucketPolicy": 20_480,
    "aws:sns/topicPolicy:TopicPolicy": 30_720,
}
"""Type -> characters that a document of its may have, white space aside. The sum, where a role has several inline policies."""

OPERATORS = re.compile(
    r"(ForAllValues:|ForAnyValue:)?("
    r"String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?"
    r"|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null"
    r")(IfExists)?"
)
EXACT = re.compile(r"(ForAllValues:|ForAnyValue:)?String(Not)?Equals(IgnoreCase)?(IfExists)?")
"""Operators to which a wildcard is a character like any other."""

WITH_RESOURCES: frozenset[Kind] = frozenset({"identity", "resource", "endpoint"})
"""Kinds whose statements name resources other than the one that the document is part of."""


def well_formed(document: Document) -> Findings:
    """The elements of the document and of its statements."""

    def wrong(statement: Statement | None, message: str) -> Finding:
        return finding("malformed", document, statement, message)

    if (version := document.content.get("Version")) != VERSION:
        yield wrong(None, f"Version is {version!r}; allowed: {VERSION!r}, without which variables are plain text; set it")
    limit = SIZES.get(document.type)
    if limit and document.size > limit:
        yield wrong(None, f"it has {document.size} characters; allowed: {limit}; split it, or name resources by patterns")
    for sid, count in Counter(one.sid for one in document.statements).items():
        if count > 1 and sid:
            yield wrong(None, f"{count} statements have the Sid {sid}; allowed: each Sid once; rename them")
    for one in document.statements:
        if not SID.fullmatch(one.sid):
            yield wrong(one, f"Sid is {one.sid!r}; allowed: letters and digits; say what the statement is for")
        if one.effect not in ("Allow", "Deny"):
            yield wrong(one, f"Effect is {one.effect!r}; allowed: Allow, Deny; choose one")
        if not one.actions and "NotAction" not in one.excludes:
            yield wrong(one, "it has no Action; allowed: a list of actions; list them")
        if document.kind in WITH_RESOURCES and not one.resources and "NotResource" not in one.excludes:
            yield wrong(one, "it has no Resource; allowed: ARNs; name them")
        if document.kind == "identity" and one.principals:
            yield wrong(one, "it has a Principal; allowed: none in the policy of a role; remove it")
        if document.kind != "identity" and not one.principals and "NotPrincipal" not in one.excludes:
            yield wrong(one, "it has no Principal; allowed: who is meant; name it")
        if one.allows and one.excludes:
            yield wrong(
                one, f"it allows by {', '.join(one.excludes)}, all but what is named; allowed: lists; list what is meant"
            )


def known_actions(document: Document) -> Findings:
    """Every action exists. A misspelt one is not refused by AWS: it allows nothing, and denies nothing either."""
    for one in document.statements:
        for action in one.actions:
            if action == "*":
                continue
            service = action.partition(":")[0]
            try:
                found = catalogue.matching(action)
            except catalogue.UnknownService:
                message = f"{action} is of the service {service!r}, which AWS does not have; allowed: its prefixes; correct it"
                yield finding("unknown-action", document, one, message)
                continue
            if not found:
                message = f"{action} does not exist; allowed: actions of {service}; correct it"
                yield finding("unknown-action", document, one, message)


def fitting_resources(document: Document) -> Findings:
    """Every action acts on one of the resources of its statement; else the statement does nothing for it."""
    if document.kind not in WITH_RESOURCES:
        return
    for one in document.statements:
        if not one.resources or "*" in one.resources:
            continue
        for action in one.actions:
            found = catalogue.meant(action)
            if not found or any(_acts_on(known, arn) for known in found for arn in one.resources):
                continue
            patterns = sorted({pattern for known in found for pattern in known.resources})
            allowed = " or ".join(patterns) or "* only, since it knows no resource"
            message = f"{action} does not act on {', '.join(one.resources)}; allowed: {allowed}; name that"
            yield finding("mismatched-resource", document, one, message)


def _acts_on(action: catalogue.Action, arn: str) -> bool:
    return any(arns_overlap(arn, pattern) for pattern in action.resources if not _object_for_bucket(pattern, arn))


def _object_for_bucket(pattern: str, arn: str) -> bool:
    """Whether the ARN of objects stands where that of a bucket should: the pattern of a bucket matches both."""
    return pattern == "arn:*:s3:::*" and "/" in arn


def conditions(document: Document) -> Findings:
    """Operators exist, and every key comes with an action of the statement; else it never matches."""
    for one in document.statements:
        found = [known for action in one.actions for known in catalogue.meant(action)]
        for operator, key, values in one.conditions:
            for message in _condition(one, operator, key, values, found):
                yield finding("condition", document, one, message)


def _condition(
    statement: Statement, operator: str, key: str, values: tuple[str, ...], found: list[catalogue.Action]
) -> Iterator[str]:
    if not OPERATORS.fullmatch(operator):
        yield f"the operator {operator} does not exist; allowed: StringEquals, ArnLike, Bool, ...; correct it"
    if operator.startswith("ForAllValues:") and statement.allows and f"null:{key.lower()}" not in _nulls(statement):
        yield f"{operator} also holds where {key} is missing; allowed: with Null of the same key; add it, or use ForAnyValue"
    wild = [value for value in values if ("*" in value or "?" in value)]
    if wild and EXACT.fullmatch(operator):
        yield f"{operator} takes {wild[0]} letter by letter; allowed: StringLike or ArnLike for patterns; use one of them"
    if not found:
        return
    lacking = [known.name for known in found if not known.carries(key) and (known.name.lower(), key.lower()) not in CONDITIONS]
    # A pattern of actions is held to nothing more than that some of them have the key.
    exact = not any("*" in action or "?" in action for action in statement.actions)
    if len(lacking) == len(found) or (lacking and exact and statement.allows and not operator.endswith("IfExists")):
        yield f"{key} does not come with {', '.join(lacking[:3])}; allowed: keys that the action has; correct or split it"


def _nulls(statement: Statement) -> set[str]:
    return {f"null:{key.lower()}" for operator, key, _ in statement.conditions if operator == "Null"}
