"""What a stack file asks for: who is to reach whom with what. Whatever is not asked for must not be possible.

Derived from the settings alone, never from the routes and rules that are to be proven.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from components.settings import Settings, recovery
from components.stages import STANDING
from proofs.reachability.compute import DYNAMIC_PORTS
from proofs.reachability.party import Party, Role
from proofs.reachability.traffic import EVERYTHING, NOTHING, TRANSLATED, TrafficSet, tcp, udp

POSTGRESQL, NFS, SSH, HTTPS, HTTP = 5432, 2049, 22, 443, 80
DNS = tcp(53) | udp(53)
STORAGE_GATEWAY = tcp(HTTPS, (1026, 1028), 1031, 2222)
"""What a File Gateway needs of the endpoint of its service.
https://docs.aws.amazon.com/filegateway/latest/files3/gateway-private-link.html"""


OF_DIRECTORY = "AWS makes the security group of a directory, and lets everything out of it; nobody gets in by that"
"""Why a directory reaches whatever routes lead to."""


@dataclass(frozen=True)
class Intent:
    """One thing that is to be possible."""

    source: Role
    target: Role
    traffic: TrafficSet
    setting: str
    """The key of the stack file that asks for it."""
    key: str = ""
    """Which one of those targets, `*` standing for anything; empty: each."""
    of: str = ""
    """Which one of those sources, in the same way."""
    networks: tuple[IPv4Network, ...] | None = None
    """The part of on-premises, or of the VPC of another region, that it is for. None: all of it."""
    optional: bool = False
    """Whether it is for another stack to make it possible, so that it need not be."""
    why: str = ""
    """Why it is as wide as it is, where whoever reads of it would ask."""

    def covers(self, source: Party, target: Party) -> bool:
        """Whether it is about these two."""
        return (
            (self.source, self.target) == (source.role, target.role)
            and is_meant(self.key, target)
            and is_meant(self.of, source)
        )

    def applies(self, *addresses: IPv4Address) -> bool:
        """Whether it is for one of these addresses, of which only those elsewhere can be in its networks."""
        return self.networks is None or any(address in network for address in addresses for network in self.networks)


def is_meant(key: str, party: Party) -> bool:
    """Whether a party is the one of this key, or one of several."""
    return key in ("", party.key) or ("*" in key and fnmatchcase(party.key, key))


@dataclass(frozen=True)
class Expected:
    """All that a stack file asks of the network."""

    intents: tuple[Intent, ...]
    zones: tuple[str, ...]
    nat_per_zone: bool
    """Whether each zone has a NAT gateway of its own."""
    circuits: bool
    """Whether a circuit is up."""
    routers: bool
    """Whether there is a VPN."""
    routed: frozenset[tuple[Role, str]]
    """The workloads that the load balancer leads requests to, by side and name."""
    without_circuit: tuple[IPv4Network, ...] = ()
    """Networks of sites that have routers but no circuit that is up: they take the VPN while others take circuits."""
    without_router: tuple[IPv4Network, ...] = ()
    """Networks of sites that have circuits but no router: nothing stands behind these."""
    joined: bool = False
    """Whether the links are those of a transit gateway's owner."""
    told: tuple[IPv4Network, ...] = ()
    """What on-premises is to be told of beside the VPCs."""
    owned: tuple[str, ...] = ()
    """The names of network cards that a team has added itself, `*` standing for anything."""

    @property
    def linked(self) -> bool:
        """Whether there is any way between on-premises and AWS."""
        return self.circuits or self.routers or self.joined

    def traffic(self, source: Party, target: Party, *addresses: IPv4Address) -> tuple[TrafficSet, TrafficSet]:
        """What one is to reach of the other, and what it may reach as well; `addresses` are those of the two."""
        asked = allowed = NOTHING
        for intent in self._by_roles.get((source.role, target.role), ()):
            if intent.covers(source, target) and intent.applies(*addresses):
                allowed |= intent.traffic
                asked |= NOTHING if intent.optional else intent.traffic
        return asked, allowed

    @cached_property
    def _by_roles(self) -> dict[tuple[Role, Role], list[Intent]]:
        found: dict[tuple[Role, Role], list[Intent]] = {}
        for intent in self.intents:
            found.setdefault((intent.source, intent.target), []).append(intent)
        return found


def expected(settings: Settings, *, shared_circuits: bool = False) -> Expected:
    """What the settings ask for. `shared_circuits`: the circuits of the primary, which a secondary joins, are up."""
    circuits = any(one.state == "available" for one in settings.direct_connect.connections)
    owner = settings.direct_connect.gateway_owner
    circuits |= settings.direct_connect.gateway_id is not None and (owner is None or owner.state == "accepted")
    circuits |= shared_circuits and recovery.is_secondary(settings) and settings.disaster_recovery.direct_connect
    routers = bool(settings.on_premises.routers)
    hub = settings.network.transit_gateway
    joined = hub is not None and hub.state == "accepted"
    intents = [*_inside(settings), *_out(settings), *_between_regions(settings)]
    if hub is None or joined:
        intents += _between_vpcs(settings)
    if circuits or routers or joined:
        intents += [*_from_on_premises(settings), *_to_on_premises(settings)]
    return Expected(
        intents=tuple(intents),
        zones=tuple(settings.network.zones),
        nat_per_zone=settings.network.nat_gateways == "OnePerAz",
        circuits=circuits,
        routers=routers,
        joined=joined,
        routed=frozenset(_routed(settings)),
        without_circuit=_without_circuit(settings, shared=shared_circuits),
        without_router=_networks(
            [cidr for site in settings.on_premises.sites if site.circuits and not site.routers for cidr in site.cidrs]
        ),
        told=_networks(settings.direct_connect.allowed_prefixes or []),
    )


def _routed(settings: Settings) -> Iterator[tuple[Role, str]]:
    for workload in settings.workloads:
        if workload.route is not None and workload.placement != "onPremises":
            yield "workload", workload.name
        if workload.server_port:
            yield "workloadOnPremises", workload.name


def _without_circuit(settings: Settings, *, shared: bool) -> tuple[IPv4Network, ...]:
    up = {one.name for one in settings.direct_connect.connections if one.state == "available"}
    found: list[str] = []
    for site in settings.on_premises.sites:
        # Those that a secondary shares are up or not as its primary says.
        own = set(site.circuits) if shared and recovery.is_secondary(settings) else up & set(site.circuits)
        found += site.cidrs if site.routers and not own else []
    return _networks(found)


def _networks(texts: list[str]) -> tuple[IPv4Network, ...]:
    return tuple(map(IPv4Network, texts))


def _fixed_ports(settings: Settings) -> TrafficSet:
    """The ports that containers ask the hosts for: open to the VPC and to on-premises."""
    found = NOTHING
    for workload in settings.workloads:
        for port in workload.ports if workload.placement != "onPremises" else ():
            if port.host_port:
                found |= TrafficSet.of(port.protocol, port.host_port)
    return found


def _web(settings: Settings) -> TrafficSet:
    """The ports of the load balancer: with a certificate, port 80 sends on to 443."""
    return tcp(HTTP, HTTPS) if settings.containers.certificate_arn else tcp(HTTP)


def _services(settings: Settings) -> list[str]:
    """The interface endpoints; S3's is always there, for on-premises."""
    return ["s3", *settings.network.endpoints]


def _databases(settings: Settings) -> tuple[Role, ...]:
    """What there is of the database. What stands by as backups is restored only once it is promoted."""
    if recovery.standby_way(settings) == "backups" and not settings.disaster_recovery.promoted:
        return ()
    return ("database", "replica") if settings.database.read_replicas.count else ("database",)


def _migrating(settings: Settings) -> bool:
    return settings.migration.stage in STANDING and settings.migration.way == "dms"


def _subscribed(settings: Settings) -> bool:
    """Whether the database itself reads the sources."""
    return settings.migration.stage in STANDING and settings.migration.way == "native"


def _fed(settings: Settings) -> bool:
    """Whether DMS copies the database of the other region into this one."""
    return recovery.standby_way(settings) == "dms"


def _from_vpc(settings: Settings, source: Role) -> Iterator[Intent]:
    """What is open to whoever is in the VPC and may send there."""
    for service in _services(settings):
        yield Intent(source, "endpoint", tcp(HTTPS), "network.endpoints", service)
    yield Intent(source, "loadBalancer", _web(settings), "containers.certificateArn")
    if ports := _fixed_ports(settings):
        yield Intent(source, "hosts", ports, "workloads[].ports[].hostPort")


def _inside(settings: Settings) -> Iterator[Intent]:
    """Within the VPC."""
    yield from _from_vpc(settings, "hosts")
    ports = _fixed_ports(settings)
    yield Intent("loadBalancer", "hosts", tcp(DYNAMIC_PORTS) | (ports & tcp()), "workloads[].route")
    databases = _databases(settings)
    for database in databases:
        yield Intent("hosts", database, tcp(POSTGRESQL), "database")
    if settings.storage.efs.enabled:
        yield Intent("hosts", "files", tcp(NFS), "storage.efs.enabled")
    if _migrating(settings) or _fed(settings):
        for database in databases:
            yield Intent("migration", database, tcp(POSTGRESQL), "migration.stage")
        for service in _services(settings):
            # The endpoint of Storage Gateway has rules of its own.
            if service != "storagegateway":
                yield Intent("migration", "endpoint", tcp(HTTPS), "migration.stage", service)
    if settings.client_vpn.enabled:
        yield from _from_vpc(settings, "clientVpn")
    if settings.client_vpn.reaches("ssh"):
        yield Intent("clientVpn", "hosts", tcp(SSH), "clientVpn.reach")
    for database in databases if settings.client_vpn.reaches("database") else ():
        yield Intent("clientVpn", database, tcp(POSTGRESQL), "clientVpn.reach")
    if settings.management.directory:
        yield from _from_vpc(settings, "directory")


def _out(settings: Settings) -> Iterator[Intent]:
    """To the internet and to the services of AWS that a gateway endpoint leads to."""
    yield Intent("hosts", "service", tcp(HTTPS), "network", "s3")
    if settings.network.nat_gateways != "None":
        yield Intent("hosts", "internet", tcp(HTTPS), "network.natGateways")
    if settings.management.directory:
        yield Intent("directory", "service", EVERYTHING, "management.directory", why=OF_DIRECTORY)
        if settings.network.nat_gateways != "None":
            yield Intent("directory", "internet", TRANSLATED, "management.directory", why=OF_DIRECTORY)


def _between_regions(settings: Settings) -> Iterator[Intent]:
    """Between the VPCs of two regions, whose transit gateways are peered."""
    recovering, cidr = settings.disaster_recovery, recovery.other_cidr(settings)
    if cidr is None or recovering.database != "dms":
        return
    there = _networks([cidr])
    if recovery.is_secondary(settings):
        yield Intent("migration", "neighbour", tcp(POSTGRESQL), "disasterRecovery.database", networks=there)
        return
    for database in _databases(settings):
        # The rule belongs to the stack of the secondary.
        yield Intent("neighbour", database, tcp(POSTGRESQL), "disasterRecovery.database", networks=there, optional=True)


def _between_vpcs(settings: Settings) -> Iterator[Intent]:
    """Between this VPC and the others behind its transit gateway."""
    if not (there := _networks(settings.network.other_networks)):
        return
    key = "network.otherNetworks"
    yield Intent("neighbour", "loadBalancer", _web(settings), key, networks=there)
    yield Intent("neighbour", "resolverInbound", DNS, key, networks=there)
    if ports := _fixed_ports(settings):
        yield Intent("neighbour", "hosts", ports, key, networks=there)
    why = "what other VPCs admit is for them to say"
    yield Intent("hosts", "neighbour", EVERYTHING, key, networks=there, why=why)


def _from_on_premises(settings: Settings) -> Iterator[Intent]:
    yield Intent("onPremises", "loadBalancer", _web(settings), "containers.certificateArn")
    for database in _databases(settings):
        yield Intent("onPremises", database, tcp(POSTGRESQL), "database")
    for service in _services(settings):
        traffic = STORAGE_GATEWAY if service == "storagegateway" else tcp(HTTPS)
        yield Intent("onPremises", "endpoint", traffic, "network.endpoints", service)
    yield Intent("onPremises", "resolverInbound", DNS, "network.privateZone")
    ssh = settings.on_premises.ssh_cidrs or settings.on_premises.cidrs
    yield Intent("onPremises", "hosts", tcp(SSH), "onPremises.sshCidrs", networks=_networks(ssh))
    if ports := _fixed_ports(settings):
        yield Intent("onPremises", "hosts", ports, "workloads[].ports[].hostPort")
    if settings.storage.efs.enabled and settings.storage.efs.on_premises:
        yield Intent("onPremises", "files", tcp(NFS), "storage.efs.onPremises")


def _to_on_premises(settings: Settings) -> Iterator[Intent]:
    why = "what has moved still talks to what has not, as it did before; the firewall of the data centre may say less"
    yield Intent("hosts", "onPremises", EVERYTHING, "onPremises.cidrs", why=why)
    if ports := [workload.server_port for workload in settings.workloads if workload.server_port]:
        servers = _networks(settings.containers.on_premises_servers.addresses or [])
        setting = "containers.onPremisesServers.addresses"
        yield Intent("loadBalancer", "onPremises", tcp(*ports), setting, networks=servers)
    if settings.client_vpn.enabled:
        why = "whoever signs in reaches the data centre as from a desk in it; its firewall may say less"
        yield Intent("clientVpn", "onPremises", EVERYTHING, "clientVpn.enabled", why=why)
    if settings.management.directory:
        yield Intent("directory", "onPremises", EVERYTHING, "management.directory", why=OF_DIRECTORY)
    if asked := sorted({server for one in settings.on_premises.forwarded for server in one.servers}):
        yield Intent("resolverOutbound", "onPremises", DNS, "onPremises.domains", networks=_networks(asked))
    if _migrating(settings) or _subscribed(settings):
        for source in settings.migration.sources:
            try:
                where: tuple[IPv4Network, ...] = (IPv4Network(IPv4Address(source.host)),)
            except AddressValueError:
                where = _networks(settings.on_premises.cidrs)  # A name, which on-premises may give to any address.
            reader: Role = "database" if _subscribed(settings) else "migration"
            yield Intent(reader, "onPremises", tcp(source.port), "migration.sources[].host", networks=where)
