"""What egress, names, management and people need."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from proofs.drills import figures, kinds
from proofs.drills.graph import Resource
from proofs.drills.model import Function, Part
from proofs.drills.needs import AllOf, Need, One, Shared
from proofs.drills.place import Place

REVERSE = (".in-addr.arpa", ".in-addr.arpa.")
SYSTEMS_MANAGER = ("ssm", "ssmmessages")
"""Services of AWS that Systems Manager's agent talks to."""


def functions(place: Place) -> Iterator[Function]:
    """Functions of the network's own services, and of management."""
    if place.egress:
        yield Function(place.graph.stack, kinds.EGRESS, "", place.egress)
    for site, way in place.links.items():
        yield Function(place.graph.stack, kinds.LINK, site, way)
    if place.link:
        yield from _names(place)
        yield from _sign_in(place)
    yield from _management(place)
    yield from _people(place)


def _names(place: Place) -> Iterator[Function]:
    for endpoint in place.graph.of("aws:route53/resolverEndpoint:ResolverEndpoint"):
        addresses = endpoint.get("ipAddresses") or []
        zones = place.graphs.zones(one.get("subnetId") for one in addresses)
        inbound = endpoint.get("direction") == "INBOUND"
        kind = kinds.INBOUND_RESOLVER if inbound else kinds.OUTBOUND_RESOLVER
        resolver = place.zonal(kind, endpoint, zones, figures.ENDPOINT_REPAIR, figures.OTHER_RESOLVER)
        if inbound:
            for site, way in place.links.items():
                yield Function(place.graph.stack, kinds.AWS_NAMES, site, AllOf((resolver, way)))
            continue
        rules = [
            one
            for one in place.graph.of("aws:route53/resolverRule:ResolverRule")
            if one.get("resolverEndpointId") == endpoint.id
        ]
        # What the same servers answer for fares the same.
        asked: dict[tuple[str, ...], list[Resource]] = defaultdict(list)
        for rule in rules:
            asked[tuple(sorted(str(target.get("ip")) for target in rule.get("targetIps") or []))].append(rule)
        for addresses, alike in asked.items():
            domains = [str(rule.get("domainName")) for rule in alike]
            forward = [domain for domain in domains if not domain.endswith(REVERSE)]
            subject = ", ".join(sorted(forward or domains)) if len(asked) > 1 else ""
            need = AllOf((resolver, _dns_servers(place, addresses)))
            yield Function(place.graph.stack, kinds.ON_PREMISES_NAMES, subject, need, tuple(rule.node.urn for rule in alike))


def _dns_servers(place: Place, addresses: Iterable[str]) -> Need:
    """DNS servers on-premises, which several things may ask, each over the link of its site."""
    ways: dict[str, list[Need]] = defaultdict(list)
    for address in addresses:
        site = place.site_at(address)
        part = place.model.part(Part(f"dns:{address}", kinds.DNS_SERVER, address, (place.site(site),)))
        ways[site].append(One(part, figures.DNS_SERVER_REPAIR))
    if len(ways) == 1:
        ((site, servers),) = ways.items()
        return AllOf((Shared(tuple(servers), figures.OTHER_DNS_SERVER), place.links[site]))
    each = [AllOf((server, place.links[site])) for site, servers in ways.items() for server in servers]
    return Shared(tuple(each), figures.OTHER_DNS_SERVER)


def _sign_in(place: Place) -> Iterator[Function]:
    for directory in place.graph.of("aws:directoryservice/directory:Directory"):
        if directory.get("type") == "ADConnector":
            settings = directory.get("connectSettings") or {}
            zones = place.graphs.zones(settings.get("subnetIds"))
            connector = place.zonal(kinds.CONNECTOR, directory, zones, figures.ENDPOINT_REPAIR, figures.OTHER_CONTROLLER)
            servers = _dns_servers(place, list(settings.get("customerDnsIps") or []))
            yield Function(place.graph.stack, kinds.SIGN_IN, "", AllOf((connector, servers)))


def _management(place: Place) -> Iterator[Function]:
    groups, activations = place.graph.of("aws:autoscaling/group:Group"), place.graph.of("aws:ssm/activation:Activation")
    if groups and (way := place.reach(*SYSTEMS_MANAGER)):
        yield Function(place.graph.stack, kinds.MANAGED_AWS, "", AllOf((_systems_manager(place), way)))
    if activations:
        servers = [One(site, figures.SITE_REPAIR) for site in place.every_site]
        need = AllOf((*servers, _systems_manager(place), *place.reach_from_site(*SYSTEMS_MANAGER)))
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
