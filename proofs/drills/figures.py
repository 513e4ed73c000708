"""How long things take: each figure with the page of documentation, or with the configuration, that it comes from.

Where AWS publishes no figure, or a person has to act, there is none here either: `seconds` is None.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from proofs.drills.needs import Figure

AWS = "https://docs.aws.amazon.com"
BFD_SECONDS = 0.9
"""300 ms, three times: what AWS's end, where it is always on, settles for."""
DIRECT_CONNECT_HOLD_SECONDS = 90
VPN_HOLD_SECONDS = 30
"""BGP hold timer in the configuration files that AWS gives out for customers' routers."""
LOAD_BALANCER_TTL_SECONDS = 60
MEASURED = Path(__file__).with_name("measured.json")
"""Seconds of silence of the flow that was hit worst: what `make lab` measures on real routers' daemons (docs/onpremises.md). Of
AWS's ends it has the timers and the order of preference; what AWS takes within itself nobody outside can measure."""


def measurements() -> tuple[int, Mapping[str, Mapping[str, float]]]:
    """How many runs there were; of each failure, and of its end, the `median` and the `worst` of them."""
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    return found["runs"], found["seconds"]


def _measured(mechanism: str, failure: str, timers: float, page: str) -> Figure:
    """What the timers allow, or what was measured where that was longer, rounded up to a tenth."""
    runs, seconds = measurements()
    worst, median = seconds[failure]["worst"], seconds[failure]["median"]
    source = f"measured by `make lab`, {failure}: {median:g} s, at worst {worst:g} s in {runs} runs; AWS's timers: {AWS}/{page}"
    return Figure(mechanism, max(timers, math.ceil(worst * 10) / 10), source)


# Links between on-premises and AWS.
CIRCUIT_LOST = _measured(
    f"the circuits left carry everything, with BFD on the routers (without it, after {DIRECT_CONNECT_HOLD_SECONDS} s)",
    "a circuit, silently",
    BFD_SECONDS,
    "directconnect/latest/UserGuide/bgp-specific-settings.html",
)
VPN_FOR_CIRCUITS = _measured(
    "the VPN, whose BGP is up all the time, carries everything, at 1.25 Gbps a tunnel; with BFD on the routers "
    f"(without it, after {DIRECT_CONNECT_HOLD_SECONDS} s)",
    "both circuits, silently",
    BFD_SECONDS,
    "directconnect/latest/UserGuide/bgp-specific-settings.html",
)
OTHER_CONNECTION = _measured(
    "BGP moves to the VPN connection of another router",
    "a router while both circuits are out",
    VPN_HOLD_SECONDS,
    "vpn/latest/s2svpn/cgw-dynamic-routing-examples.html",
)
CIRCUIT_REPAIR = Figure("the carrier mends the circuit", None, f"{AWS}/directconnect/latest/UserGuide/Troubleshooting.html")
ROUTER_REPAIR = Figure("a person mends or replaces the router", None, "nothing of AWS")
TUNNEL_REPAIR = Figure("AWS replaces the end of the tunnel", None, f"{AWS}/vpn/latest/s2svpn/endpoint-replacements.html")
LINK_REPAIR = Figure("the link comes back", None, "see the function `on-premises and AWS`")
SITE_REPAIR = Figure("the data centre is back", None, "nothing of AWS")

# Hosts and containers.
COPIES_LEFT = Figure("the copies left go on", 0, f"{AWS}/AmazonECS/latest/developerguide/ecs_services.html")
TASK_RESTART = Figure(
    "ECS starts the container on a host that is left, once the failed host has left the cluster",
    None,
    f"{AWS}/AmazonECS/latest/developerguide/ecs_services.html",
)
SERVER_REPLACED = Figure(
    "a person deregisters the server from the cluster, then ECS starts the container on one that is left",
    None,
    f"{AWS}/AmazonECS/latest/developerguide/ecs-anywhere-deregistration.html",
)
COPIES_START = Figure(
    "ECS starts its copies, where there is room for them", None, f"{AWS}/AmazonECS/latest/developerguide/ecs_services.html"
)
DISCONNECTED = Figure(
    "containers run on, but ECS neither restarts nor changes them until the servers reach it again",
    0,
    "https://aws.amazon.com/blogs/containers/implement-amazon-ecs-anywhere-enhanced-workload-resilience-in-disconnected-scenarios/",
)
NO_NEW_COPIES = Figure(
    "containers run on, but no new ones start until ECS, ECR and their endpoints are reached again",
    0,
    f"{AWS}/AmazonECS/latest/developerguide/vpc-endpoints.html",
)
NOTHING_STARTS = Figure(
    "but ECS and ECR cannot be reached, so that nothing starts until they are",
    None,
    f"{AWS}/AmazonECS/latest/developerguide/vpc-endpoints.html",
)
BALANCER_ZONE = Figure(
    "the address of the zone leaves the load balancer's DNS name",
    LOAD_BALANCER_TTL_SECONDS,
    f"{AWS}/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html",
)
ROLLS_ON = Figure(
    "half of the copies go on while the others are replaced, or so many as onPremisesHealthyPercent says",
    0,
    f"{AWS}/AmazonECS/latest/developerguide/deployment-type-ecs.html",
)
ROLLS = Figure(
    "all copies stop before those of the new version start: their image is pulled, and they pass their checks",
    None,
    f"{AWS}/AmazonECS/latest/developerguide/deployment-type-ecs.html",
)
PATCHED_ON = Figure(
    "copies on other servers go on while a server is drained, patched and taken back",
    0,
    f"{AWS}/AmazonECS/latest/developerguide/container-instance-draining.html",
)
PATCHED = Figure(
    "the copies of a drained server stop before they start on another: their image is pulled, and they pass their checks",
    None,
    f"{AWS}/AmazonECS/latest/developerguide/container-instance-draining.html",
)
COPIES_BACK = Figure(
    "ECS starts copies until they pass their health checks, and goes back to the version before",
    None,
    f"{AWS}/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
)
SHARE_RAISED = Figure(
    "copies on-premises serve their share of the requests, and all of them once a person sets route.onPremisesPercent to 100",
    None,
    f"{AWS}/elasticloadbalancing/latest/application/load-balancer-listeners.html",
)
SHARE_LOST = Figure(
    "copies in AWS serve their share of the requests, and all of them once a person sets route.onPremisesPercent to 0",
    None,
    f"{AWS}/elasticloadbalancing/latest/application/load-balancer-listeners.html",
)
CALLED_DIRECTLY = Figure(
    "whoever is in the data centre calls the servers by their own balancer; the name in AWS leads nowhere meanwhile",
    0,
    "docs/onpremises.md",
)
ZONE_REPAIR = Figure("AWS has brought the zone back", None, "https://aws.amazon.com/premiumsupport/technology/pes/")
REGION_REPAIR = Figure("AWS has brought the region back", None, "https://aws.amazon.com/premiumsupport/technology/pes/")

# Data.
STANDBY = Figure(
    "RDS fails over to the standby in another zone, under the same name",
    120,
    f"{AWS}/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html",
)
SINGLE_INSTANCE = Figure(
    "RDS replaces a failed host by itself; out of a failed zone, a person restores the backup to another one",
    None,
    f"{AWS}/AmazonRDS/latest/UserGuide/USER_PIT.html",
)
PRIMARY_READS = Figure(
    "a person points the readers at the primary, which serves reads too",
    None,
    f"{AWS}/AmazonRDS/latest/UserGuide/USER_ReadRepl.html",
)
REPLICA_REPAIR = Figure(
    "RDS replaces the host of the replica, or a person makes another replica",
    None,
    f"{AWS}/AmazonRDS/latest/UserGuide/USER_ReadRepl.html",
)
TASKS_RESUME = Figure(
    "a new task begins with a full load of its own; the sources stay in use",
    None,
    f"{AWS}/dms/latest/userguide/CHAP_Tasks.html",
)
DMS_STANDBY = Figure(
    "the standby of the replication instance resumes the tasks",
    None,
    f"{AWS}/dms/latest/userguide/disaster-recovery-resiliency.html",
)
DMS_SINGLE = Figure(
    "DMS replaces the instance, or a person makes another; tasks resume, and the sources stay in use",
    None,
    f"{AWS}/dms/latest/userguide/CHAP_ReplicationInstance.html",
)
GATEWAY_REPAIR = Figure(
    "a person starts a new gateway VM, activates it and shares the same bucket; what the lost cache had not yet uploaded is "
    "lost (in a vSphere HA cluster, the VM restarts by itself in under 60 s)",
    None,
    f"{AWS}/filegateway/latest/files3/best-practices.html",
)
MOUNTED_AGAIN = Figure(
    "a person mounts the share again on its clients",
    None,
    f"{AWS}/filegateway/latest/files3/GettingStartedAccessFileShare.html",
)
HOSTS_FOLLOW = Figure(
    "the hosts are replaced one after another, and mount the new one",
    None,
    f"{AWS}/autoscaling/ec2/userguide/asg-instance-refresh.html",
)
GATEWAY_CACHES = Figure(
    "the gateway takes writes into its cache, until that is full, and uploads them later",
    0,
    f"{AWS}/filegateway/latest/files3/ManagingLocalStorage-common.html",
)
OTHER_TARGET = Figure(
    "hosts of the other zones go on with their own mount targets; those of this zone wait for it",
    0,
    f"{AWS}/efs/latest/ug/disaster-recovery-resiliency.html",
)
BACKUP_GATEWAY_REPAIR = Figure(
    "a person starts a new Backup gateway VM, activates it and adds the hypervisor; the backups that there are stay, those of "
    "the nights until then are missed",
    None,
    f"{AWS}/aws-backup/latest/devguide/working-with-gateways.html",
)
MACHINE_RESTORED = Figure(
    "a person restores the machine from the vault, to VMware or, while that is gone, into EC2; what it has written since its "
    "last backup, a day and the time that the backup takes, is lost",
    None,
    f"{AWS}/aws-backup/latest/devguide/restoring-vm.html",
)
"""By the daily rule, which every plan of a stack has."""
BACKUP_COPY = Figure(
    "a person restores from the copies in the other region", None, f"{AWS}/aws-backup/latest/devguide/cross-region-backup.html"
)

# What hosts reach, and are reached by.
OTHER_NAT = Figure(
    "the hosts of its zone cannot leave until a person points their route at another NAT gateway; those of other zones use "
    "their own",
    None,
    f"{AWS}/vpc/latest/userguide/nat-gateway-basics.html",
)
NAT_REPAIR = Figure(
    "a person makes another NAT gateway and points the routes at it",
    None,
    f"{AWS}/vpc/latest/userguide/nat-gateway-basics.html",
)
OTHER_ENDPOINT = Figure(
    "the endpoint's name leads to the healthy zones only",
    None,
    "https://repost.aws/questions/QUupiKY7qBQ4Gd8P58sFmm_A/auto-failover-between-zonal-vpcendpoints",
)
ENDPOINT_REPAIR = Figure("AWS mends the endpoint", None, f"{AWS}/vpc/latest/privatelink/create-interface-endpoint.html")
OTHER_RESOLVER = Figure(
    "queries time out and go to the address in another zone",
    None,
    f"{AWS}/Route53/latest/DeveloperGuide/best-practices-resolver-endpoint-high-availability.html",
)
OTHER_DNS_SERVER = Figure(
    "queries time out and go to the other DNS server",
    None,
    f"{AWS}/Route53/latest/DeveloperGuide/resolver-rules-managing.html",
)
DNS_SERVER_REPAIR = Figure("a person mends the DNS server", None, "nothing of AWS")
OTHER_CONTROLLER = Figure(
    "the other of the connector's two addresses answers",
    None,
    f"{AWS}/directoryservice/latest/admin-guide/directory_ad_connector.html",
)
OTHER_ASSOCIATION = Figure(
    "people connect again and land in another zone", None, f"{AWS}/vpn/latest/clientvpn-admin/cvpn-working-target.html"
)

# The other region.
FAILOVER = Figure(
    "a person edits `mode` of the secondary stack and deploys it",
    None,
    "docs/disaster-recovery.md: the runbook, and what it takes",
)


def tunnel_lost(connection: Mapping[str, Any]) -> Figure:
    """What the other tunnel of a VPN connection takes when one is lost: BGP or dead peer detection may notice first."""
    # AWS's default of 30 s, for what is not set.
    timeout = max(float(connection.get(f"tunnel{number}DpdTimeoutSeconds") or 30) for number in (1, 2))
    told = _measured(
        "BGP moves to the other tunnel of the connection",
        "a tunnel while both circuits are out",
        max(timeout, VPN_HOLD_SECONDS),
        "vpn/latest/s2svpn/your-cgw.html",
    )
    configured = f"configuration: dead peer after {timeout:g} s; BGP hold timer {VPN_HOLD_SECONDS} s"
    return replace(told, source=f"{configured}; {told.source}")


def health_check(target_group: Mapping[str, Any]) -> tuple[float, float, str]:
    """Seconds until a target group gives up a target, until it takes a new one, and where both come from."""
    check = target_group.get("healthCheck") or {}
    # Defaults of an Application Load Balancer, for what is not set.
    interval, bad, good = (
        check.get(key) or value for key, value in (("interval", 30), ("unhealthyThreshold", 2), ("healthyThreshold", 5))
    )
    source = f"configuration: health check every {interval:g} s, {bad:g} failures, {good:g} successes"
    return interval * bad, interval * good, source


def routed_copies_left(target_group: Mapping[str, Any], warmup: float | None) -> Figure:
    """The load balancer notices that copies are gone."""
    gone, _, source = health_check(target_group)
    return Figure(f"the load balancer sends requests to the copies left; {_new_copies(warmup)}", gone, source)


def routed_restart(target_group: Mapping[str, Any], start_seconds: float, warmup: float | None) -> Figure:
    """The last copy is started again elsewhere."""
    gone, back, source = health_check(target_group)
    return Figure(
        _new_copies(warmup),
        gone + start_seconds + back,
        f"{source}, {start_seconds:g} s to start, if a host that is left has room",
    )


def routed_start(target_group: Mapping[str, Any], start_seconds: float) -> Figure:
    """A service that is made again: its copies start, and pass their health checks."""
    _, back, source = health_check(target_group)
    return Figure(
        "ECS starts its copies, which the load balancer takes once they are healthy",
        start_seconds + back,
        f"{source}, {start_seconds:g} s to start, if there is room",
    )


def _new_copies(warmup: float | None) -> str:
    joins = f", which joins within {warmup:g} s of its launch" if warmup else ""
    return f"ECS starts new copies where there is room, if need be on a host that Auto Scaling adds{joins}"


def replica_lost(ttl: float | None, checked: bool) -> Figure:
    """One of several replicas under one name."""
    source = f"{AWS}/Route53/latest/DeveloperGuide/routing-policy-weighted.html"
    if ttl is None:
        return Figure("clients of the other replicas go on; the others connect to one of them", None, source)
    if checked:
        return Figure(
            "the name leads to the replicas left", ttl, f"configuration: health-checked records with a TTL of {ttl:g} s"
        )
    return Figure(
        f"the replicas left go on; the name still leads to the lost one in turn (no health check, TTL {ttl:g} s), so that "
        "clients have to connect again, until RDS has replaced it",
        None,
        source,
    )
