"""Network: the VPC and every link between it and the data centre."""

import json
from collections.abc import Iterator, Mapping

import pulumi
import pulumi_aws as aws

from components.arguments import completed
from components.cidrs import resolver_addresses, reverse_zones, zone_suffix
from components.network import policies
from components.network.args import NetworkArgs
from components.network.client_vpn import ClientVpn, ClientVpnArgs
from components.network.dns import HybridDns, HybridDnsArgs
from components.network.endpoints import Endpoints
from components.network.links import link
from components.network.vpc import Vpc

__all__ = ["Network", "NetworkArgs"]


class Network(pulumi.ComponentResource):
    """A VPC and a data centre are one network: routed over circuits with a VPN behind them, and resolving each other's names.

    Nothing in it can be reached from the internet; the public subnets hold NAT gateways alone.
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    vpc_cidr_block: pulumi.Output[str]
    """IPv4 block of the VPC."""
    public_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets that hold the NAT gateways, in zone order."""
    private_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets for workloads, in zone order."""
    isolated_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets for databases, without a way to the internet, in zone order."""
    private_route_table_ids: pulumi.Output[list[str]]
    """Ids of the route tables of the private subnets, in zone order."""
    isolated_route_table_ids: pulumi.Output[list[str]]
    """Ids of the route tables of the isolated subnets, in zone order."""
    nat_gateway_ids: pulumi.Output[list[str]]
    """Ids of the NAT gateways: one per zone, one, or none."""
    endpoint_security_group_id: pulumi.Output[str]
    """Security group of the interface endpoints, Storage Gateway's excepted."""
    s3_gateway_endpoint_id: pulumi.Output[str]
    """Id of the endpoint that hosts in the VPC reach S3 by."""
    s3_interface_endpoint_id: pulumi.Output[str]
    """Id of the endpoint that on-premises reaches S3 by."""
    s3_interface_endpoint_dns_name: pulumi.Output[str]
    """Regional name of that endpoint, starting with `*.`: for clients that do not ask the inbound resolver."""
    forwarded_domains: pulumi.Output[list[str]]
    """What DNS servers on-premises forward, and nothing else: the private zone, the names of the interface endpoints, and the
    reverse zones of the VPC."""
    storage_gateway_endpoint_id: pulumi.Output[str | None]
    """Id of Storage Gateway's endpoint; None unless `endpoints` lists it."""
    storage_gateway_endpoint_dns_name: pulumi.Output[str | None]
    """Name of Storage Gateway's endpoint, which a gateway is activated with; None unless `endpoints` lists it."""
    private_zone_id: pulumi.Output[str]
    """Id of the private hosted zone, made or adopted."""
    private_zone_name: pulumi.Output[str]
    """Name of the private hosted zone."""
    resolver_inbound_addresses: pulumi.Output[list[str]]
    """Addresses that DNS servers on-premises forward the private zone and the names of AWS to."""
    resolver_endpoint_ids: pulumi.Output[dict[str, str]]
    """Direction, `inbound` or `outbound`, to the id of the resolver endpoint."""
    direct_connect_gateway_id: pulumi.Output[str | None]
    """Id of the Direct Connect gateway, made or adopted; None without one."""
    connection_ids: pulumi.Output[dict[str, str]]
    """Circuit name to the id of its connection."""
    virtual_interface_ids: pulumi.Output[dict[str, str]]
    """Circuit name to the id of its virtual interface, for circuits that are up."""
    bgp_keys: pulumi.Output[dict[str, str]]
    """Circuit name to the MD5 key of its BGP session, for circuits that are up; secret."""
    vpn_connection_ids: pulumi.Output[dict[str, str]]
    """Router name to the id of its VPN connection."""
    vpn_tunnel_addresses: pulumi.Output[dict[str, list[str]]]
    """Router name to the two addresses that its tunnels lead to."""
    vpn_tunnels: pulumi.Output[dict[str, list[dict[str, str]]]]
    """Router name to what its two tunnels want to be told: addresses of both ends, outside and inside, and the ASN of AWS."""
    preshared_key_arns: pulumi.Output[dict[str, str]]
    """Router name to the ARN of the secret with the pre-shared keys of its tunnels."""
    vpn_gateway_id: pulumi.Output[str | None]
    """Id of the virtual private gateway, if that is the hub."""
    transit_gateway_id: pulumi.Output[str | None]
    """Id of the transit gateway, if that is the hub."""
    transit_gateway_route_table_id: pulumi.Output[str | None]
    """Id of its default route table, which a peer adds a route to."""
    client_vpn_endpoint_id: pulumi.Output[str | None]
    """Id of the Client VPN endpoint; None without one."""
    client_vpn_security_group_id: pulumi.Output[str | None]
    """Security group that Client VPN users act in; None without an endpoint."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = completed(NetworkArgs, args, f"Network {name!r}", _client_vpn_complete)
        super().__init__("hybridge:index:Network", name, {**args}, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        invoke = pulumi.InvokeOutputOptions(parent=self)
        self._partition = aws.get_partition_output(opts=invoke).partition
        self._account_id = aws.get_caller_identity_output(opts=invoke).account_id
        self._log_key_arn = self._encrypt_logs()

        self._lay_vpc()
        zones = [zone_suffix(zone) for zone in args["zones"]]
        private = {zone: self.private_subnet_ids[position] for position, zone in enumerate(zones)}
        self._open_endpoints()
        self._share_names(private)
        self._link(private)
        self._let_clients_in(private)
        self.register_outputs({output: getattr(self, output) for output in type(self).__annotations__})

    def _encrypt_logs(self) -> pulumi.Output[str]:
        region, name = self._args["region"], f"{self._name}-logs"
        key = aws.kms.Key(
            name,
            region=region,
            description=f"Logs of {self._name}: flow logs and Client VPN connections",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=pulumi.Output.all(self._partition, self._account_id).apply(
                # Log groups are named after the component by Pulumi, which adds a suffix.
                lambda known: json.dumps(policies.logs_key_policy(known[0], known[1], region, f"{self._name}-"))
            ),
            tags={**self._args["tags"], "Name": name},
            opts=self._child,
        )
        aws.kms.Alias(name, region=region, target_key_id=key.id, opts=self._child)
        return key.arn

    def _lay_vpc(self) -> None:
        args = self._args
        vpc = Vpc(
            f"{self._name}-vpc",
            {
                "region": args["region"],
                "tags": args["tags"],
                "cidr": args["cidr"],
                "zones": args["zones"],
                "nat_gateways": args["nat_gateways"],
                "flow_log_retention_days": args["flow_log_retention_days"],
                "log_key_arn": self._log_key_arn,
                "partition": self._partition,
                "account_id": self._account_id,
            },
            self._child,
        )
        self.vpc_id = vpc.vpc_id
        self.vpc_cidr_block = pulumi.Output.from_input(args["cidr"])
        self.public_subnet_ids = vpc.public_subnet_ids
        self.private_subnet_ids = vpc.private_subnet_ids
        self.isolated_subnet_ids = vpc.isolated_subnet_ids
        self.private_route_table_ids = vpc.private_route_table_ids
        self.isolated_route_table_ids = vpc.isolated_route_table_ids
        self.nat_gateway_ids = vpc.nat_gateway_ids
        self._routing = vpc.routing

    def _open_endpoints(self) -> None:
        args = self._args
        tables = pulumi.Output.all(self.private_route_table_ids, self.isolated_route_table_ids)
        endpoints = Endpoints(
            f"{self._name}-endpoints",
            {
                "region": args["region"],
                "tags": args["tags"],
                "vpc_id": self.vpc_id,
                "vpc_cidr": args["cidr"],
                "on_premises_cidrs": args["on_premises"]["cidrs"],
                "subnet_ids": {zone: self.private_subnet_ids[position] for position, zone in enumerate(args["zones"])},
                "route_table_ids": tables.apply(lambda tiers: [*tiers[0], *tiers[1]]),
                "services": args["endpoints"],
                "readable_buckets": args.get("readable_buckets", []),
                "writable_buckets": args.get("writable_buckets", []),
                "trusted_accounts": args.get("trusted_accounts", []),
                "partition": self._partition,
                "account_id": self._account_id,
            },
            self._child,
        )
        # Resources to depend on, so no output of the component: hosts that lost these first could not even be told to stop.
        self.ways_out: pulumi.Output[list[pulumi.Resource]] = self._routing.apply(lambda routing: [endpoints, *routing])
        self.endpoint_security_group_id = endpoints.security_group_id
        self.s3_gateway_endpoint_id = endpoints.s3_gateway_endpoint_id
        self.s3_interface_endpoint_id = endpoints.s3_interface_endpoint_id
        self.s3_interface_endpoint_dns_name = endpoints.s3_interface_endpoint_dns_name
        self.forwarded_domains = endpoints.private_names.apply(
            lambda names: [args["private_zone"], *names, *reverse_zones(args["cidr"])]
        )
        self.storage_gateway_endpoint_id = _optional(endpoints.storage_gateway_endpoint_id)
        self.storage_gateway_endpoint_dns_name = _optional(endpoints.storage_gateway_endpoint_dns_name)

    def _share_names(self, private: Mapping[str, pulumi.Input[str]]) -> None:
        args, on_premises = self._args, self._args["on_premises"]
        wanted: HybridDnsArgs = {
            "region": args["region"],
            "tags": args["tags"],
            "vpc_id": self.vpc_id,
            "subnet_ids": private,
            "private_zone": args["private_zone"],
            "inbound_addresses": dict(
                zip(private, args.get("resolver_addresses") or resolver_addresses(args["cidr"], len(private)), strict=True)
            ),
            "protected": args.get("protected", True),
            "on_premises_cidrs": on_premises["cidrs"],
            "other_cidrs": args.get("other_networks", []),
            "domains": on_premises.get("domains", []),
            "log_key_arn": self._log_key_arn,
        }
        if "shared" in args:
            wanted["shared"] = args["shared"]
        if "private_zone_id" in args:
            wanted["private_zone_id"] = args["private_zone_id"]
        if "dns_log_retention_days" in args:
            wanted["query_log_retention_days"] = args["dns_log_retention_days"]
        dns = HybridDns(f"{self._name}-dns", wanted, self._child)
        self.private_zone_id = dns.private_zone_id
        self.private_zone_name = dns.private_zone_name
        self.resolver_inbound_addresses = dns.resolver_inbound_addresses
        self.resolver_endpoint_ids = dns.resolver_endpoint_ids

    def _link(self, private: Mapping[str, pulumi.Input[str]]) -> None:
        zones = self._args["zones"]
        tiers = {"private": self.private_route_table_ids, "isolated": self.isolated_route_table_ids}
        links = link(
            self._name,
            self._args,
            vpc_id=self.vpc_id,
            subnet_ids=dict(zip(zones, private.values(), strict=True)),
            route_table_ids={
                f"{tier}-{zone_suffix(zone)}": tables[position]
                for tier, tables in tiers.items()
                for position, zone in enumerate(zones)
            },
            log_key_arn=self._log_key_arn,
            opts=self._child,
        )
        nothing: pulumi.Output[dict[str, str]] = pulumi.Output.from_input({})
        no_addresses: pulumi.Output[dict[str, list[str]]] = pulumi.Output.from_input({})
        circuits, vpn = links.direct_connect, links.vpn
        self.vpn_gateway_id = _optional(links.hub.vpn_gateway_id)
        self.transit_gateway_id = _optional(links.hub.transit_gateway_id)
        self.transit_gateway_route_table_id = _optional(links.hub.route_table_id)
        self.direct_connect_gateway_id = _optional(links.gateway_id)
        self.connection_ids = circuits.connection_ids if circuits else nothing
        self.virtual_interface_ids = circuits.virtual_interface_ids if circuits else nothing
        self.bgp_keys = circuits.bgp_keys if circuits else nothing
        self.vpn_connection_ids = vpn.connection_ids if vpn else nothing
        no_tunnels: dict[str, list[dict[str, str]]] = {}
        self.vpn_tunnels = vpn.tunnels if vpn else pulumi.Output.from_input(no_tunnels)
        self.vpn_tunnel_addresses = vpn.tunnel_addresses if vpn else no_addresses
        self.preshared_key_arns = vpn.preshared_key_arns if vpn else nothing

    def _let_clients_in(self, private: Mapping[str, pulumi.Input[str]]) -> None:
        args = self._args
        section = args.get("client_vpn")
        if not section or not section["enabled"]:
            self.client_vpn_endpoint_id = self.client_vpn_security_group_id = _optional(None)
            return
        wanted: ClientVpnArgs = {
            "region": args["region"],
            "tags": args["tags"],
            "cidr": section["cidr"],
            "server_certificate_arn": section["server_certificate_arn"],
            "authentication": section,
            "access_groups": section.get("access_groups", []),
            "session_hours": section.get("session_hours", 12),
            "vpc_id": self.vpc_id,
            "vpc_cidr": args["cidr"],
            "on_premises_cidrs": args["on_premises"]["cidrs"],
            "subnet_ids": private,
            "log_retention_days": args["flow_log_retention_days"],
            "log_key_arn": self._log_key_arn,
        }
        client_vpn = ClientVpn(f"{self._name}-client-vpn", wanted, self._child)
        self.client_vpn_endpoint_id = _optional(client_vpn.endpoint_id)
        self.client_vpn_security_group_id = _optional(client_vpn.security_group_id)


def _client_vpn_complete(args: NetworkArgs) -> Iterator[str]:
    section = args.get("client_vpn")
    if section and section["enabled"] and ("cidr" not in section or "server_certificate_arn" not in section):
        yield "client_vpn is enabled without cidr or server_certificate_arn; give both, or disable it"


def _optional(value: pulumi.Input[str] | None) -> pulumi.Output[str | None]:
    return pulumi.Output.from_input(value)
