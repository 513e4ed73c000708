"""What changed since a deployment that was written down, or since a revision of the program."""

import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rehearsal import documents
from rehearsal.diff import Change, diff
from rehearsal.diff.change import Kind
from rehearsal.diff.rendering import edit
from rehearsal.diff.standing import leaves, of_graph
from rehearsal.usage import UsageError
from report.collect import Evidence
from report.inventory import short

SHORTEST = 9
"""Characters of what AWS draws."""
TAGS_TOLD = 5
"""Tags that are named where a revision is unknown."""
SECONDS = 1800
"""After which the rehearsal of a revision is given up."""


@dataclass(frozen=True)
class Then:
    """What was there."""

    called: str
    """For people: a file, a folder, a commit and its day."""
    graphs: Mapping[str, dict[str, Any]]
    """Stack -> its graph.json."""
    proofs: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """Stack -> its proofs.json, as far as there is one."""


@dataclass(frozen=True)
class Line:
    """Resources of a type to which the same happened."""

    kind: Kind
    type: str
    names: list[str]
    edits: list[str]
    """What of them changed, and what stands in the way."""


@dataclass(frozen=True)
class StackChanges:
    """What changed of one stack."""

    stack: str
    known: bool
    """Whether it was there then."""
    lines: list[Line]

    def count(self, *kinds: Kind) -> int:
        """To how many resources one of these happened."""
        return sum(len(line.names) for line in self.lines if line.kind in kinds)


@dataclass(frozen=True)
class Changes:
    """What changed since then."""

    called: str
    stacks: list[StackChanges]
    worse: list[str]
    """What goes down now and did not then."""
    better: list[str]
    """What went down then and does not now."""


def earlier(since: str, root: Path, stacks: Sequence[str]) -> Then:
    """What was there: in a graph.json, in a folder of them, or as a revision of the program deploys these stacks, named as on
    the command line. Raises UsageError."""
    path = Path(since)
    if path.is_file():
        graph = _graph(path)
        return Then(since, {str(graph["stack"]): graph}, _proofs(path.parent, str(graph["stack"])))
    if path.is_dir():
        return _folder(path, since)
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{since}^{{commit}}").decode().strip()
    if not commit:
        tags = _git(root, "tag", "--sort=-creatordate").decode().split()[:TAGS_TOLD]
        known = (
            f"the newest tags here: {', '.join(tags)}"
            if tags
            else "there is no tag here; `git fetch --tags` brings what there is"
        )
        raise UsageError(
            f"--since {since}: it is no file, no folder and no revision of git; give a graph.json that was kept, the folder of "
            f"a rehearsal (build/rehearsal), or a commit, branch or tag, such as HEAD~1 ({known})"
        )
    return _revision(root, since, commit, stacks)


def _folder(path: Path, since: str) -> Then:
    graphs = [_graph(one) for one in sorted((*path.glob("graph.json"), *path.glob("*/graph.json")))]
    if not graphs:
        raise UsageError(f"--since {since}: there is no graph.json in it or one folder below; `hybridge rehearse` writes them")
    known = {str(graph["stack"]): graph for graph in graphs}
    return Then(since, known, {name: found for stack in known for name, found in _proofs(path / stack, stack).items()})


def _graph(path: Path) -> dict[str, Any]:
    graph = _json(path)
    if not isinstance(graph, dict) or not {"stack", "nodes", "outputs"} <= graph.keys():
        raise UsageError(f"{path} is no graph.json of a rehearsal: it has no stack, nodes and outputs")
    return graph


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as JSON: {error}") from error


def _proofs(folder: Path, stack: str) -> dict[str, dict[str, Any]]:
    path = folder / "proofs.json"
    return {stack: _json(path)} if path.is_file() else {}


def _revision(root: Path, since: str, commit: str, stacks: Sequence[str]) -> Then:
    """The stacks as the program of that revision deploys them, by its own rehearsal."""
    day = _git(root, "show", "-s", "--format=%cs", commit).decode().strip()
    called = f"{since} ({commit[:12]}, {day})" if since != commit else f"{commit[:12]}, {day}"
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        # Not tar: the first releases of Python 3.11 cannot be told to unpack one safely.
        with zipfile.ZipFile(io.BytesIO(_git(root, "archive", "--format=zip", commit))) as archive:
            archive.extractall(there / "program")
        command = [sys.executable, "-m", "rehearsal", *stacks, "--build", str(there / "build")]
        done = subprocess.run(
            command, cwd=there / "program", capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
        )
        if not [*(there / "build").glob("*/graph.json")]:
            told = (done.stdout + done.stderr).strip().splitlines()[-8:]
            reason = "\n  ".join(told) or "nothing was told"
            raise UsageError(f"--since {since}: the program of {commit[:12]} does not rehearse {' '.join(stacks)}:\n  {reason}")
        found = _folder(there / "build", since)
    return Then(called, found.graphs, found.proofs)


def _git(root: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""


def changes(then: Then, evidence: Evidence) -> Changes:
    """What changed of the stacks since then."""
    stacks = []
    for one in evidence.stacks:
        before = then.graphs.get(one.stack.stack)
        # What was written down has its secrets masked: what is there now is looked at in the same way.
        after = json.loads(json.dumps(documents.graph(one.rehearsal), default=str))
        past = _ordered(_aligned(before, after)) if before else {"nodes": []}
        found = diff(of_graph(past), of_graph(_ordered(after)))
        stacks.append(StackChanges(one.stack.stack, before is not None, [*_lines(found)]))
    now, down = _down_now(evidence), _down_then(then)
    worse = [text for stack, text in sorted(now) if stack in down and text not in down[stack]]
    better = [text for stack in sorted(down) for text in sorted(down[stack]) if (stack, text) not in now]
    return Changes(then.called, stacks, worse, better)


def _aligned(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What was there, with the ids that its resources have now: AWS keeps them, the emulator draws them for each revision."""
    now = {node["urn"]: node for node in after["nodes"]}
    drawn: dict[str, str] = {}
    for node in before["nodes"]:
        if twin := now.get(node["urn"]):
            known = dict(leaves(twin.get("outputs", {}), "")) | {"id": twin.get("id")}
            for path, value in (*leaves(node.get("outputs", {}), ""), ("id", node.get("id"))):
                if _is_drawn(value, known.get(path), node["inputs"]):
                    drawn.setdefault(value, known[path])
    if not drawn:
        return before
    pattern = re.compile("|".join(map(re.escape, sorted(drawn, key=lambda text: (-len(text), text)))))
    aligned: dict[str, Any] = _replaced(before, lambda text: pattern.sub(lambda match: drawn[match[0]], text))
    return aligned


def _ordered(graph: dict[str, Any]) -> dict[str, Any]:
    """The graph with what a resource depends on, or knows the id of, before it: by that it is told whose an id is."""
    nodes = {node["urn"]: node for node in graph["nodes"]}
    owners = {node["id"]: urn for urn, node in nodes.items() if len(node["id"]) >= SHORTEST}
    before = {urn: {*node.get("dependsOn", ()), *_mentioned(node, owners)} & nodes.keys() for urn, node in nodes.items()}
    done: dict[str, dict[str, Any]] = {}
    for first in nodes:
        waiting = {first: None}  # in the order in which they were come upon, each once: there may be circles
        while waiting:
            urn = next(reversed(waiting))
            left = sorted(before[urn] - done.keys() - waiting.keys())
            waiting |= dict.fromkeys(left)
            if not left:
                done[urn] = nodes[urn]
                del waiting[urn]
    return graph | {"nodes": [*done.values()]}


def _mentioned(node: dict[str, Any], owners: Mapping[str, str]) -> Iterator[str]:
    """Whose ids a resource has among its inputs and outputs."""
    for _, value in (*leaves(node["inputs"], ""), *leaves(node.get("outputs", {}), "")):
        if isinstance(value, str) and value != node["id"] and value in owners:
            yield owners[value]


def _is_drawn(old: Any, new: Any, inputs: Mapping[str, Any]) -> bool:
    """Whether AWS made it up: both are words of its own, and nobody asked for the old one."""
    if not (isinstance(old, str) and isinstance(new, str)) or old == new or len(old) < SHORTEST:
        return False
    return old not in {value for _, value in leaves(inputs, "")}


def _replaced(value: Any, by: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(item, by) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, by) for item in value]
    return by(value) if isinstance(value, str) else value


def _lines(found: Sequence[Change]) -> Iterator[Line]:
    """What happened to several of a type alike is told once."""
    alike: dict[tuple[Kind, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for change in found:
        if change.in_aws:
            alike[change.kind, change.type, tuple(_told_of(change))].append(change.name)
    order: list[Kind] = ["delete", "replace", "update", "create"]
    for (kind, type_, told), names in sorted(alike.items(), key=lambda item: (order.index(item[0][0]), item[0])):
        yield Line(kind, short(type_), sorted(names), [*told])


def _told_of(change: Change) -> Iterator[str]:
    yield from (edit(change.type, field) for field in change.fields)
    yield from (text for text in (change.refused, change.clash) if text)


def _down_now(evidence: Evidence) -> set[tuple[str, str]]:
    """Stack, and which failure takes down which of its functions."""
    results = evidence.drills.results if evidence.drills else []
    return {(one.function.stack, _told(one.failure.name, one.function.name)) for one in results if one.outcome == "down"}


def _down_then(then: Then) -> dict[str, set[str]]:
    """The same for each stack that was drilled."""
    down: dict[str, set[str]] = defaultdict(set)
    for proofs in then.proofs.values():
        for one in (proofs.get("drills") or {}).get("results", ()):
            own = down[str(one["stack"])]
            if one["outcome"] == "down":
                own.add(_told(f"{one['failure']['kind']} {one['failure']['subject']}".rstrip(), one["function"]))
    return down


def _told(failure: str, function: str) -> str:
    return f"{failure} takes down {function}"
