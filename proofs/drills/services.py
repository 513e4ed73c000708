"""What egress, names, management and people need."""

from collections.abc import Iterator

from proofs.drills import figures, kinds
from proofs.drills.model import Function, Part
from proofs.drills.needs import AllOf, Need, One, Shared
from proofs.drills.place import Place

SYSTEMS_MANAGER = ("ssm", "ssmmessages")
"""Services of AWS that Systems Manager's agent talks to."""


def functions(place: Place) -> Iterator[Function]:
    """Functions of the network's own services, and of management."""
    if place.egress:
        yield Function(place.graph.stack, kinds.EGRESS, "", place.egress)
    if place.link:
        yield Function(place.graph.stack, kinds.LINK, "", place.link)
        yield from _names(place, place.link)
        yield from _sign_in(place, place.link)
    yield from _management(place)
    yield from _people(place)


def _names(place: Place, link: Need) -> Iterator[Function]:
    for endpoint in place.graph.of("aws:route53/resolverEndpoint:ResolverEndpoint"):
        addresses = endpoint.get("ipAddresses") or []
        zones = place.graphs.zones(one.get("subnetId") for one in addresses)
        inbound = endpoint.get("direction") == "INBOUND"
        kind = kinds.INBOUND_RESOLVER if inbound else kinds.OUTBOUND_RESOLVER
        resolver = place.zonal(kind, endpoint, zones, figures.ENDPOINT_REPAIR, figures.OTHER_RESOLVER)
        if inbound:
            yield Function(place.graph.stack, kinds.AWS_NAMES, "", AllOf((resolver, link)))
            continue
        rules = [
            one
            for one in place.graph.of("aws:route53/resolverRule:ResolverRule")
            if one.get("resolverEndpointId") == endpoint.id
        ]
        for rule in rules:
            servers = _dns_servers(place, [str(target.get("ip")) for target in rule.get("targetIps") or []])
            subject = str(rule.get("domainName")) if len(rules) > 1 else ""
            yield Function(
                place.graph.stack, kinds.ON_PREMISES_NAMES, subject, AllOf((resolver, servers, link)), (rule.node.urn,)
            )


def _dns_servers(place: Place, addresses: list[str]) -> Need:
    """DNS servers of the data centre, which several things may ask."""
    parts = [place.model.part(Part(f"dns:{address}", kinds.DNS_SERVER, address, (place.site(),))) for address in addresses]
    return Shared(tuple(One(part, figures.DNS_SERVER_REPAIR) for part in parts), figures.OTHER_DNS_SERVER)


def _sign_in(place: Place, link: Need) -> Iterator[Function]:
    for directory in place.graph.of("aws:directoryservice/directory:Directory"):
        if directory.get("type") == "ADConnector":
            settings = directory.get("connectSettings") or {}
            zones = place.graphs.zones(settings.get("subnetIds"))
            connector = place.zonal(kinds.CONNECTOR, directory, zones, figures.ENDPOINT_REPAIR, figures.OTHER_CONTROLLER)
            servers = _dns_servers(place, list(settings.get("customerDnsIps") or []))
            yield Function(place.graph.stack, kinds.SIGN_IN, "", AllOf((connector, servers, link)))


def _management(place: Place) -> Iterator[Function]:
    groups, activations = place.graph.of("aws:autoscaling/group:Group"), place.graph.of("aws:ssm/activation:Activation")
    if groups and (way := place.reach(*SYSTEMS_MANAGER)):
        yield Function(place.graph.stack, kinds.MANAGED_AWS, "", AllOf((_systems_manager(place), way)))
    if activations:
        servers = One(place.site(), figures.SITE_REPAIR)
        need = AllOf((servers, _systems_manager(place), *place.reach_from_site(*SYSTEMS_MANAGER)))
        yield Function(place.graph.stack, kinds.MANAGED_ON_PREMISES, "", need)


def _systems_manager(place: Place) -> Need:
    return place.service(f"ssm:{place.graph.region}", "Systems Manager")


def _people(place: Place) -> Iterator[Function]:
    for endpoint in place.graph.of("aws:ec2clientvpn/endpoint:Endpoint"):
        associations = [
            one
            for one in place.graph.of("aws:ec2clientvpn/networkAssociation:NetworkAssociation")
            if one.get("clientVpnEndpointId") == endpoint.id
        ]
        zones = place.graphs.zones(one.get("subnetId") for one in associations)
        if zones:
            need = place.zonal(kinds.ASSOCIATION, endpoint, zones, figures.ENDPOINT_REPAIR, figures.OTHER_ASSOCIATION)
            yield Function(place.graph.stack, kinds.PEOPLE, "", need)
