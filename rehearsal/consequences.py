"""Problems as a person wants them: causes first, each message once, what merely follows counted."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rehearsal.monitor import Node
from rehearsal.run import Rehearsal


@dataclass
class Told:
    """A message, everything it is about, and how many other problems come of it."""

    message: str
    urns: list[str] = field(default_factory=list)
    follow: int = 0


def folded(rehearsal: Rehearsal) -> list[Told]:
    """What is wrong, in the order in which it happened."""
    nodes = rehearsal.deployment.nodes
    first: dict[str, Told] = {}
    found: dict[str, Told] = {}
    for problem in rehearsal.problems:
        cause = next((first[urn] for urn in _above(problem.urn, nodes) if urn in first), None)
        if cause is not None:
            cause.follow += 1
            continue
        # The URN is the problem's own where the message names it.
        told = found.setdefault(problem.message.replace(problem.urn, "..."), Told(problem.message))
        if problem.urn not in told.urns:
            told.urns.append(problem.urn)
        node = nodes.get(problem.urn)
        if node is not None and node.fidelity == "failed":
            first.setdefault(problem.urn, told)
    return list(found.values())


def _above(urn: str, nodes: "dict[str, Node]") -> Iterator[str]:
    """Whatever a resource waits for, near things first."""
    seen, waiting = {urn}, [urn]
    for one in waiting:
        node = nodes.get(one)
        for other in node.depends_on if node else ():
            if other not in seen:
                seen.add(other)
                waiting.append(other)
                yield other
