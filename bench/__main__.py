"""`make bench`: rehearse dev and prod, then prod with 1, 50 and 250 workloads; print medians of five whole processes each.

The peer is the same program under Pulumi's plain mocks, which create nothing: what the rehearsal costs on top of it.
"""

import copy
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
RUNS = 5
WORKLOADS = (1, 50, 250)
ROUTED = 100
"""A load balancer forwards to no more target groups; workloads past that have no route."""
PLAIN = "from tests.recorder import deploy_stack; import sys; print(len(deploy_stack(sys.argv[1]).resources))"


@dataclass(frozen=True)
class Figure:
    """The medians of one stack."""

    name: str
    resources: int
    seconds: float
    spread: tuple[float, float]
    """The fastest and the slowest run."""
    memory_mib: float
    plain_seconds: float


def measure(name: str, stack: str, build: Path, *options: str) -> Figure:
    """Rehearse a stack `RUNS` times after one that warms the disk's caches."""
    seconds, memory, plain, resources = [], [], [], 0
    for run in range(RUNS + 1):
        took = _timed([sys.executable, "-m", "hybridge", "rehearse", stack, "--build", str(build), *options])
        plain_took = _timed([sys.executable, "-c", PLAIN, stack])
        if run:
            name_of = Path(stack).stem.removeprefix("Pulumi.")
            summary = json.loads((build / name_of / "summary.json").read_text())
            resources = summary["resources"]
            memory.append(summary["peakMemoryMiB"])
            seconds.append(took)
            plain.append(plain_took)
    spread = (min(seconds), max(seconds))
    return Figure(name, resources, statistics.median(seconds), spread, statistics.median(memory), statistics.median(plain))


def _timed(command: list[str]) -> float:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - started


def with_workloads(count: int, folder: Path) -> Path:
    """A stack file like prod's, with `count` workloads like prod's first one that has a route."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text(encoding="utf-8"))
    workloads = content["config"]["hybridge:workloads"]
    pattern = next(workload for workload in workloads if "route" in workload)
    content["config"]["hybridge:workloads"] = []
    for number in range(count):
        workload = copy.deepcopy(pattern)
        workload["name"] = f"load-{number:03}"
        if number < ROUTED:
            workload["route"] = {"paths": [f"/load-{number:03}/*"], "priority": number + 1}
        else:
            del workload["route"]
            workload.get("scaling", {}).pop("requestsPerReplica", None)
            workload.get("scaling", {})["cpuPercent"] = 60
        content["config"]["hybridge:workloads"].append(workload)
    path = folder / f"Pulumi.workloads{count}.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def main() -> None:
    """Measure, and print the figures as they come."""
    console = Console()
    table = Table(title=f"whole processes, medians of {RUNS} warm runs on {os.cpu_count()} cores", title_justify="left")
    for column in ("stack", "resources", "seconds", "fastest-slowest", "MiB", "plain mocks, s"):
        table.add_column(column, justify="left" if column == "stack" else "right")
    figures = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        stacks = [("dev", "dev"), ("prod", "prod")]
        stacks += [(f"prod, {count} workloads", str(with_workloads(count, folder))) for count in WORKLOADS]
        for name, stack in stacks:
            console.print(f"measuring {name} ...")
            figure = measure(name, stack, folder / "build")
            figures.append(figure)
            spread = f"{figure.spread[0]:.2f}-{figure.spread[1]:.2f}"
            table.add_row(
                name,
                str(figure.resources),
                f"{figure.seconds:.2f}",
                spread,
                f"{figure.memory_mib:.0f}",
                f"{figure.plain_seconds:.2f}",
            )
    console.print(table)
    small, large = figures[2], figures[-1]
    slope = (large.seconds - small.seconds) / (large.resources - small.resources) * 1000
    console.print(f"each further resource: {slope:.2f} ms (from {small.resources} to {large.resources} resources)")


if __name__ == "__main__":
    main()
