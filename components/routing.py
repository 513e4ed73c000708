"""Listener rules of an Application Load Balancer as plain values: what a route matches, which rule comes first, what clashes.

Settings check routes with it before anything is created, the component turns them into rules: one module, so that both agree.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

HIGHEST_PRIORITY = 50_000
"""Priorities are 1 to 50,000; the rule with the lowest number that matches a request takes it."""
VALUES_PER_RULE = 5
"""Condition values that a rule may have in all, a quota that AWS does not raise."""
WILDCARDS_PER_RULE = 6
"""Wildcard characters that the conditions of a rule may have in all, a quota that AWS does not raise."""
BAND = HIGHEST_PRIORITY // 3
"""Priorities for each kind of route."""
TARGET_GROUPS_PER_LOAD_BALANCER = 100
"""Target groups that a load balancer may forward to, a quota that AWS does not raise."""

LONGEST_PATTERN = 128
"""Characters of a host or a path."""
HOST_PATTERN = r"^[a-z0-9*?-]+(\.[a-z0-9*?-]+)*\.[a-z]+$"
"""A host as a rule takes it: a dot at least, and only letters after the last. Hosts match without regard to case."""
PATH_PATTERN = r"^[/*][A-Za-z0-9_.$/~\"'@:+*?-]*$"
"""A path as a rule takes it. Paths match with regard to case, and without the query."""


@dataclass(frozen=True)
class Route:
    """Which requests a workload is sent."""

    hosts: tuple[str, ...] = ()
    """Any of these hosts; empty: any host."""
    paths: tuple[str, ...] = ()
    """And any of these paths; empty: any path."""

    @property
    def values(self) -> tuple[str, ...]:
        """Every condition value of the rule."""
        return self.hosts + self.paths

    @property
    def wildcards(self) -> int:
        """How many wildcard characters the rule has in all."""
        return sum(value.count("*") + value.count("?") for value in self.values)


def has_own_name(hosts: Sequence[str], paths: Sequence[str]) -> bool:
    """Whether the route has `<workload>.<zone>` for a host, next to those it names, since that name leads to it in the zone.

    A route that names paths alone takes them from whatever host, so that several workloads share `apps.<zone>`.
    """
    return bool(hosts) or not paths


def route_of(workload: str, hosts: Sequence[str], paths: Sequence[str], zone: str | None) -> Route:
    """The route of a workload as its rule has it."""
    own = (f"{workload}.{zone}",) if zone and has_own_name(hosts, paths) else ()
    return Route(tuple(dict.fromkeys((*own, *hosts))), tuple(dict.fromkeys(paths)))


def band(*, by_host: bool, by_path: bool) -> int:
    """Which third of the priorities a rule lies in: by host and path before by host alone before by path alone.

    The more a rule asks for, the earlier it is tried; a host of its own is asked for on purpose, a path may be anybody's.
    """
    return 0 if by_host and by_path else 1 if by_host else 2


def priority(workload: str, *, by_host: bool, by_path: bool) -> int:
    """The priority of a workload's rule, unless one is chosen: its name and the kind of its route alone decide.

    A position in a list would do as well until somebody inserts a workload: then every later rule moves, and AWS refuses a
    priority that another rule still has. So it is a hash within the band; two workloads that meet are told to choose.
    """
    digest = hashlib.sha256(workload.encode()).digest()
    return 1 + band(by_host=by_host, by_path=by_path) * BAND + int.from_bytes(digest[:8], "big") % BAND


def _literal_prefix(pattern: str) -> str:
    return re.split(r"[*?]", pattern, maxsplit=1)[0]


def patterns_overlap(one: str, other: str) -> bool:
    """Whether a text exists that both patterns match; `*` stands for any characters or none, `?` for exactly one."""
    first, second = _literal_prefix(one), _literal_prefix(other)
    if not (first.startswith(second) or second.startswith(first)):
        return False  # Most pairs end here, and the rest costs the product of the lengths.
    # reachable[j]: a text exists that matches both one[:i] and other[:j].
    reachable = [True] + [False] * len(other)
    for j, char in enumerate(other):
        reachable[j + 1] = reachable[j] and char == "*"
    for mine in one:
        previous, reachable = reachable, [reachable[0] and mine == "*"]
        for j, theirs in enumerate(other):
            if "*" in (mine, theirs):
                # The star ends here, or swallows what the other pattern says.
                reachable.append(previous[j + 1] or reachable[j])
            else:
                reachable.append(previous[j] and (mine == theirs or "?" in (mine, theirs)))
    return reachable[-1]


def routes_overlap(one: Route, other: Route) -> bool:
    """Whether a request exists that both routes take."""

    def meet(mine: Sequence[str], theirs: Sequence[str]) -> bool:
        return not mine or not theirs or any(patterns_overlap(a, b) for a in mine for b in theirs)

    return meet(one.hosts, other.hosts) and meet(one.paths, other.paths)
