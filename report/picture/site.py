"""The data centre and the links from it, as far as the deployed resources tell."""

import json
from collections.abc import Sequence
from typing import Any

from proofs.drills.graph import Graphs, Resource
from report.picture.local import found, source_region
from report.picture.sketch import Sketch

SITE = "site"
LINKS = "links"
ROUTERS = "site/routers"

THEIRS = "that was there already"
TRANSIT_GATEWAY = "aws:ec2transitgateway/transitGateway:TransitGateway"
ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
ASSOCIATIONS = (
    "aws:directconnect/gatewayAssociation:GatewayAssociation",
    "aws:directconnect/gatewayAssociationProposal:GatewayAssociationProposal",
)
DX_GATEWAY = "aws:directconnect/gateway:Gateway"
CONNECTION = "aws:directconnect/connection:Connection"
ROUTER = "aws:ec2/customerGateway:CustomerGateway"
VPN = "aws:ec2/vpnConnection:VpnConnection"
INTERFACES = (
    "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface",
    "aws:directconnect/transitVirtualInterface:TransitVirtualInterface",
)
SHARES = {
    "aws:storagegateway/nfsFileShare:NfsFileShare": "NFS",
    "aws:storagegateway/smbFileShare:SmbFileShare": "SMB",
}
SERVICE = "aws:ecs/service:Service"
MOST_NAMED = 8
"""Workloads of a shape that are named one by one."""


def draw(sketch: Sketch, graphs: Graphs) -> None:
    """What stands in the data centre, and the links."""
    domains = [str(rule.get("domainName")) for rule in graphs.of("aws:route53/resolverRule:ResolverRule")]
    forward = [domain for domain in domains if not domain.rstrip(".").endswith(".in-addr.arpa")]
    places = sites(graphs)
    label = f"Data centres {', '.join(places)}" if len(places) > 1 else "Data centre"
    sketch.area(SITE, "site", label + "".join(f" {domain}" for domain in forward[:1] if len(places) < 2))
    sketch.area(LINKS, "links", "Links")
    _routers(sketch, graphs)
    _servers(sketch, graphs)
    _file_gateways(sketch, graphs)
    _sources(sketch, graphs)
    _name_servers(sketch, graphs)
    _circuits(sketch, graphs)


def sites(graphs: Graphs) -> list[str]:
    """The sites of on-premises that routers and circuits say they end at; empty if there is one only."""
    ends = graphs.of(ROUTER, CONNECTION, *INTERFACES)
    return sorted({site for one in ends if (site := site_of(one))})


def site_of(resource: Resource) -> str:
    """The site that a router or circuit ends at; empty where there is one data centre only."""
    return str((resource.get("tags") or {}).get("Site", ""))


def routers_at(site: str) -> str:
    """The shape of the routers of a site."""
    return f"{ROUTERS}/{site}" if site else ROUTERS


def workload(graphs: Graphs, service: Resource) -> str:
    """What a service runs: the name of its first container."""
    definition = found(graphs.of("aws:ecs/taskDefinition:TaskDefinition"), service.get("taskDefinition"))
    containers = json.loads(definition.get("containerDefinitions", "[]")) if definition else []
    return str(containers[0]["name"]) if containers else service.called


def running(names: Sequence[str]) -> str:
    """What runs somewhere, in a few lines: more workloads than people take in at a glance are counted."""
    return ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} workloads"


def gateway_id(graphs: Graphs, gateway: Any) -> str:
    """The shape of a Direct Connect gateway, which several stacks may share."""
    known = [one.id for one in graphs.of(DX_GATEWAY)]
    return f"links/gateway/{known.index(gateway)}" if gateway in known else "links/gateway"


def carried(graphs: Graphs) -> dict[Any, Any]:
    """Circuit -> the Direct Connect gateway that it leads to by a virtual interface."""
    return {one.get("connectionId"): one.get("dxGatewayId") for one in graphs.of(*INTERFACES)}


def router_name(router: Resource) -> str:
    """What a router is called in the stack file: what comes before the name of the stack."""
    return str(router.get("deviceName", router.called)).partition(".")[0]


def clients(sketch: Sketch, networks: list[str]) -> None:
    """Whoever is admitted from networks of the data centre."""
    detail = networks if len(networks) <= 3 else [f"{len(networks)} networks"]
    to_routers(sketch, sketch.shape("site/clients", "clients", "Clients", SITE, detail))


def to_routers(sketch: Sketch, identifier: str) -> None:
    """From somebody on-premises to the routers, of whatever site: where somebody stands, nothing tells."""
    for routers in sketch.of_kind("routers"):
        sketch.edge(identifier, routers, "flow")


def joined(graphs: Graphs) -> list[str]:
    """Transit and Direct Connect gateways that were there already, whose links are somebody else's."""
    known = {one.id for one in graphs.of(DX_GATEWAY, TRANSIT_GATEWAY)}
    ends = [one.get("transitGatewayId") for one in graphs.of(ATTACHMENT)]
    ends += [one.get("dxGatewayId") for one in graphs.of(*ASSOCIATIONS)]
    return list(dict.fromkeys(str(one) for one in ends if one not in known))


def _routers(sketch: Sketch, graphs: Graphs) -> None:
    routers = graphs.of(ROUTER)
    for site in sites(graphs) or ([""] if routers or graphs.of(CONNECTION) or joined(graphs) else []):
        names = dict.fromkeys(router_name(router) for router in routers if site in ("", site_of(router)))
        area = sketch.area(f"{SITE}/{site}", "site", site, SITE) if site else SITE
        sketch.shape(routers_at(site), "routers", "Routers" if len(names) > 1 else "Router", area, names)


def _servers(sketch: Sketch, graphs: Graphs) -> None:
    external = [service for service in graphs.of(SERVICE) if service.get("launchType") == "EXTERNAL"]
    if external or graphs.of("aws:ssm/activation:Activation"):
        names = sorted({workload(graphs, service) for service in external})
        sketch.shape("site/servers", "servers", "ECS Anywhere servers", SITE, [running(names)])
        to_routers(sketch, "site/servers")


def _file_gateways(sketch: Sketch, graphs: Graphs) -> None:
    for gateway in graphs.of("aws:storagegateway/gateway:Gateway"):
        name = str(gateway.get("gatewayName", gateway.called))
        protocols = [
            protocol
            for type_, protocol in SHARES.items()
            if any(share.get("gatewayArn") in gateway.names() for share in graphs.of(type_))
        ]
        identifier = sketch.shape(f"site/{gateway.stack}/{name}", "file-gateway", "S3 File Gateway", SITE, [name, *protocols])
        to_routers(sketch, identifier)


def _sources(sketch: Sketch, graphs: Graphs) -> None:
    sources = [one for one in graphs.of("aws:dms/endpoint:Endpoint") if one.get("endpointType") == "source"]
    own = [one for one in sources if not source_region(graphs, one)]
    if own:
        names = ", ".join(sorted(str(one.get("databaseName", one.called)) for one in own))
        to_routers(sketch, sketch.shape("site/sources", "sources", "PostgreSQL sources", SITE, [names]))


def _name_servers(sketch: Sketch, graphs: Graphs) -> None:
    rules = graphs.of("aws:route53/resolverRule:ResolverRule")
    directories = [one for one in graphs.of("aws:directoryservice/directory:Directory") if one.get("type") == "ADConnector"]
    if rules or directories:
        title = "DNS servers" if not directories else "DNS servers, Active Directory"
        to_routers(sketch, sketch.shape("site/name-servers", "name-servers", title, SITE))


def _circuits(sketch: Sketch, graphs: Graphs) -> None:
    for gateway in graphs.of(DX_GATEWAY):
        sketch.shape(gateway_id(graphs, gateway.id), "direct-connect-gateway", "Direct Connect gateway", LINKS)
    for identifier in joined(graphs):
        if not identifier.startswith("tgw-"):
            shape = sketch.shape(
                gateway_id(graphs, identifier), "direct-connect-gateway", "Direct Connect gateway", LINKS, [THEIRS]
            )
            sketch.edge(ROUTERS, shape, "main")
    attached = carried(graphs)
    for circuit in graphs.of(CONNECTION):
        place = ", ".join(str(circuit.get(key)) for key in ("bandwidth", "location") if circuit.get(key))
        up = circuit.id in attached
        detail = [circuit.called, place, "" if up else "on order"]
        identifier = sketch.shape(f"links/circuit/{circuit.called}", "circuit", "Direct Connect", LINKS, detail)
        sketch.edge(routers_at(site_of(circuit)), identifier, "main" if up else "planned")
        sketch.edge(identifier, gateway_id(graphs, attached.get(circuit.id)), "main")
    ordered = {circuit.id for circuit in graphs.of(CONNECTION)}
    for interface in graphs.of(*INTERFACES):
        if interface.get("connectionId") not in ordered:
            detail = [interface.called, str(interface.get("connectionId"))]
            identifier = sketch.shape(f"links/circuit/{interface.called}", "circuit", "Direct Connect", LINKS, detail)
            sketch.edge(routers_at(site_of(interface)), identifier, "main")
            sketch.edge(identifier, gateway_id(graphs, interface.get("dxGatewayId")), "main")
