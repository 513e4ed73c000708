"""`make bench`: rehearse dev, prod, both regions and prod with many workloads, and print what README.md says of speed.

Each figure is the median of five whole processes, with all proofs. The peer is the same program under Pulumi's plain mocks,
which create nothing, run in turn with the rehearsal: what the rehearsal costs on top of it. `--write`, as `make bench` has it,
puts the figures into README.md, between its marks; `python -m bench --runs 1 --only prod` is a look.
"""

import argparse
import itertools
import json
import os
import platform
import statistics
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from bench import peers, watched
from bench.processes import ROOT, Run, Runs, in_turn, ratio, run
from bench.stacks import with_workloads

RUNS = 5
WORKLOADS = (50, 250)
MANY = 1_000
"""Resources of a stack past which the next larger one is run once in three: it takes a minute, and differs little."""
SYNTHESIZED = (100, 1_000, 5_000)
PLAIN = "from tests.recorder import deploy_stack; import sys; deploy_stack(sys.argv[1])"
BEGIN, END = "<!-- figures of `make bench` -->\n", "<!-- end of the figures -->\n"


@dataclass(frozen=True)
class Figure:
    """What was measured of some stacks."""

    name: str
    resources: int
    ours: Runs
    plain: Runs | None

    @property
    def row(self) -> str:
        """A line of the table in README.md."""
        cells = [self.name, f"{self.resources:,}", f"{self.ours.seconds:.1f} ({self.ours.spread})", f"{self.ours.mib:.0f}"]
        if self.plain:
            compared = f"{ratio(self.ours, self.plain):.2f}"
            cells += [f"{self.plain.seconds:.1f}", compared, f"{self.plain.mib:.0f}"]
        else:
            cells += ["", "", ""]
        return f"| {' | '.join(cells)} |"


def rehearse(stacks: list[str], build: Path) -> Run:
    """Rehearse and prove stacks."""
    return run([sys.executable, "-m", "hybridge", "rehearse", *stacks, "--build", str(build)])


def plainly(stack: str) -> Run:
    """The same program under Pulumi's plain mocks."""
    return run([sys.executable, "-c", PLAIN, stack])


def measure(name: str, stacks: list[str], build: Path, runs: int) -> Figure:
    """Rehearse stacks; one alone in turn with the plain mocks."""
    commands = [partial(rehearse, stacks, build)]
    if len(stacks) == 1:
        commands.append(partial(plainly, stacks[0]))
    ours, *plain = in_turn(commands, runs)
    folders = [build / Path(stack).stem.removeprefix("Pulumi.") for stack in stacks]
    resources = sum(json.loads((folder / "summary.json").read_text(encoding="utf-8"))["resources"] for folder in folders)
    return Figure(name, resources, ours, plain[0] if plain else None)


def figures(console: Console, folder: Path, runs: int, only: str) -> list[Figure]:
    """All that is rehearsed."""
    stacks = {"`dev`": ["dev"], "`prod`": ["prod"], "`prod dr`, two regions": ["prod", "dr"]}
    for count in WORKLOADS:
        stacks[f"`prod` with {count:,} workloads"] = [str(with_workloads(count, folder))]
    found: list[Figure] = []
    for name, files in stacks.items():
        if only in name:
            console.print(f"measuring {name} ...", highlight=False)
            many = found and found[-1].resources > MANY
            found.append(measure(name, files, folder / "build", max(runs // 3, 1) if many else runs))
            console.print(found[-1].row, highlight=False, soft_wrap=True)
    return found


def told(found: list[Figure], edits: list[float], others: list[str], runs: int) -> str:
    """The figures, as README.md has them."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, pulumi {version('pulumi')}, moto {version('moto')}"
    lines = [
        f"Medians of {runs} whole processes ({max(runs // 3, 1)} for most workloads) on {machine};",
        "the fastest and the slowest in brackets:",
        "",
        "| stack | resources | seconds | MiB | plain mocks: seconds | ratio | plain mocks: MiB |",
        "|---|---|---|---|---|---|---|",
        *(figure.row for figure in found),
        "",
    ]
    if edits:
        lines += [f"An edit under `hybridge watch prod` is answered in {statistics.median(edits):.1f} s, all proofs told anew."]
    growing = [figure for figure in found if "workloads" in figure.name]
    if len(growing) > 1:
        each = [
            f"{(more.ours.seconds - less.ours.seconds) / (more.resources - less.resources) * 1000:.1f}"
            for less, more in itertools.pairwise(growing)
        ]
        plain = [
            (more.plain.seconds - less.plain.seconds) / (more.resources - less.resources) * 1000
            for less, more in itertools.pairwise(growing)
            if less.plain and more.plain
        ]
        lines += [f"A further resource takes {' and then '.join(each)} ms, of which the program itself {plain[0]:.1f}."]
    return "\n".join([*lines, *others]) + "\n"


def synthesized(folder: Path, runs: int) -> list[str]:
    """What AWS CDK takes for as many resources."""
    which = peers.version()
    if not which:
        return ["AWS CDK was not measured: there is no Node.js."]
    app = peers.install(folder / "cdk")
    done = in_turn([partial(peers.synthesize, app, resources) for resources in SYNTHESIZED], runs)
    took = ", ".join(f"{resources:,} in {one.seconds:.1f} s" for resources, one in zip(SYNTHESIZED, done, strict=True))
    return [f"For the record, {which} synthesizes security groups, and checks none of them: {took} ({done[-1].mib:.0f} MiB)."]


def main() -> None:
    """Measure, and print the figures as they come."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", default="", help="measure the stacks whose name holds this, and nothing else")
    parser.add_argument("--write", action="store_true", help="put the figures into README.md")
    asked = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        found = figures(console, folder, asked.runs, asked.only)
        edits = [] if asked.only else watched.answers("prod", asked.runs, folder)
        others = [] if asked.only else synthesized(folder, asked.runs)
    text = told(found, edits, others, asked.runs)
    console.print(f"\n{text}", highlight=False, markup=False, soft_wrap=True)
    if asked.write:
        readme = ROOT / "README.md"
        before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
        readme.write_text(before + BEGIN + text + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
