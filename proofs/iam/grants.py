"""Whether a document grants more than it says: to anybody, to the wrong one, or on everything."""

import re

from proofs.iam import catalogue
from proofs.iam.documents import Document, Statement
from proofs.iam.findings import Finding, Findings, finding
from proofs.iam.globs import FIELDS
from proofs.iam.reasons import DEPUTIES, FOREIGN, SILENT, STAR_RESOURCES, WITHOUT_POLICY
from rehearsal import wire
from rehearsal.run import Rehearsal

SOURCES = (
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "kms:encryptioncontext:",
    "kms:calleraccount",
)
"""Keys that say for whom a service acts."""
BOUNDARIES = (
    *SOURCES,
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "elasticfilesystem:accessedviamounttarget",
)
"""Keys that say who it is, where the principal is everybody."""
OWNERS = ("aws:resourceaccount", "aws:resourceorgid", "aws:principalaccount", "aws:principalorgid")
"""Keys that keep an endpoint policy to an account or an organization."""
TAGS = ("aws:resourcetag/", "ec2:resourcetag/", "ecs:resourcetag/", "ssm:resourcetag/", "secretsmanager:resourcetag/")
"""Keys that choose among the resources of a kind."""
MAKING = ("Create", "Register", "Request", "Run")
"""What the names of actions begin with that make something new."""
ROLES = frozenset({"iam:PassRole", "sts:AssumeRole"})
"""Actions that proofs.iam.escalation has its own word on."""
ACCOUNTS = ("aws:sourceaccount", "aws:principalaccount", "aws:resourceaccount", "aws:vpceaccount", "kms:calleraccount")
"""Keys whose value is the id of an account."""
ACCOUNT = re.compile(r"arn:[a-z-]+:(?:iam|sts)::(\d{12}):|(\d{12})$")


def star_resources(document: Document, account: str) -> Findings:
    """`*`, or all of a kind, stands only where an action knows no less, where it means the resource itself, where a tag chooses
    among them, or where there is a reason."""
    if document.kind in ("itself", "trust"):
        return
    for one in document.statements:
        if not one.allows or (document.kind == "endpoint" and any(key in OWNERS for key in _holding(one, account))):
            continue
        reason = STAR_RESOURCES.get(one.sid)
        excused = reason.actions if reason else frozenset()
        actions = [action for action in one.actions if action not in excused]
        if any(map(_everything, one.resources)):
            wide, what = [action for action in actions if _limitable(action)], "every resource"
        elif any(key.startswith(TAGS) for key in _holding(one, account)):
            continue
        else:
            kinds = [resource for resource in one.resources if all_of_a_kind(resource)]
            wide, what = [action for action in actions if kinds and _choosy(action)], ", ".join(kinds)
        if wide:
            message = (
                f"{', '.join(wide)} on {what}; allowed: `*` for actions that know no resource; name the resources, or "
                "give the Sid its reason in proofs/iam/reasons.py"
            )
            yield finding("star-resource", document, one, message)


def all_of_a_kind(resource: str) -> bool:
    """Whether an ARN stands for all resources of its kind: every bucket, every key, every role."""
    fields = resource.split(":", FIELDS - 1)
    if len(fields) < FIELDS:
        return set(resource) <= {"*"}
    # What an ARN of S3 begins with is the bucket's own name.
    pattern = r"\*[*/]*" if fields[2] == "s3" else r"([a-z-]+[:/])?\*[*:/]*"
    return bool(re.fullmatch(pattern, fields[-1]))


def _everything(resource: str) -> bool:
    return set(resource) <= {"*"} or bool(re.fullmatch(r"arn:[*a-z-]+:\*.*", resource))


def _limitable(action: str) -> bool:
    return action == "*" or any(known.resources for known in catalogue.meant(action))


def _choosy(action: str) -> bool:
    """Whether an action does something to a resource that is there: to list all is what listing is for, and what is yet to be
    made has no name."""
    return action == "*" or any(
        known.resources and known.level != "List" and not known.name.partition(":")[2].startswith(MAKING)
        for known in catalogue.meant(action)
        if known.name not in ROLES
    )


def open_endpoints(rehearsal: Rehearsal) -> Findings:
    """An endpoint has a policy: without one, AWS lets everything through, and data could leave with the keys of another
    account, or a shell be opened with them."""
    for node in rehearsal.created("aws:ec2/vpcEndpoint:VpcEndpoint"):
        inputs = wire.unwrap(node.inputs)
        service = str(inputs.get("serviceName")).partition(f"{node.region}.")[2]
        if service not in WITHOUT_POLICY and not inputs.get("policy"):
            message = (
                f"the endpoint of {service} has no policy, so that it lets everything through; allowed: a policy that keeps it "
                "to this account; add one"
            )
            yield Finding("open-endpoint", node.urn, "policy", "", message)


def principals(document: Document, account: str) -> Findings:
    """Who is granted something is somebody, of this account, and a service acts for this account only."""
    for one in document.statements:
        if not one.allows or document.kind in ("identity", "endpoint"):
            continue
        keys = _holding(one, account)
        for kind, name in one.principals:
            held = keys | (_holding(one, account, if_exists=True) if name.split(".")[0] in SILENT else set())
            if name == "*" and not _any_of(keys, BOUNDARIES):
                message = "it grants to everybody; allowed: named principals, or a condition on who it is; name them"
                yield finding("open-principal", document, one, message)
            elif kind == "Service" and not _any_of(held, SOURCES) and not _excused(document, name, one.sid):
                message = (
                    f"{name} may act here for any account; allowed: with a condition on aws:SourceAccount or aws:SourceArn, "
                    "else it can be made a confused deputy; add one"
                )
                yield finding("confused-deputy", document, one, message)
            elif kind == "AWS" and one.sid in FOREIGN and document.kind == "itself":
                continue
            elif kind == "AWS" and (found := ACCOUNT.match(name)) and (found[1] or found[2]) != account:
                message = f"it grants to {name}; allowed: principals of the account {account}; remove it"
                yield finding("foreign-principal", document, one, message)


def _excused(document: Document, service: str, sid: str) -> bool:
    return any((document.kind, service, statement) in DEPUTIES for statement in (sid, ""))


def _any_of(keys: set[str], wanted: tuple[str, ...]) -> bool:
    return any(key.startswith(wanted) for key in keys)


def _holding(statement: Statement, account: str, *, if_exists: bool = False) -> set[str]:
    """The keys, in lower case, of conditions that hold somebody back: not those that only exclude some, that also hold where
    the key is missing (unless `if_exists`), or that any value, or that of another account, satisfies.
    """
    held = set()
    for operator, key, values in statement.conditions:
        told, lower = operator.removesuffix("IfExists"), key.lower()
        lenient = "Not" in told or told == "Null" or told.startswith("ForAllValues:")
        if not lenient and (if_exists or told == operator) and all(_narrow(told, lower, value, account) for value in values):
            held.add(lower)
    return held


def _narrow(operator: str, key: str, value: str, account: str) -> bool:
    if operator == "Bool":
        return value == "true"
    if key in ACCOUNTS:
        return value == account
    fields = value.split(":", FIELDS - 1)
    if len(fields) == FIELDS:
        # The names of buckets are everybody's, so that their ARNs have no account.
        return not set(fields[4]) & {"*", "?"} and not (fields[2] == "s3" and set(fields[5]) <= {"*", "?", "/"})
    return not set(value) <= {"*", "?"}
