"""YAML as the Pulumi CLI reads it: PyYAML takes the text apart, Go's rules say what each piece is worth."""

import base64
import binascii
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from stackfiles.resolve import Scalar, Time, resolve

TAG = "tag:yaml.org,2002:"
KINDS: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "null": (type(None),),
    "timestamp": (),
}
"""Tags that say what a scalar has to be."""
TOP = 2
"""Levels whose keys the CLI itself looks at: those of the file, and those of `config`."""
LARGEST = 2**63 - 1
"""What of a whole number within a list or a mapping stays exact."""
ALIASED = 0.99
"""Of a file with more than a thousand values, what may come from aliases, as yaml.v3 bounds it: else ten lines could fill the
memory."""


class NotYaml(yaml.MarkedYAMLError):
    """What the CLI refuses, or makes something of that nobody wants; `problem` says it in words."""

    def __init__(self, node: yaml.Node, problem: str) -> None:
        super().__init__(problem=problem, problem_mark=node.start_mark)


class _Pure(Reader, Scanner, Parser, Composer):
    """The parser of PyYAML where it was installed without libyaml, of which yaml.v3 is a translation: slower, and stricter."""

    def __init__(self, text: str) -> None:
        for part in (Reader, Scanner, Parser, Composer):
            part.__init__(self, *([text] if part is Reader else []))


_PARSER: Any = getattr(getattr(yaml, "cyaml", None), "CParser", _Pure)


class _Nodes(_PARSER):  # type: ignore[misc]
    """The tree of a text. What a scalar without a tag is worth is left open."""

    def descend_resolver(self, *_: object) -> None:
        """Nothing: no value is worth something else for where it stands."""

    def ascend_resolver(self) -> None:
        """Nothing, as above."""

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:
        """No tag but the one that is written."""
        plain = kind is yaml.ScalarNode and isinstance(implicit, tuple) and implicit[0]
        return "" if plain or kind is not yaml.ScalarNode else f"{TAG}str"


def load(text: str) -> Any:
    """The value of the only document in a text. Raises yaml.YAMLError."""
    if text.startswith("%"):
        raise yaml.YAMLError("a line that begins with % tells of a version of YAML or of tags; remove it")
    try:
        root = _Nodes(text).get_single_node()
        return None if root is None else _Values().of(root)
    except RecursionError as error:
        raise yaml.YAMLError("it is nested too deeply to be read") from error


class _Values:
    """Makes values of the nodes of one document."""

    def __init__(self) -> None:
        self.open: list[yaml.CollectionNode] = []
        """The collections on the way to the value that is made."""
        self.made = self.aliased = 0
        self.seen: set[int] = set()

    def of(self, node: yaml.Node) -> Any:
        self._count(node)
        if not isinstance(node, yaml.CollectionNode):
            return self._scalar(node)
        if any(node is one for one in self.open):
            raise NotYaml(node, "this value holds itself, by an anchor (&) and an alias (*) to it; write it out once")
        self.open.append(node)
        try:
            return self._mapping(node) if isinstance(node, yaml.MappingNode) else list(self._items(node))
        finally:
            self.open.pop()

    def _count(self, node: yaml.Node) -> None:
        self.made += 1
        self.aliased += id(node) in self.seen
        self.seen.add(id(node))
        if self.aliased > 100 and self.made > 1000 and self.aliased > ALIASED * self.made:
            raise NotYaml(node, "aliases (*) multiply this file beyond measure; write fewer of them")

    def _items(self, node: yaml.CollectionNode) -> Iterator[Any]:
        for item in node.value:
            if isinstance(item, yaml.MappingNode) and len(item.value) == 1 and node.flow_style:
                key, value = item.value[0]
                if key.start_mark.index == item.start_mark.index and value.value == "":
                    raise NotYaml(item, "a colon at the end, within brackets, is text to Pulumi; put it in quotes")
            yield self.of(item)

    def _scalar(self, node: Any) -> Scalar:
        if "\n" in node.value and node.value[0] in "\n\t":
            raise NotYaml(node, "text of several lines cannot begin with an empty line or a tab: Pulumi loses it; remove that")
        if not node.style and "?" in node.value and self.open and self.open[-1].flow_style:
            raise NotYaml(node, "a ? within brackets or braces ends the text for Pulumi; put it in quotes")
        if "," in node.tag.removeprefix(TAG) or (node.tag and not node.style and not node.value):
            raise NotYaml(node, "! begins a tag, and this is none; put text in quotes")
        kind = node.tag.removeprefix(TAG) if node.tag.startswith(TAG) else ""
        if kind == "binary":
            try:
                return base64.b64decode(node.value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError) as error:
                raise NotYaml(node, "the tag !!binary wants text in base64; write the text itself, in quotes") from error
        if node.tag and kind not in KINDS:
            return str(node.value)
        value = resolve(node.value)
        if isinstance(value, Time):
            raise NotYaml(node, f'the date {value} has no quotes, without which Pulumi changes it; write "{value}"')
        if kind in KINDS and type(value) not in KINDS[kind]:
            raise NotYaml(node, f"{node.value} is not of the type of its tag !!{kind}; remove the tag")
        if isinstance(value, float):
            if not math.isfinite(value):
                raise NotYaml(node, f'{node.value} is no number that a program could be given; write "{node.value}" for text')
            return _number(value)
        if isinstance(value, int) and value > LARGEST and len(self.open) > TOP:
            return _number(float(value))
        return value

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        known: dict[str, yaml.Node] = {}
        found: dict[str, Any] = {}
        merged: list[yaml.Node] = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise NotYaml(key, "a key has to be text, and this is a list or a mapping; write `key: value`")
            if known.setdefault(key.value, key) is not key:
                first = known[key.value].start_mark.line + 1
                problem = f"the key {key.value} is here for the second time, first in line {first}; remove one of the two"
                raise NotYaml(key, problem)
            if key.value == "<<":
                merged.append(value)
            else:
                found[self._key(key)] = self.of(value)
        for below in merged:
            for mapping in self._merged(below):
                found = {**mapping, **found}
        return found

    def _key(self, node: yaml.ScalarNode) -> str:
        """A key as text: Go prints what is none."""
        value = self._scalar(node)
        if value is None:
            raise NotYaml(node, "a key is missing before the colon")
        if not isinstance(value, str) and len(self.open) <= TOP:
            raise NotYaml(node, f'the key {node.value} is no text to YAML; write "{node.value}"')
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _merged(self, node: yaml.Node) -> Iterator[dict[str, Any]]:
        for one in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if not isinstance(one, yaml.MappingNode):
                raise NotYaml(one, "<< takes in a mapping, or a list of them, and this is neither")
            yield self.of(one)


def _number(value: float) -> float | int:
    """A number as the CLI hands it on, in JSON: without a point if it is whole, and then with no more digits than needed."""
    return int(Decimal(repr(value))) if value.is_integer() and abs(value) < 1e21 else value
