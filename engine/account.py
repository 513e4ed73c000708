"""The emulated account while a command runs: replayed from the states of its stacks, and changed by the engine's steps."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine import state
from rehearsal import life, outside, refusals, unknown, wire
from rehearsal.create import UNFILLED, Created, create
from rehearsal.drift import drift
from rehearsal.emulator import Emulator, Refused
from rehearsal.monitor import Node
from rehearsal.row import Fidelity, Row, Table
from rehearsal.stackfile import StackFile
from rehearsal.strings import marked
from rehearsal.table import TABLE

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Standing:
    """A resource that stands in the account."""

    thing: life.Thing
    fidelity: Fidelity
    gaps: list[str]


@dataclass
class Account:
    """What every stack has made, in one emulated account. Use it as a context manager; one step at a time holds `lock`."""

    files: dict[str, StackFile] = field(default_factory=dict)
    """The stacks, with the values that they stand with."""
    standing: dict[str, Standing] = field(default_factory=dict)
    """By the seed of its ids, which a resource keeps whatever it is called later: what was made anew stands beside what it was
    made in place of, until that is deleted."""
    generations: dict[str, int] = field(default_factory=dict)
    """How often something was made anew that was made with this URN, gone ones included."""
    left: dict[str, list[str]] = field(default_factory=dict)
    """By URN: the changed inputs that no call could change, for which the account has to be made anew."""
    untold: dict[str, list[str]] = field(default_factory=dict)
    """By URN: inputs that somebody changed, of which the state cannot keep how."""
    table: Table = field(default_factory=lambda: TABLE)
    allowed: frozenset[str] = frozenset()
    """Types without a row that may stay unknown: nothing is made of them."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __enter__(self) -> "Account":
        self.aws = Emulator().__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.aws.__exit__()

    def adopt(self, stack: StackFile) -> None:
        """Let there be what a stack file says was there before."""
        self.files[stack.stack] = stack
        outside.before(self.aws, stack)

    def replay(self, states: Mapping[str, list[state.Resource]], on_step: Progress = lambda name: None) -> list[str]:
        """Make everything that the states hold, in an account that is empty; returns what did not come out as it stands."""
        wrong = []
        waiting = [resource for name in ordered(states) for resource in states[name] if resource.made]
        while waiting:
            failed: list[tuple[state.Resource, str]] = []
            for resource in waiting:
                on_step(resource.name)
                try:
                    self._remake(resource)
                except (Refused, ValueError) as error:
                    failed.append((resource, str(error)))
            if len(failed) == len(waiting):
                wrong += [f"{resource.urn}: {text}" for resource, text in failed]
                break
            waiting = [resource for resource, _ in failed]
        return wrong

    def rebuild(self, states: Mapping[str, list[state.Resource]]) -> list[str]:
        """Make the account anew from the states; returns what did not come out as it stands."""
        with self.lock:
            self.__exit__()
            self.__enter__()
            self.standing.clear()
            for file in self.files.values():
                outside.before(self.aws, file)
            return self.replay(states)

    def _remake(self, resource: state.Resource) -> None:
        """Make one resource as the state holds it."""
        inputs, region = plain(resource.inputs), resource.outputs.get("region", "")
        made = self._make(resource.urn, resource.born, resource.generation, inputs, region)
        made = self._count_up(resource, made)
        if made.id != resource.id:
            raise ValueError(f"its id is {resource.id} and came out as {made.id}")

    def _count_up(self, resource: state.Resource, made: Created) -> Created:
        """Change what was made as often as it was changed, where AWS counts."""
        row = self.table.get(resource.type)
        if not (isinstance(row, Row) and row.counter):
            return made
        standing = self.standing[resource.seed]
        for _ in range(int(resource.outputs.get(row.counter, 0)) - int(made.outputs[row.counter])):
            made = life.repeat(self.aws, self.table, standing.thing)
        return made

    def make(self, urn: str, inputs: dict[str, Any], region: str) -> tuple[Created, int]:
        """Make a resource, and say how often it was made anew. Raises Refused when AWS would refuse, ValueError when the table
        cannot say how."""
        generation = self.next_generation(urn)
        made = self._make(urn, urn, generation, inputs, region)
        return made, generation

    def update(self, urn: str, thing: life.Thing, inputs: dict[str, Any]) -> dict[str, Any]:
        """Change a resource to these inputs, and keep what no call could change of it; returns its outputs.

        Raises Refused when AWS or the provider would refuse, ValueError when the table cannot say how.
        """
        if reasons := list(refusals.of_update(thing.type, thing.inputs, inputs)):
            raise Refused(" ".join(reasons))
        if thing.type in self.table:
            updated = life.update(self.aws, self.table, thing, inputs)
        else:
            updated = life.Updated(unknown.stand_in(thing.type, thing.name, thing.seed, inputs, thing.region)[1], [])
        before = self.standing[thing.seed]
        now = replace(before.thing, name=thing.name, inputs=inputs, outputs=updated.outputs)
        self.standing[thing.seed] = replace(before, thing=now)
        if updated.left:
            self.left[urn] = updated.left
        return updated.outputs

    def drift(self, urn: str, thing: life.Thing) -> dict[str, Any] | None:
        """The inputs of a resource that somebody changed, as they are now; None if it is not there any more."""
        if thing.type not in self.table:
            return {}
        standing = self.standing.get(thing.seed)
        found = drift(self.aws, self.table, thing, frozenset(standing.gaps if standing else ()))
        if found is None:
            self.standing.pop(thing.seed, None)
            return None
        if found.untold:
            self.untold[urn] = found.untold
        return found.now

    def delete(self, thing: life.Thing) -> None:
        """Remove a resource, or what it was made anew in place of. Raises Refused when AWS would refuse."""
        # What was made anew may have the id that it had, and does not refer to it by that.
        others = [one.thing for one in self.standing.values() if (one.thing.type, one.thing.id) != (thing.type, thing.id)]
        if thing.type in self.table:
            life.delete(self.aws, self.table, thing, others)
        self.standing.pop(thing.seed, None)

    def next_generation(self, urn: str) -> int:
        """What the generation of a resource would be that is made now."""
        return self.generations.get(urn, -1) + 1

    def _make(self, urn: str, born: str, generation: int, inputs: dict[str, Any], region: str) -> Created:
        cause = next(marked(inputs, UNFILLED), None)
        if cause:
            raise ValueError(f"uses an output that the table does not fill: {cause.removeprefix(UNFILLED).rstrip('>')}")
        type_, name, seed = state.type_of(urn), state.name_of(born), state.seed(born, generation)
        if type_ in self.allowed and type_ not in self.table:
            made = Created(*unknown.stand_in(type_, name, seed, inputs, region), "unknown", [])
            self.aws.adopted |= {made.id, made.outputs["arn"]}
        else:
            made = create(self.aws, self.table, type_=type_, name=name, urn=seed, inputs=dict(inputs), region=region)
        node = Node(urn, type_, name, "", made.id, inputs.get("region", region), inputs, made.outputs, [], made.fidelity, [])
        outside.after_create(self.aws, node, self.files[stack_of(urn)])
        thing = life.Thing(type_, state.name_of(urn), seed, region, inputs, made.id, made.outputs)
        self.standing[seed] = Standing(thing, made.fidelity, made.gaps)
        self.generations[born] = max(generation, self.generations.get(born, 0))
        return made


def stack_of(urn: str) -> str:
    """The stack that a URN belongs to."""
    return urn.split("::", 1)[0].rsplit(":", 1)[1]


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Inputs or outputs with no wrapping, and without what only the provider reads."""
    return {key: value for key, value in wire.unwrap(values).items() if not key.startswith("__")}


def ordered(states: Mapping[str, list[state.Resource]]) -> list[str]:
    """The stacks, each after those whose outputs it reads."""
    done: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        for other in sorted(set(state.referenced(states[name]))):
            if other in states and other not in (*above, name):
                visit(other, (*above, name))
        if name not in done:
            done.append(name)

    for name in sorted(states):
        visit(name, ())
    return done
