"""Who may do what: every role of the stacks, who assumes it, and what its policies let it do."""

import functools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from proofs.drills.graph import Graphs, Resource
from proofs.iam.documents import Document, Statement
from proofs.iam.globs import arns_overlap, overlap

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/policy:Policy"
INLINE, ATTACHMENT = "aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
AWS_OWN = "arn:aws:iam::aws:policy/"
UNUSED = "nobody yet: for people to be given"
WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True)
class Principal:
    """A role, or a policy that nobody of the stack has, for people to be given."""

    stack: str
    name: str
    assumed_by: tuple[str, ...]
    """Services, and whoever else the role trusts; empty for a policy."""
    statements: tuple[Statement, ...]
    """All that its policies say, those of AWS's own among them."""
    sids: tuple[str, ...]
    """What the statements of the stack are called, as words."""
    managed: tuple[str, ...]
    """AWS's own policies that it has."""

    def may(self, arn: str, *actions: str) -> bool:
        """Whether its policies let it do one of these to a resource. What a condition or a key holds back is not asked."""
        meant = [one for one in self.statements if _about(one, arn, actions)]
        return any(one.allows for one in meant) and not any(not one.allows and not one.conditions for one in meant)


@dataclass(frozen=True)
class Role:
    """Roles that may do the same."""

    names: list[str]
    assumed_by: str
    may: list[str]
    managed: list[str]


def principals(graphs: Graphs) -> list[Principal]:
    """Every role, by stack and name; then the policies that no role has."""
    found = [_role(graphs, role) for role in graphs.of(ROLE)]
    attached = {one.get("policyArn") for one in graphs.of(ATTACHMENT)}
    for policy in graphs.of(POLICY):
        if not attached & {*policy.names()}:
            own = tuple(_statements(policy, "policy", policy.get("policy")))
            found.append(Principal(policy.stack, policy.node.name, (), own, _sids(own), ()))
    return sorted(found, key=lambda one: (not one.assumed_by, one.stack, one.name))


def roles(found: Sequence[Principal]) -> list[Role]:
    """Those that may do the same together."""
    alike: dict[object, tuple[Principal, list[str]]] = {}
    for one in found:
        alike.setdefault((one.assumed_by, one.sids, one.managed), (one, []))[1].append(one.name)
    return [
        Role([*dict.fromkeys(names)], ", ".join(one.assumed_by) or UNUSED, [*one.sids], [*one.managed])
        for one, names in alike.values()
    ]


def _role(graphs: Graphs, role: Resource) -> Principal:
    names = {*role.names()}
    own = [
        *(
            one
            for inline in role.get("inlinePolicies") or ()
            for one in _statements(role, "inlinePolicies", inline.get("policy"))
        ),
        *(
            one
            for policy in graphs.of(INLINE)
            if policy.get("role") in names
            for one in _statements(policy, "policy", policy.get("policy"))
        ),
    ]
    arns = [str(one.get("policyArn")) for one in graphs.of(ATTACHMENT) if one.get("role") in names]
    arns += [str(arn) for arn in role.get("managedPolicyArns") or ()]
    for policy in graphs.of(POLICY):
        if {*arns} & {*policy.names()}:
            own += _statements(policy, "policy", policy.get("policy"))
    managed = sorted(dict.fromkeys(arn.rpartition("/")[2] for arn in arns if arn.startswith(AWS_OWN)))
    of_aws = [one for name in managed for one in _of_aws(name)]
    return Principal(role.stack, role.node.name, tuple(_trusted(role)), (*own, *of_aws), _sids(tuple(own)), tuple(managed))


def _trusted(role: Resource) -> Iterator[str]:
    named: dict[str, None] = {}
    for statement in _statements(role, "assumeRolePolicy", role.get("assumeRolePolicy")):
        named |= dict.fromkeys(value for _, value in statement.principals)
    yield from named


def _statements(resource: Resource, path: str, text: Any) -> list[Statement]:
    if not isinstance(text, str) or not text.startswith("{"):
        return []
    return Document(resource.node.urn, resource.node.type, path, "identity", text).statements


@functools.cache
def _of_aws(name: str) -> tuple[Statement, ...]:
    """What one of AWS's own policies says, as the emulator has it; nothing where it does not know it."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data  # noqa: PLC0415 - two megabytes

    known = json.loads(aws_managed_policies_data).get(name)
    if known is None:
        return ()
    return tuple(Document("", POLICY, "policy", "identity", json.dumps(known["Document"])).statements)


def _sids(statements: tuple[Statement, ...]) -> tuple[str, ...]:
    """`ReadItsSecrets` is `read its secrets`."""
    named = [
        " ".join(WORDS.findall(one.sid)).lower() if one.sid else ", ".join(one.actions) for one in statements if one.allows
    ]
    return tuple(dict.fromkeys(named))


def _about(statement: Statement, arn: str, actions: Sequence[str]) -> bool:
    if statement.excludes:
        return statement.allows  # what it leaves out is not worked out: it may mean this
    named = any(overlap(pattern.lower(), action.lower()) for pattern in statement.actions for action in actions)
    return named and any(arns_overlap(pattern, arn) for pattern in statement.resources)
