"""Stack files for the bench."""

import copy
from pathlib import Path
from typing import Any

import yaml

from bench.processes import ROOT

ROUTED = 100
"""A load balancer forwards to no more target groups; workloads past that have no route."""


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
