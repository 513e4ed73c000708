"""What a stack deploys, as text for a review: a line per argument and per option, so that none changes unnoticed.

`make snapshot` (`python -m tests.snapshot`) writes tests/snapshots/<stack>.yaml for each stack of the project. Nothing is
deployed for it: the program runs under mocks, where an id is the name of its resource with `-id` behind. Secrets are masked.
"""

import difflib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rehearsal import wire
from tests.recorder import SHIPPED, Graph, Registered, deployed_stack

FOLDER = Path(__file__).with_name("snapshots")
HEAD = (
    "# What {stack} deploys: every argument and option of every resource. Written by `make snapshot`; review what changes here."
)
WIDTH = 110
"""Characters of a line up to which a structure stays in one."""
COMMON = "(those of all)"
"""Stands for the tags that every resource of the stack has; the head of the file lists them."""
DOCUMENT = "(JSON)"
"""The key below which a document lies that is one text to AWS."""


def path(stack: str) -> Path:
    """Where the snapshot of a stack lies."""
    return FOLDER / f"{stack}.yaml"


def snapshot(stack: str) -> str:
    """The snapshot of a stack as the program deploys it now."""
    return described(deployed_stack(stack), stack)


def described(graph: Graph, stack: str) -> str:
    """A graph as the text of a snapshot."""
    region, tags = _region(graph), _common_tags(graph)
    by_urn = {resource.urn: resource for resource in graph.resources}
    resources = {_title(one, by_urn): _arguments(one, region, tags, by_urn) for one in graph.resources if one.custom}
    outputs = {urn: found for urn, found in graph.shown_outputs.items() if "::pulumi:pulumi:Stack::" in urn}
    content = {
        "region": region,
        "tags": tags,
        "outputs": _shown(next(iter(outputs.values()), {})),
        **dict(sorted(resources.items())),
    }
    lines = [HEAD.format(stack=stack), *(line for key, value in content.items() for line in _lines(key, value))]
    return "\n".join(lines) + "\n"


def differences(stack: str) -> str:
    """How a stack differs from its snapshot, as a diff; empty if it does not."""
    before = path(stack).read_text(encoding="utf-8").splitlines() if path(stack).is_file() else []
    after = snapshot(stack).splitlines()
    return "\n".join(difflib.unified_diff(before, after, "as reviewed", "as deployed now", n=2, lineterm=""))


def _title(resource: Registered, by_urn: dict[str, Registered]) -> str:
    """`network/network-hub aws:ec2/vpnGateway:VpnGateway network-hub-vpn-gateway`: where it is, its type, its name."""
    parents: list[str] = []
    above = resource
    while above.parent in by_urn:
        above = by_urn[above.parent]
        parents.insert(0, above.name)
    return " ".join([*filter(None, ["/".join(parents)]), resource.type, resource.name])


def _arguments(resource: Registered, region: str, tags: dict[str, str], by_urn: dict[str, Registered]) -> dict[str, Any]:
    shown = {key: _shown(value) for key, value in sorted(resource.shown.items()) if value is not None}
    if shown.get("region") == region:
        del shown["region"]
    if isinstance(own := shown.get("tags"), dict) and tags.items() <= own.items():
        shown["tags"] = {COMMON: True, **{key: value for key, value in own.items() if key not in tags}}
    options = {key: value for key, value in sorted(resource.options.items()) if key != "aliases"}
    # Those of the same name are the SDK's own, for types that it has renamed.
    if former := [urn for urn in resource.options.get("aliases", ()) if not urn.endswith(f"::{resource.name}")]:
        options["aliases"] = former
    waited = [by_urn[urn] for urn in resource.asked_to_wait_for if urn in by_urn and by_urn[urn].custom]
    if waited:
        options["dependsOn"] = sorted(f"{one.type.rsplit(':', maxsplit=1)[-1]} {one.name}" for one in waited)
    return {**shown, **({"(options)": options} if options else {})}


def _region(graph: Graph) -> str:
    regions = Counter(str(one.inputs["region"]) for one in graph.resources if one.custom and "region" in one.inputs)
    return regions.most_common(1)[0][0]


def _common_tags(graph: Graph) -> dict[str, str]:
    tagged = [one.inputs["tags"] for one in graph.resources if one.custom and isinstance(one.inputs.get("tags"), dict)]
    return {key: value for key, value in sorted(tagged[0].items()) if all(tags.get(key) == value for tags in tagged)}


def _shown(value: Any) -> Any:
    """A value with the documents in it opened, so that a change shows where in them it is."""
    if isinstance(value, dict):
        return {str(key): _shown(item) for key, item in sorted(value.items())}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if isinstance(value, str) and value[:1] in ("{", "[") and value != wire.MASK:
        try:
            return {DOCUMENT: _shown(json.loads(value))}
        except ValueError:
            return value
    return value


def _lines(key: str, value: Any, indent: str = "") -> Iterator[str]:
    """A key and its value in YAML: what fits in one line, everything else with a line for each of its items."""
    name = key if re.fullmatch(r"[\w./:()-][\w./:() -]*", key) else json.dumps(key)
    if _fits(value, len(indent) + len(name)) and (indent or not isinstance(value, dict)):
        yield f"{indent}{name}: {_inline(value)}"
    else:
        yield f"{indent}{name}:"
        yield from _items(value, f"{indent}  ")


def _items(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _lines(key, item, indent)
        return
    for item in value:
        if _fits(item, len(indent)):
            yield f"{indent}- {_inline(item)}"
        else:
            first, *rest = _items(item, f"{indent}  ")
            yield f"{indent}- {first.lstrip()}"
            yield from rest


def _fits(value: Any, taken: int) -> bool:
    return not isinstance(value, (dict, list)) or not value or taken + len(_inline(value)) <= WIDTH


def _inline(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for one in SHIPPED:
        path(one).write_text(snapshot(one), encoding="utf-8")
        sys.stdout.write(f"tests/snapshots/{one}.yaml: written\n")
