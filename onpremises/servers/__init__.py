"""Scripts for the servers on-premises that run containers: join, doctor, leave; mount and agents that survive a power cut; the
balancer before their copies."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from onpremises.facts import Facts, Region
from onpremises.files import mount_unit, mounted
from onpremises.text import environment

OPTIONS = re.compile(r"--(region|cluster|activation-id|activation-code) (\S+)")
NONE = """# Servers

This stack runs no container on-premises: no workload is placed there, and `containers.onPremisesServers.count` is 0.
"""
FIRST_ROUTER_ID = 51
"""Of VRRP, on a network that others may use it in too."""


def activation(region: Region) -> dict[str, str]:
    """Activation id and code, from the output that holds the whole command; empty where nobody is to join."""
    command = str(region.outputs.get("onPremisesJoinCommand") or "")
    return {name: value for name, value in OPTIONS.findall(command) if name.startswith("activation")}


def files(of: Facts) -> dict[str, str]:
    """The scripts; none where the stack has no servers on-premises."""
    region = of.primary
    settings = region.settings
    if not settings.containers.on_premises_servers.count and not copies(settings):
        return {"README.md": NONE}
    env = environment(Path(__file__).parent / "templates")
    asked = settings.on_premises.forwarded
    told: dict[str, Any] = {
        "region": settings.region,
        "cluster": str(region.outputs.get("clusterName") or ""),
        "activation": activation(region),
        "vpc": region.cidr,
        **mounted(region),
        "mount_unit": mount_unit(region),
        "has_files": bool(settings.storage.file_gateway.activation_key) if settings.storage.file_gateway else False,
        "names": [str(name) for name in region.outputs.get("resolverForwardedDomains") or [] if "amazonaws" in str(name)],
        "copies": copies(settings),
        "servers": settings.containers.on_premises_servers.addresses or [],
        "domain": asked[0].domain if asked else "corp.example",
        "router_id": FIRST_ROUTER_ID,
        "dns": asked[0].servers if asked else [],
    }
    return {
        name.removesuffix(".j2"): env.get_template(name).render(**told)
        for name in sorted(path.name for path in (Path(__file__).parent / "templates").iterdir())
    }


def copies(settings: Any) -> list[Mapping[str, Any]]:
    """Workloads with copies on-premises that can be called by TCP, once a port: name, port, how many, the path that tells their
    health."""
    found: list[Mapping[str, Any]] = []
    for workload in settings.workloads:
        if workload.placement not in {"both", "onPremises"}:
            continue
        tcp = [port for port in workload.ports if port.protocol == "tcp"]
        # The path is that of the port which the load balancer would ask; the others may speak anything.
        asked = (workload.route.port or tcp[0].container_port) if workload.route and tcp else None
        found.extend(
            {
                "name": workload.name,
                "port": port.host_port,
                "copies": workload.on_premises_replicas if workload.placement == "both" else workload.replicas,
                "path": workload.health_check.path if workload.health_check and port.container_port == asked else None,
            }
            for port in tcp
            if port.host_port
        )
    return found
