"""Where a stack's parts stand, and what many functions of it need: the link to on-premises, and ways to AWS's own services."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network

from proofs.drills import figures, kinds
from proofs.drills.graph import Graph, Graphs, Resource
from proofs.drills.model import Model, Part
from proofs.drills.needs import AllOf, AnyOf, Figure, InZone, Need, One, Option, Shared

Sites = Mapping[str, Sequence[IPv4Network]]
"""Name of a site of on-premises -> its networks. Empty: there is one data centre."""
HUBS = ("aws:ec2/vpnGateway:VpnGateway", "aws:ec2transitgateway/transitGateway:TransitGateway")
GATEWAYS = "aws:directconnect/gateway:Gateway"
CIRCUITS = "aws:directconnect/connection:Connection"
INTERFACES = (
    "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface",
    "aws:directconnect/transitVirtualInterface:TransitVirtualInterface",
)
PROPOSALS = "aws:directconnect/gatewayAssociationProposal:GatewayAssociationProposal"
ROUTES = ("aws:ec2/route:Route", "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation")
EVERYWHERE = "0.0.0.0/0"


class Place:
    """One stack of the model that is being made."""

    def __init__(self, model: Model, graphs: Graphs, graph: Graph, sites: Sites) -> None:
        self.model, self.graphs, self.graph, self.sites = model, graphs, graph, sites

    # Parts.

    def named(self, name: str) -> str:
        """A name for people: with the stack's, where there are several and it is not the first."""
        return name if self.graph is self.graphs.stacks[0] else f"{name} ({self.graph.stack})".lstrip()

    def region(self, region: str = "") -> str:
        """A region; default: the stack's."""
        region = region or self.graph.region
        return self.model.part(Part(f"region:{region}", kinds.REGION, region))

    def zone(self, zone: str) -> str:
        """A zone of the stack's region."""
        return self.model.part(Part(f"zone:{zone}", kinds.ZONE, zone, (self.region(),)))

    def site(self, name: str = "") -> str:
        """A site of on-premises, or the one data centre."""
        return self.model.part(Part(f"site:{name}", kinds.SITE, name) if name else Part("site", kinds.SITE, "on-premises"))

    @property
    def every_site(self) -> list[str]:
        """All sites, or the one data centre: where something may stand that nothing tells the site of."""
        return [self.site(name) for name in self.sites] or [self.site()]

    def site_at(self, address: str) -> str:
        """The name of the site that has an address; empty where there is one data centre only."""
        found = (name for name, networks in self.sites.items() if any(IPv4Address(address) in one for one in networks))
        return next(found, "")

    def part(self, kind: str, resource: Resource, name: str, within: Iterable[str], suffix: str = "") -> str:
        """A part of the stack."""
        identifier = f"{resource.id}/{suffix}" if suffix else resource.id
        return self.model.part(Part(identifier, kind, self.named(name), tuple(within)))

    def alike(self, kind: str, resource: Resource, name: str, within: str, number: int) -> list[str]:
        """Parts for a number of things that are alike: one that stands for all, and another to die with it."""
        one = self.model.part(Part(resource.id, kind, self.named(name), (within,), alike=number))
        if number < 2:
            return [one]
        return [
            one,
            self.model.part(Part(f"{one}/another", kind, self.named(f"{name}, another".lstrip(", ")), (within,), twin_of=one)),
        ]

    def managed(self, resource: Resource) -> Need:
        """What AWS runs in several zones of a region, so that only the region takes it."""
        return self.service(resource.id, resource.node.name, resource.region)

    def service(self, identifier: str, name: str, region: str = "") -> Need:
        """The same, of what has no resource of its own. Default: the stack's region."""
        part = Part(identifier, kinds.MANAGED, name, (self.region(region),), fails=False)
        return One(self.model.part(part), figures.REGION_REPAIR)

    def zonal(self, kind: str, resource: Resource, zones: Iterable[str], repair: Figure, takeover: Figure) -> Need:
        """What has an address in each of these zones, any of which will do."""
        called = resource.called
        parts = [self.part(kind, resource, f"{called}, {zone}", [self.zone(zone)], suffix=zone) for zone in zones]
        return Shared(tuple(One(part, repair) for part in parts), takeover)

    # The link.

    @cached_property
    def link(self) -> Need | None:
        """A way between on-premises, wherever there, and the stack's VPC; None if there is none."""
        ways = tuple(self.links.values())
        return ways[0] if len(ways) == 1 else AllOf(ways) if ways else None

    @cached_property
    def links(self) -> dict[str, Need]:
        """By the name of the site: its way to the stack's VPC. One without circuits and routers takes those of the others."""
        names = list(self.sites) or [""]
        own = {name: way for name in names if (way := self._link(name if self.sites else None))}
        others = AnyOf(tuple(Option(way, figures.OTHER_CONNECTION) for way in own.values())) if own else None
        return {name: way for name in names if (way := own.get(name) or others)}

    def _link(self, site: str | None) -> Need | None:
        """The way of a site; None: of all that there is."""
        ways = self._joined(site or "")
        for hub in self.graph.of(*HUBS):
            circuits, connections = self._circuits(hub, site), self._connections(hub, site)
            options = [
                *([Option(circuits, figures.VPN_FOR_CIRCUITS)] if circuits else []),
                *([Option(connections, figures.VPN_FOR_CIRCUITS)] if connections else []),
            ]
            if options:
                way = options[0].need if len(options) == 1 else AnyOf(tuple(options))
                ways.append(AllOf((self.managed(hub), way)))
        return (
            ways[0] if len(ways) == 1 else AnyOf(tuple(Option(way, figures.OTHER_CONNECTION) for way in ways)) if ways else None
        )

    def _joined(self, site: str) -> list[Need]:
        """The ways of a site by somebody else's gateway: how its links fail is for its owner to say."""
        hubs = {one.id for one in self.graphs.of(*HUBS)}
        gateways = {one.id for one in self.graphs.of(GATEWAYS)} | {
            one.get("dxGatewayId") for one in self.graphs.of(*INTERFACES)
        }
        routed = {one.get("transitGatewayId") for one in self.graph.of("aws:ec2/route:Route")}
        found = dict.fromkeys(
            str(one.get("transitGatewayId"))
            for one in self.graph.of("aws:ec2transitgateway/vpcAttachment:VpcAttachment")
            if one.get("transitGatewayId") in routed - hubs
        )
        # Routes come after a proposal once its owner has accepted it.
        led = {urn for one in self.graph.of(*ROUTES) for urn in one.node.depends_on}
        proposals = [one for one in self.graph.of(PROPOSALS) if one.node.urn in led]
        for one in (*self.graph.of("aws:directconnect/gatewayAssociation:GatewayAssociation"), *proposals):
            if one.get("dxGatewayId") not in gateways:
                found[str(one.get("dxGatewayId"))] = None
        there = One(self.site(site), figures.SITE_REPAIR) if found else None
        return [AllOf((self.service(identifier, f"the links of {identifier}"), there)) for identifier in found if there]

    def _circuits(self, hub: Resource, site: str | None) -> Need | None:
        """Those whose virtual interface leads to the hub, whichever stack ordered them."""
        associations = self.graphs.of("aws:directconnect/gatewayAssociation:GatewayAssociation")
        gateways = {one.get("dxGatewayId") for one in associations if one.get("associatedGatewayId") == hub.id}
        interfaces = [
            one
            for one in self.graphs.of(*INTERFACES)
            if (one.get("dxGatewayId") in gateways or one.get("vpnGatewayId") == hub.id) and site in (None, _site(one))
        ]
        parts = dict.fromkeys(self._circuit(interface) for interface in interfaces)
        return Shared(tuple(One(part, figures.CIRCUIT_REPAIR) for part in parts), figures.CIRCUIT_LOST) if parts else None

    def _circuit(self, interface: Resource) -> str:
        """The circuit of a virtual interface. What was adopted is known by its id alone, which several interfaces may share."""
        identifier = str(interface.get("connectionId"))
        ordered = next((one for one in self.graphs.of(CIRCUITS) if one.id == identifier), None)
        if ordered:
            return self.circuit(ordered)
        # Where it ends at AWS, nothing of the graph tells: the worst is that all of them end at one location.
        at = self.model.part(Part("location:adopted", kinds.LOCATION, "of the adopted circuits"))
        return self.model.part(Part(identifier, kinds.CIRCUIT, interface.called, (at, self.site(_site(interface)))))

    def circuit(self, connection: Resource) -> str:
        """A circuit, from AWS's location to the router that it ends on: of those, each is taken to have its own."""
        location = str(connection.get("location", ""))
        at = self.model.part(Part(f"location:{location}", kinds.LOCATION, location))
        return self.model.part(Part(connection.id, kinds.CIRCUIT, connection.called, (at, self.site(_site(connection)))))

    def _connections(self, hub: Resource, site: str | None) -> Need | None:
        connections = [
            one
            for one in self.graph.of("aws:ec2/vpnConnection:VpnConnection")
            if hub.id in (one.get("vpnGatewayId"), one.get("transitGatewayId")) and site in (None, _site(one))
        ]
        # Which of them carries is AWS's choice, and a transit gateway uses all: the loss of any may be noticed.
        return Shared(tuple(self._connection(one) for one in connections), figures.OTHER_CONNECTION) if connections else None

    def _connection(self, connection: Resource) -> Need:
        router = self.graph.find(connection.get("customerGatewayId"), "aws:ec2/customerGateway:CustomerGateway")
        # The name of the device goes on with that of the stack.
        name = str(router.get("deviceName", router.called)).partition(".")[0] if router else connection.called
        # Two stacks may name the same router; it is one device.
        address = str(router.get("ipAddress", router.id)) if router else connection.id
        device = self.model.part(Part(f"router:{address}", kinds.ROUTER, name, (self.site(_site(connection)),)))
        tunnels = [
            self.part(kinds.TUNNEL, connection, f"{name}, tunnel {number}", [self.region()], suffix=f"tunnel{number}")
            for number in (1, 2)
        ]
        either = Shared(tuple(One(each, figures.TUNNEL_REPAIR) for each in tunnels), figures.tunnel_lost(connection.inputs))
        return AllOf((One(device, figures.ROUTER_REPAIR), either))

    # Ways to AWS's own services, and out.

    @cached_property
    def endpoints(self) -> dict[str, Need]:
        """Interface endpoints by the end of their service's name: `ssm`, `ecr.api`."""
        found: dict[str, Need] = {}
        for endpoint in self.graph.of("aws:ec2/vpcEndpoint:VpcEndpoint"):
            if endpoint.get("vpcEndpointType") == "Interface":
                service = str(endpoint.get("serviceName")).split(f"{endpoint.region}.", maxsplit=1)[-1]
                zones = self.graphs.zones(endpoint.get("subnetIds"))
                found[service] = self.zonal(kinds.ENDPOINT, endpoint, zones, figures.ENDPOINT_REPAIR, figures.OTHER_ENDPOINT)
        return found

    def reach(self, *services: str) -> Need | None:
        """A way from the VPC to these services: their endpoints, and the NAT gateways for the rest; None if there is none."""
        needs = [self.endpoints[service] for service in services if service in self.endpoints]
        if len(needs) < len(services) and self.egress:
            needs.append(self.egress)
        return AllOf(tuple(needs)) if needs else None

    def reach_from_site(self, *services: str) -> list[Need]:
        """What servers of the data centre need to reach these services: the link and the endpoints, if there are any of those.

        Without endpoints they go over an internet access of the data centre's own, which nothing here knows.
        """
        needs = [self.endpoints[service] for service in services if service in self.endpoints]
        return [self.link, *needs] if needs and self.link else []

    @cached_property
    def egress(self) -> Need | None:
        """The ways out, zone by zone, as the route tables have them; None without NAT gateways."""
        gateways = {one.id: one for one in self.graph.of("aws:ec2/natGateway:NatGateway")}
        default = {
            one.get("routeTableId"): gateways[one.get("natGatewayId")]
            for one in self.graph.of("aws:ec2/route:Route")
            if one.get("destinationCidrBlock") == EVERYWHERE and one.get("natGatewayId") in gateways
        }
        subnets = [
            (self.graphs.zone_of.get(one.get("subnetId")), default[one.get("routeTableId")])
            for one in self.graph.of("aws:ec2/routeTableAssociation:RouteTableAssociation")
            if one.get("routeTableId") in default
        ]
        ways = dict.fromkeys((zone, gateway) for zone, gateway in subnets if zone)
        lost = figures.OTHER_NAT if len({gateway.id for _, gateway in ways}) > 1 else figures.NAT_REPAIR
        needs = [
            InZone(self.zone(zone), One(self.nat(gateway), lost))
            for zone, gateway in sorted(ways, key=lambda way: (way[0], way[1].id))
        ]
        return Shared(tuple(needs), None) if needs else None

    def nat(self, gateway: Resource) -> str:
        """A NAT gateway, which stands in one zone."""
        zone = self.graphs.zone_of.get(gateway.get("subnetId"))
        return self.part(kinds.NAT, gateway, zone or gateway.called, [self.zone(zone)] if zone else [self.region()])


def _site(resource: Resource) -> str:
    """The name of the site that a circuit or router ends at, as its tag says; empty where there is one data centre only."""
    return str((resource.get("tags") or {}).get("Site", ""))
