"""A stack as a company has it: forty workloads on both sides, each with a port of its own, some with one that none else has."""

from pathlib import Path
from typing import Any

import yaml

from rehearsal.stackfile import StackFile, read

COUNT = 40


def many_workloads(root: Path, folder: Path, count: int = COUNT) -> StackFile:
    """prod with this many workloads, and no migration, as a stack file `many` in `folder`."""
    content: dict[str, Any] = yaml.safe_load((root / "tests" / "samples" / "Pulumi.prod.yaml").read_text(encoding="utf-8"))
    content["config"]["hybridge:workloads"] = [_workload(number) for number in range(count)]
    content["config"]["hybridge:migration"]["stage"] = "done"
    # A port of the hosts takes a rule for each network that it is open to, and a security group holds 60 rules.
    content["config"]["hybridge:onPremises"]["cidrs"] = ["10.0.0.0/10"]
    path = folder / "Pulumi.many.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return read(str(path), root)


def _workload(number: int) -> dict[str, Any]:
    """Every fourth stays on-premises, every fourth is behind the load balancer, the rest is asked by ports of the hosts."""
    port = 7000 + 13 * number
    workload: dict[str, Any] = {
        "name": f"{('order', 'stock', 'billing', 'gate')[number % 4]}-service-{number:02}",
        "image": "nginx:1.27.5-alpine",
        "ports": [{"containerPort": 80, "hostPort": port}],
        "cpu": 128,
        "memory": 128,
        "replicas": 2,
    }
    if number % 4 == 1:
        workload["placement"] = "onPremises"
    elif number % 4 == 2:
        workload["ports"] = [80]
        workload["route"] = {"paths": [f"/{workload['name']}/*"], "priority": number + 1}
    elif number % 10 == 3:
        workload["ports"].append({"containerPort": 53, "hostPort": port + 1, "protocol": "udp"})
    return workload
