"""The vocabulary of the table: how one Pulumi resource type becomes AWS API calls. See docs/rehearsal-rows.md."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Fidelity = Literal["emulated", "gaps", "extended", "model-checked", "unknown", "failed", "component"]


class Context(Protocol):
    """What a function in a row may use."""

    type: str
    name: str
    urn: str
    region: str
    account: str
    inputs: dict[str, Any]
    """Pulumi's inputs, camelCase, secrets unwrapped."""
    id: str
    item: Any
    """The element that a `Call` with `each` is made for."""
    response: dict[str, Any]
    """The response to the create call; empty later on."""
    outputs: dict[str, Any]
    """When it is changed, looked at or deleted: its outputs until now."""
    old: dict[str, Any]
    """When it is changed: its inputs until now."""

    def call(self, service: str, operation: str, params: dict[str, Any], region: str | None = None) -> dict[str, Any]:
        """Call AWS, in the resource's region unless told otherwise."""
        ...


Template = Any
"""A request parameter: a literal; a string that begins with `$` (a JMESPath over `inputs`, `id`, `region`, `account`, `name`,
`response`, `outputs`, `old`, `read`, `item`); a function of the Context; or a dict or list of these. What resolves to None is
left out."""


@dataclass(frozen=True)
class Call:
    """A further call: after the create call, for inputs that AWS takes by operations of their own, or to delete."""

    operation: str
    params: Mapping[str, Template]
    when: str | tuple[str, ...] = ()
    """Inputs that make the call happen if any of them is given. The default: always."""
    unless: str = ""
    """An input that keeps the call from being made if it is true."""
    each: str = ""
    """A JMESPath (without `$`) to a list: the call is made once per element, which is `$item`."""
    service: str = ""
    """The default: the row's."""


@dataclass(frozen=True)
class Update:
    """A call that changes what is there."""

    operation: str
    params: Mapping[str, Template]
    """Which resource, and members of the request that no input gives."""
    takes: frozenset[str] = frozenset()
    """The inputs that it changes: it is made if any of these changed, with these; each goes where it goes at creation.
    The default: all that have a member in its request."""
    inputs: Mapping[str, str | Callable[[Any, Context], dict[str, Any]]] = field(default_factory=dict)
    """Exceptions from that."""
    whole: bool = False
    """True where AWS takes what is left out as gone: all inputs that it takes are sent, changed or not."""
    cleared: Mapping[str, Any] = field(default_factory=dict)
    """Input -> what is sent for it when it is there no more. One that is not named cannot be taken back by this call."""
    service: str = ""
    """The default: the row's."""


@dataclass(frozen=True)
class Read:
    """A call that reads back what was made."""

    operation: str
    params: Mapping[str, Template]
    path: str | Callable[[Context], str] = "@"
    """JMESPath to the resource within the response; a function of the context where it depends on the resource."""
    fields: Mapping[str, str | Callable[[Any, Context], Any]] = field(default_factory=dict)
    """Pulumi input -> JMESPath within the resource, or a function of it, where the names differ from the create call's."""
    service: str = ""


@dataclass(frozen=True)
class Row:
    """One resource type."""

    service: str
    """The boto3 name of the service."""
    create: str
    """The operation that makes the resource. Inputs go to the members of its request that have the same name."""
    id: Template
    """Pulumi's id of the resource, usually `$response...`. What the provider documents under "Import" is the id."""
    inputs: Mapping[str, str | Callable[[Any, Context], dict[str, Any]]] = field(default_factory=dict)
    """Exceptions: Pulumi input -> path in the request (`A.B`), or a function of the value that returns part of the request."""
    constant: Mapping[str, Template] = field(default_factory=dict)
    """Request members that no input gives."""
    tag_resource: str = ""
    """EC2 only: the ResourceType of `TagSpecifications`."""
    autoname: str = ""
    """The input that Pulumi fills with the logical name and a suffix when it is left out."""
    autoname_prefix: str = ""
    """What the provider puts before that name (`alias/`)."""
    after: tuple[Call, ...] = ()
    read: tuple[Read, ...] = ()
    outputs: Mapping[str, Template] = field(default_factory=dict)
    """Pulumi output -> template, where the name differs from the API's. Others are filled by name from what is read back."""
    write_only: frozenset[str] = frozenset()
    """Inputs that AWS itself never gives back (passwords)."""
    local: Mapping[str, str] = field(default_factory=dict)
    """Inputs that never reach AWS on creation, each with the reason: used at deletion, or by the provider alone."""
    unverified: Mapping[str, str] = field(default_factory=dict)
    """Inputs known to be equal in effect but not in spelling when read back, each with the reason."""
    extended: bool = False
    """True if one of the operations is ours (rehearsal/extensions)."""
    function: Callable[[Context], dict[str, Any]] | None = None
    """For what a row cannot say: makes the resource by `context.call` in place of the create call and returns the response."""
    consumes: frozenset[str] = frozenset()
    """Inputs that `function` (or a function inside `constant` or `after`) sends."""
    upsert: bool = False
    """True if the create call, made again, changes what is there (`Put...`)."""
    update: tuple[Update, ...] = ()
    """How what is there is changed, as far as neither that nor `after` does it."""
    updated_by: Callable[[Context], None] | None = None
    """For what `update` cannot say."""
    renewed: frozenset[str] = frozenset()
    """Outputs that every change of the resource changes: a version, for one. A preview does not know them."""
    counter: str = ""
    """The output that counts how often the resource was changed or made: an account that is made anew counts up to it."""
    delete: tuple[Call | Callable[[Context], None], ...] = ()
    """What removes it, in this order."""
    stays: str = ""
    """In place of `delete`: why nothing is called when Pulumi deletes the resource."""


@dataclass(frozen=True)
class Checked:
    """A type that is validated against AWS's API model and answered by a stub: only for what nobody reads back."""

    service: str
    create: str
    reason: str
    """Why moto is not extended for it."""
    id: Template = "$name"
    inputs: Mapping[str, str | Callable[[Any, Context], dict[str, Any]]] = field(default_factory=dict)
    constant: Mapping[str, Template] = field(default_factory=dict)
    tag_resource: str = ""
    autoname: str = ""
    autoname_prefix: str = ""
    outputs: Mapping[str, Template] = field(default_factory=dict)
    local: Mapping[str, str] = field(default_factory=dict)


Table = dict[str, Row | Checked]
