"""Arguments of components: completed, checked, and every mistake told at once."""

import ast
import inspect
import textwrap
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pulumi
import pytest

from components.arguments import SHAPES, ArgumentsError, Default, arguments, completed, defaults
from components.container_platform import ContainerPlatform
from components.database import Database
from components.hybrid_storage import HybridStorage
from components.management import Management
from components.network import Network
from components.settings import parse
from tests.components.shapes import args_of, inside, shapes
from tests.recorder import deploy


@arguments
class Inner(TypedDict):
    size: NotRequired[Annotated[int, Default(3)]]
    """Default 3."""


@arguments
class Thing(TypedDict):
    name: str
    """Needed."""
    kind: NotRequired[Annotated[Literal["a", "b"], Default("a")]]
    """Default a."""
    inner: NotRequired[Annotated[Inner, Default({})]]
    """Default: its own."""
    items: NotRequired[Sequence[Inner]]
    """Some."""
    later: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Perhaps known later."""
    labels: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Some."""
    maybe: NotRequired[Inner | None]
    """None says something."""
    share: NotRequired[float]
    """A part."""


def mistakes(given: Any) -> list[tuple[str, str]]:
    with pytest.raises(ArgumentsError) as raised:
        completed(Thing, given, "Thing 'x'")
    return [(one.path, one.text) for one in raised.value.mistakes]


def test_what_is_left_out_has_its_default_at_every_depth() -> None:
    assert completed(Thing, {"name": "n", "items": [{}]}, "Thing") == {
        "name": "n",
        "kind": "a",
        "inner": {"size": 3},
        "items": [{"size": 3}],
    }


def test_a_default_is_nobody_elses() -> None:
    first: Any = completed(Thing, {"name": "n"}, "Thing")
    first["inner"]["size"] = 9
    assert completed(Thing, {"name": "n"}, "Thing")["inner"] == {"size": 3}


def test_every_mistake_is_told_at_once() -> None:
    wrong = {"kind": "c", "inner": {"size": "big", "sise": 1}, "items": {}, "labels": ["x"], "colour": 1, "share": True}
    assert mistakes(wrong) == [
        ("colour", "is no argument. It takes inner, items, kind, labels, later, maybe, name, share."),
        ("name", "is not set; pass text."),
        ("kind", "is 'c'; pass one of a, b."),
        ("inner.sise", "is no argument. Did you mean size?"),
        ("inner.size", "is 'big'; pass a whole number."),
        ("items", "is a mapping; pass a list, each item a mapping with any of its keys."),
        ("labels", "is a list of 1; pass a mapping of names to text."),
        ("share", "is True; pass a number."),
    ]


def test_what_other_languages_send_becomes_what_was_declared() -> None:
    sent: Any = {"name": "n", "inner": {"size": 4.0}, "share": 1, "maybe": None, "kind": None}
    assert completed(Thing, sent, "Thing") == {
        "name": "n",
        "kind": "a",
        "inner": {"size": 4},
        "share": 1,
        "maybe": None,
    }
    assert type(completed(Thing, sent, "Thing")["inner"]["size"]) is int
    assert mistakes({"name": "n", "inner": {"size": 4.5}}) == [("inner.size", "is 4.5; pass a whole number.")]


def test_only_what_may_be_known_later_may_be_an_output() -> None:
    told = "is known only once something is deployed; pass a plain value, for it decides what is made."

    def program() -> None:
        later = pulumi.Output.from_input("x")
        given: Any = {"name": "n", "later": [later, "y"], "labels": {"a": later}}
        assert completed(Thing, given, "Thing")["later"] == [later, "y"]
        whole: Any = {"name": "n", "later": pulumi.Output.from_input(["x"])}
        assert completed(Thing, whole, "Thing")["later"] is whole["later"]
        assert mistakes({"name": later, "kind": later}) == [("name", told), ("kind", told)]

    deploy(program)


def test_a_component_names_every_mistake_and_makes_nothing() -> None:
    def program() -> None:
        given: Any = {"region": "ap-northeast-2", "vpc_id": "vpc-1", "max_storage_gb": 5, "insights": "best", "multi_az": "yes"}
        Database("db", given)

    with pytest.raises(ArgumentsError) as raised:
        deploy(program)
    told = str(raised.value)
    assert told.startswith("Database 'db' has 8 mistakes in its arguments; nothing of it was made.")
    for line in (
        "max_storage_gb: is no argument. Did you mean max_storage_gib?",
        "isolated_subnet_ids: is not set; pass a list, each item text.",
        "private_zone_name: is not set; pass text.",
        "insights: is 'best'; pass one of standard, advanced.",
        "multi_az: is 'yes'; pass True or False.",
    ):
        assert f"  {line}" in told


def test_every_argument_type_is_checked() -> None:
    assert [shape.__name__ for shape in shapes() if shape not in SHAPES] == []


def described(shape: type) -> dict[str, str]:
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(shape))).body
    assert isinstance(node, ast.ClassDef)
    found = {}
    for here, after in zip(node.body, node.body[1:], strict=False):
        if isinstance(here, ast.AnnAssign) and isinstance(here.target, ast.Name) and isinstance(after, ast.Expr):
            assert isinstance(after.value, ast.Constant)
            found[here.target.id] = " ".join(str(after.value.value).split())
    return found


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: f"{shape.__module__}.{shape.__name__}")
def test_each_default_is_told_where_the_argument_is_described(shape: type) -> None:
    texts, known = described(shape), defaults(shape)
    own = {key: value for key, value in known.items() if key in texts}
    untold = []
    for key, value in own.items():
        plain = ", ".join(map(str, value)) or "none" if isinstance(value, list) else "none" if value == {} else str(value)
        if isinstance(value, dict | tuple):
            continue  # its own arguments tell, or the text does in its words
        if f"Default {plain}." not in texts[key] and f"Default: {plain}." not in texts[key]:
            untold.append((key, value, texts[key]))
    assert untold == []


MEDIUM = parse(
    {
        "size": "medium",
        "network": {"cidr": "10.200.0.0/16", "zones": ["ap-northeast-2a", "ap-northeast-2b"]},
        "onPremises": {"cidrs": ["10.10.0.0/16"]},
    },
    "ap-northeast-2",
)
OWN = {"tags", "protected", "workloads", "time_zone"}
"""Defaults of arguments that are no keys of the section, and the time zone, which a stack has of its region."""


@pytest.mark.parametrize(
    ("component", "section"),
    [
        (Network, MEDIUM.network.as_args()),
        (Database, MEDIUM.database.as_args() | {"migration": MEDIUM.migration.as_args()}),
        (HybridStorage, MEDIUM.storage.as_args()),
        (ContainerPlatform, MEDIUM.containers.as_args()),
        (Management, MEDIUM.management.as_args()),
    ],
)
def test_defaults_are_those_of_a_stack_of_medium_size(component: type, section: dict[str, Any]) -> None:
    known = filled(args_of(component))
    assert known.keys() - section.keys() - OWN == set()
    assert known == {**known, **told_of(known, {key: value for key, value in section.items() if key not in OWN})}


def told_of(known: dict[str, Any], section: dict[str, Any]) -> dict[str, Any]:
    """What a section says of the same fields, at every depth: parts of it that an argument leaves out are no defaults."""
    return {
        key: told_of(known[key], value) if isinstance(value, dict) else value for key, value in section.items() if key in known
    }


def filled(shape: type) -> dict[str, Any]:
    """What the defaults alone make of arguments, at every depth."""
    return {key: expanded(SHAPES[shape][key], value) for key, value in defaults(shape).items()}


def expanded(kind: Any, value: Any) -> Any:
    inner = next(inside(kind), None)
    if isinstance(value, dict) and inner:
        return {**filled(inner), **value}
    return list(value) if isinstance(value, tuple) else value
