"""`graph.json` and `summary.json`: what a rehearsal leaves behind, stable to the byte for the same input."""

import resource
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rehearsal import wire, written
from rehearsal.monitor import Node
from rehearsal.run import Rehearsal

PROGRAM = "(program)"
"""The component of what is registered outside any component."""


def graph(rehearsal: Rehearsal) -> dict[str, Any]:
    """The whole graph: a node per resource, sorted by URN; secrets masked. See docs/architecture.md."""
    deployment = rehearsal.deployment
    return {
        "stack": deployment.stack,
        "project": deployment.project,
        "region": deployment.region,
        "nodes": [
            {
                "urn": node.urn,
                "type": node.type,
                "name": node.name,
                "parent": node.parent,
                "id": node.id,
                "region": node.region,
                "inputs": wire.mask(node.inputs),
                "outputs": wire.mask(node.outputs),
                "dependsOn": node.depends_on,
                "fidelity": node.fidelity,
                "gaps": node.gaps,
                **({"options": node.options} if node.options else {}),
            }
            for node in rehearsal.nodes
        ],
        "outputs": wire.mask(deployment.outputs),
    }


def summary(rehearsal: Rehearsal, total_seconds: float) -> dict[str, Any]:
    """The figures and everything wrong. `seconds` and `peakMemoryMiB` are the only values that differ between runs."""
    nodes = rehearsal.nodes
    made = [node for node in nodes if node.fidelity != "component"]
    return {
        "stack": rehearsal.deployment.stack,
        "region": rehearsal.deployment.region,
        "resources": len(made),
        "byFidelity": dict(sorted(Counter(node.fidelity for node in nodes).items())),
        "byComponent": dict(sorted(Counter(component_of(rehearsal, node) for node in made).items())),
        "danglingReferences": [asdict(one) for one in rehearsal.dangling],
        "problems": [asdict(one) for one in rehearsal.problems],
        "seconds": {key: round(value, 3) for key, value in {**rehearsal.seconds, "total": total_seconds}.items()},
        "peakMemoryMiB": round(peak_memory_mib(), 1),
    }


def component_of(rehearsal: Rehearsal, node: Node) -> str:
    """The name of the outermost component that a resource is in."""
    nodes = rehearsal.deployment.nodes
    while node.parent in nodes:
        node = nodes[node.parent]
    return node.name if node.fidelity == "component" else PROGRAM


def peak_memory_mib() -> float:
    """The most memory this process has held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform == "linux" else peak / 1024**2


def write(rehearsal: Rehearsal, total_seconds: float, folder: Path) -> None:
    """Write both documents into `folder`/<stack>."""
    target = folder / rehearsal.deployment.stack
    target.mkdir(parents=True, exist_ok=True)
    for name, content in (("graph", graph(rehearsal)), ("summary", summary(rehearsal, total_seconds))):
        text = written.text(content) + "\n"
        (target / f"{name}.json").write_text(text, encoding="utf-8")
