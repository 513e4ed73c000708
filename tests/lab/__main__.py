"""`make lab`: measures what every failure of the links costs, prints medians, and writes them where the drills read them."""

import json
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from proofs.drills.figures import MEASURED
from tests.lab.links import links
from tests.lab.measure import Measured, cut_off, measured
from tests.lab.networks import lacking

RUNS = 5
AT_ONCE = 2
"""Labs wait more than they work."""


def once(_: int) -> list[Measured]:
    """Every failure, on links of their own."""
    with links() as made:
        return [*measured(made), cut_off(made)]


def told(runs: Iterable[Sequence[Measured]]) -> dict[str, dict[str, float]]:
    """By failure: the median of the runs, and the worst of them."""
    found: dict[str, list[float]] = {}
    for one in (each for run in runs for each in run):
        assert one.way, f"{one.failure}: questions and answers take different ways"
        found.setdefault(one.failure, []).append(one.seconds)
    return {name: {"median": round(median(seconds), 2), "worst": max(seconds)} for name, seconds in found.items()}


def main() -> int:
    """Measure, print, write."""
    why = lacking("bgpd", "vtysh", "ping", "nft")
    if why:
        print(f"the lab cannot be built here: {why}", file=sys.stderr)
        return 1
    with ThreadPoolExecutor(AT_ONCE) as pool:
        table = told(pool.map(once, range(RUNS)))
    print(f"{'seconds of silence of the flow that is hit worst':55}{'median':>8}{'worst':>8}   of {RUNS} runs")
    for name, seconds in table.items():
        print(f"{name:55}{seconds['median']:8.2f}{seconds['worst']:8.2f}")
    MEASURED.write_text(json.dumps({"runs": RUNS, "seconds": table}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
