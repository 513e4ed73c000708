"""The policy documents of a deployed graph: wherever one is, in whatever resource."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from rehearsal import wire
from rehearsal.run import Rehearsal

Kind = Literal["identity", "trust", "resource", "itself", "endpoint"]
"""What a document is for: what a principal may do; who may assume a role; who may use a resource; the same where `*` in
`Resource` means the resource that the document is part of; and what a VPC endpoint lets through, which grants nothing."""

KINDS: dict[tuple[str, str], Kind] = {
    ("aws:iam/groupPolicy:GroupPolicy", "policy"): "identity",
    ("aws:iam/policy:Policy", "policy"): "identity",
    ("aws:iam/role:Role", "assumeRolePolicy"): "trust",
    ("aws:iam/role:Role", "inlinePolicies"): "identity",
    ("aws:iam/rolePolicy:RolePolicy", "policy"): "identity",
    ("aws:iam/userPolicy:UserPolicy", "policy"): "identity",
    ("aws:backup/vaultPolicy:VaultPolicy", "policy"): "itself",
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "policy"): "endpoint",
    ("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "policy"): "endpoint",
    ("aws:ecr/repositoryPolicy:RepositoryPolicy", "policy"): "itself",
    ("aws:kms/key:Key", "policy"): "itself",
    ("aws:kms/keyPolicy:KeyPolicy", "policy"): "itself",
    ("aws:secretsmanager/secretPolicy:SecretPolicy", "policy"): "itself",
}
"""Type and property -> kind. A document anywhere else is a `resource` policy."""


@dataclass(frozen=True)
class Statement:
    """One statement, with every element that may be single or a list as a tuple."""

    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[tuple[str, str], ...]
    """Kind (`AWS`, `Service`, `Federated`, `*`) and value."""
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Operator, key, values."""
    excludes: tuple[str, ...]
    """Which of NotAction, NotResource and NotPrincipal it has."""

    @property
    def allows(self) -> bool:
        """Whether it is an Allow."""
        return self.effect == "Allow"

    def condition_keys(self) -> set[str]:
        """The keys of its conditions, in lower case: IAM takes them so."""
        return {key.lower() for _, key, _ in self.conditions}


@dataclass(frozen=True)
class Document:
    """A policy document and where it was found."""

    urn: str
    type: str
    path: str
    """The property, seen from the resource: `policy`, `inlinePolicies[0].policy`."""
    kind: Kind
    text: str

    @cached_property
    def content(self) -> dict[str, Any]:
        """The document."""
        content: dict[str, Any] = json.loads(self.text)
        return content

    @cached_property
    def statements(self) -> list[Statement]:
        """Its statements."""
        return [_statement(one) for one in _list(self.content.get("Statement")) if isinstance(one, Mapping)]

    @cached_property
    def size(self) -> int:
        """Characters that AWS counts: all but white space."""
        return len(json.dumps(self.content, separators=(",", ":"), ensure_ascii=False))


def documents(rehearsal: Rehearsal) -> list[Document]:
    """Every policy document of a rehearsed stack, in the order of the resources."""
    return [
        Document(node.urn, node.type, path, KINDS.get((node.type, key), "resource"), text)
        for node in rehearsal.nodes
        if node.fidelity != "component"
        for key, value in node.inputs.items()
        for path, text in _texts(wire.unwrap(value), key)
        if _is_policy(text)
    ]


def _is_policy(text: str) -> bool:
    if '"Statement"' not in text:
        return False
    try:
        content = json.loads(text)
    except ValueError:
        return False
    return isinstance(content, dict) and "Statement" in content


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}")
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _texts(item, f"{path}[{position}]")


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _statement(one: Mapping[str, Any]) -> Statement:
    return Statement(
        sid=str(one.get("Sid", "")),
        effect=str(one.get("Effect", "")),
        actions=tuple(map(str, _list(one.get("Action")))),
        resources=tuple(map(str, _list(one.get("Resource")))),
        principals=tuple(_principals(one.get("Principal"))),
        conditions=tuple(
            (operator, key, tuple(map(_text, _list(values))))
            for operator, pairs in (one.get("Condition") or {}).items()
            for key, values in pairs.items()
        ),
        excludes=tuple(name for name in ("NotAction", "NotResource", "NotPrincipal") if name in one),
    )


def _principals(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for kind, names in value.items():
            yield from ((kind, str(name)) for name in _list(names))
    elif value is not None:
        yield "*", str(value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
