"""What the stack files say of the drills: how much each stack promises, and what may be down all the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from proofs.drills import kinds
from proofs.drills.accepted import RESILIENT_SIZES, Accepted
from proofs.drills.place import Sites
from rehearsal.stackfile import StackFile


@dataclass(frozen=True)
class Terms:
    """What is asked of one stack."""

    size: str = "medium"
    accepted: tuple[Accepted, ...] = ()
    """Losses that the stack accepts beside those of the architecture."""
    sites: Sites = field(default_factory=dict)
    """The sites of on-premises by name, with their networks, if there are several."""
    positions: Mapping[str, int] = field(default_factory=dict)
    """Workload -> its position in the stack file."""

    @property
    def promises(self) -> bool:
        """Whether it has to survive every single failure."""
        return self.size in RESILIENT_SIZES


def terms_of(stacks: Iterable[StackFile], own: Iterable[Accepted] = ()) -> dict[str, Terms]:
    """The terms of these stack files, by stack; `own` is accepted for all that it names."""
    shared = tuple(own)
    found: dict[str, Terms] = {}
    for stack in stacks:
        workloads = stack.values.get(f"{stack.project}:workloads")
        listed = [one for one in workloads if isinstance(one, dict)] if isinstance(workloads, list) else []
        positions = {str(one.get("name")): position for position, one in enumerate(listed)}
        accepted = [_accepted(one) for one in listed if one.get("acceptDowntime")]
        size = stack.config.get(f"{stack.project}:size", "small")
        found[stack.stack] = Terms(size, (*accepted, *shared), _sites(stack), positions)
    return found


def _sites(stack: StackFile) -> dict[str, tuple[IPv4Network, ...]]:
    section = stack.values.get(f"{stack.project}:onPremises")
    sites = section.get("sites") if isinstance(section, dict) else None
    return {site["name"]: tuple(IPv4Network(cidr) for cidr in site["cidrs"]) for site in sites or []}


def _accepted(workload: Mapping[str, object]) -> Accepted:
    given, name = workload["acceptDowntime"], workload.get("name")
    told = given if isinstance(given, dict) else {"reason": given}
    return Accepted(
        kinds.FAILURES,
        (f"{kinds.IN_AWS}: {name}", f"{kinds.ON_PREMISES}: {name}"),
        " ".join(str(told.get("reason")).split()),
        owner=str(told.get("owner") or ""),
        date=str(told.get("date") or ""),
    )
