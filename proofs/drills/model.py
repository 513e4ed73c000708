"""What each function of a system needs, and what can fail."""

from dataclasses import dataclass, field

from proofs.drills.needs import Figure, Need


@dataclass(frozen=True)
class Part:
    """Something that can fail."""

    id: str
    """Unique over all stacks."""
    kind: str
    """What it is, for people: `circuit`, `NAT gateway`."""
    name: str
    """Which one, for people."""
    within: tuple[str, ...] = ()
    """Ids of the parts it stands in: whatever takes one of them takes this part too."""
    fails: bool = True
    """Whether it is drilled by itself; false for what AWS runs in several zones of a region, which only the region takes."""
    alike: int = 1
    """How many there are of it. One of them is drilled for all."""
    twin_of: str = ""
    """Id of the part that this one is alike to: it is drilled together with that one only."""


@dataclass(frozen=True)
class Function:
    """Something that people rely on."""

    stack: str
    kind: str
    """One of `kinds.FUNCTIONS`."""
    subject: str
    """Which one, where there are several: a workload, a bucket. May be empty."""
    need: Need
    made_by: tuple[str, ...] = ()
    """URNs of the resources that do it, where these are no parts: an edit that takes one of them away takes the function."""
    again: Figure | None = None
    """How it comes back once they are made again; None if it is there as soon as they are."""

    @property
    def name(self) -> str:
        """Kind and subject."""
        return f"{self.kind}: {self.subject}" if self.subject else self.kind


@dataclass
class Model:
    """Parts and functions of all stacks together."""

    parts: dict[str, Part] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)

    def part(self, part: Part) -> str:
        """Know a part (again: several stacks may share a location or a zone); returns its id."""
        return self.parts.setdefault(part.id, part).id
