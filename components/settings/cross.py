"""The rules across sections. A parameter is named like the attribute of `Settings` that it takes.

Each section's file has the rules of its own idea; here they are called with what they ask for, next to those that belong to no
one section. A rule is checked once all the sections that it takes have parsed.
"""

from collections.abc import Callable, Iterator, Sequence

from components import images
from components.settings import backup_rules, recovery_rules, rule_quota, workload_rules
from components.settings import client_vpn as _client_vpn
from components.settings import containers as _containers
from components.settings import database_users as _database_users
from components.settings import direct_connect as _direct_connect
from components.settings import joining as _joining
from components.settings import management as _management
from components.settings import migration as _migration
from components.settings import network as _network
from components.settings import on_premises as _on_premises
from components.settings import storage as _storage
from components.settings.base import Mistake
from components.settings.client_vpn import ClientVpn
from components.settings.containers import Containers
from components.settings.database import Database
from components.settings.direct_connect import DirectConnect
from components.settings.management import Management
from components.settings.network import Network
from components.settings.on_premises import OnPremises
from components.settings.storage import Storage
from components.settings.workloads import Workload


def zones(network: Network, region: str) -> Iterator[Mistake]:
    """Zones of another region."""
    yield from _network.mistakes_with(network, region=region)


def endpoints(network: Network, storage: Storage, containers: Containers, management: Management) -> Iterator[Mistake]:
    """Endpoints that are left out but needed."""
    activated = any(gateway.activation_key for gateway in storage.gateways.values())
    machines = management.backup.enabled and "VirtualMachine" in management.backup.resource_types
    yield from _network.endpoint_mistakes(
        network, file_gateway=activated, tracing=containers.tracing, virtual_machines=machines
    )


def circuits(direct_connect: DirectConnect, network: Network, on_premises: OnPremises) -> Iterator[Mistake]:
    """Prefixes, ASNs and addresses of the circuits that clash with the VPC or with on-premises."""
    yield from _direct_connect.mistakes_with(
        direct_connect,
        cidr=network.cidr,
        hub=network.hub,
        amazon_asn=network.amazon_asn,
        on_premises_cidrs=on_premises.cidrs,
        routers=bool(on_premises.routers),
    )


def clients(client_vpn: ClientVpn, network: Network, on_premises: OnPremises, region: str) -> Iterator[Mistake]:
    """Addresses of VPN clients that something else has, certificates of another region."""
    yield from _client_vpn.mistakes_with(client_vpn, network, on_premises, region=region)


def other_networks(network: Network, on_premises: OnPremises, client_vpn: ClientVpn) -> Iterator[Mistake]:
    """Other VPCs that have addresses of this network."""
    apart = {"network.cidr": network.cidr}
    apart |= {f"onPremises.{key}": cidr for key, cidr in on_premises.cidrs_by_key.items()}
    apart |= {"clientVpn.cidr": client_vpn.cidr} if client_vpn.cidr else {}
    yield from _joining.other_network_mistakes(network.other_networks, apart)


def owners_links(network: Network, on_premises: OnPremises, direct_connect: DirectConnect) -> Iterator[Mistake]:
    """Links that the owner of a transit gateway alone can make."""
    routers = len(on_premises.routers)
    yield from _joining.owner_mistakes(network.transit_gateway, routers=routers, circuits=direct_connect.used)


def file_clients(storage: Storage, on_premises: OnPremises) -> Iterator[Mistake]:
    """NFS clients outside the data centre."""
    yield from _storage.mistakes_with(storage, on_premises_cidrs=on_premises.cidrs)


def users_of_workloads(database: Database, workloads: Sequence[Workload]) -> Iterator[Mistake]:
    """Workloads that no user of the database signs in for."""
    yield from _database_users.users_of_workloads(database.users, workloads)


def images_without_internet(network: Network, containers: Containers, workloads: Sequence[Workload]) -> Iterator[Mistake]:
    """Images on hosts that have no way to the registry: Amazon ECR alone has an endpoint in the VPC."""
    if network.nat_gateways != "None":
        return
    fix = "Keep the image in one of containers.repositories (ecr:name:tag), or set network.natGateways to Single."
    hosted = [(position, workload) for position, workload in enumerate(workloads) if workload.placement != "onPremises"]
    for position, workload in hosted:
        for key, image in workload_rules.images_of(workload):
            if images.parse(image).origin in {"docker-hub", "other"}:
                allowed = "an image of Amazon ECR while network.natGateways is None: no other registry can be reached"
                yield Mistake(f"workloads[{position}].{key}", image, allowed, fix)
    if hosted and containers.tracing:
        allowed = "false while network.natGateways is None: hosts cannot pull the collector from Amazon ECR Public"
        yield Mistake("containers.tracing", True, allowed, "Turn tracing off, or set network.natGateways to Single.")


Rule = Callable[..., Iterator[Mistake]]

RULES: tuple[Rule, ...] = (
    zones,
    endpoints,
    circuits,
    clients,
    other_networks,
    owners_links,
    _joining.peering_of_another,
    _joining.gateway_of_secondary,
    _joining.foreign_gateway,
    file_clients,
    images_without_internet,
    _on_premises.mistakes_with,
    _on_premises.circuits_of_sites,
    _containers.region_of_certificate,
    _containers.certificates_beside,
    _containers.servers_on_premises,
    backup_rules.backup_apart_from_database,
    backup_rules.copies_without_region,
    backup_rules.other_account_in_the_region,
    _management.directory_on_premises,
    _management.topics_of_the_region,
    _migration.migration_into_database,
    _migration.migration_through_network,
    _migration.migration_from_on_premises,
    _migration.target_verified,
    workload_rules.distinct_workloads,
    workload_rules.routes_of_workloads,
    workload_rules.routes_to_servers,
    workload_rules.rules_of_security_groups,
    workload_rules.workloads_on_hosts,
    workload_rules.files_of_workloads,
    rule_quota.mistakes_with,
    users_of_workloads,
    *recovery_rules.RULES,
)
