"""Whether a document grants more than it says: to anybody, to the wrong one, or on everything."""

import re

from proofs.iam import catalogue
from proofs.iam.documents import Document, Statement
from proofs.iam.findings import Findings, finding
from proofs.iam.reasons import DEPUTIES, STAR_RESOURCES

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
ACCOUNT = re.compile(r"arn:[a-z-]+:(?:iam|sts)::(\d{12}):|(\d{12})$")


def star_resources(document: Document) -> Findings:
    """`*` stands only where an action knows no resource, where it means the resource itself, or where there is a reason."""
    if document.kind in ("itself", "trust"):
        return
    for one in document.statements:
        if not one.allows or not _everything(one) or (document.kind == "endpoint" and one.condition_keys() & set(OWNERS)):
            continue
        reason = STAR_RESOURCES.get(one.sid)
        excused = reason.actions if reason else frozenset()
        wide = [action for action in one.actions if action not in excused and _limitable(action)]
        if wide:
            message = (
                f"{', '.join(wide)} on every resource; allowed: `*` for actions that know no resource; name the resources, or "
                "give the Sid its reason in proofs/iam/reasons.py"
            )
            yield finding("star-resource", document, one, message)


def _everything(statement: Statement) -> bool:
    return any(set(resource) <= {"*"} or re.fullmatch(r"arn:[*a-z-]+:\*.*", resource) for resource in statement.resources)


def _limitable(action: str) -> bool:
    try:
        return action == "*" or any(known.resources for known in catalogue.matching(action))
    except catalogue.UnknownService:
        return False


def principals(document: Document, account: str) -> Findings:
    """Who is granted something is somebody, of this account, and a service acts for this account only."""
    for one in document.statements:
        if not one.allows or document.kind in ("identity", "endpoint"):
            continue
        keys = one.condition_keys()
        for kind, name in one.principals:
            if name == "*" and not _any_of(keys, BOUNDARIES):
                message = "it grants to everybody; allowed: named principals, or a condition on who it is; name them"
                yield finding("open-principal", document, one, message)
            elif kind == "Service" and not _any_of(keys, SOURCES) and not _excused(document, name, one.sid):
                message = (
                    f"{name} may act here for any account; allowed: with a condition on aws:SourceAccount or aws:SourceArn, "
                    "else it can be made a confused deputy; add one"
                )
                yield finding("confused-deputy", document, one, message)
            elif kind == "AWS" and (found := ACCOUNT.match(name)) and (found[1] or found[2]) != account:
                message = f"it grants to {name}; allowed: principals of the account {account}; remove it"
                yield finding("foreign-principal", document, one, message)


def _excused(document: Document, service: str, sid: str) -> bool:
    return any((document.kind, service, statement) in DEPUTIES for statement in (sid, ""))


def _any_of(keys: set[str], wanted: tuple[str, ...]) -> bool:
    return any(key.startswith(wanted) for key in keys)
