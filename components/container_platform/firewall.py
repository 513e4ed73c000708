"""Who may reach the hosts, and what the hosts may reach: security groups, rule by rule."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, collapse_addresses
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.container_platform.args import DatabaseAccessArgs, PortArgs, WorkloadArgs
from components.container_platform.placement import server_port
from components.container_platform.route import behind_balancer
from components.inputs import known

DYNAMIC_PORTS = (32_768, 65_535)
"""From these hosts give a port to each container that asks for none of its own.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
"""
NFS_PORT = 2049


class FirewallArgs(TypedDict):
    """What ContainerPlatform gives to its firewall."""

    region: str
    """Region of every resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    client_cidrs: Mapping[str, pulumi.Input[str]]
    """The VPC and the networks of the data centre, by a stable key: they reach fixed ports, and are reached."""
    ssh_cidrs: Sequence[str]
    """Networks of the data centre that may ssh to the hosts."""
    client_vpn_security_group_id: pulumi.Input[str] | None
    """The group of Client VPN users, who may ssh to the hosts too."""
    load_balancer_security_group_id: pulumi.Input[str]
    """From here requests come to the containers."""
    ports: Sequence[PortArgs]
    """Fixed ports of containers on AWS."""
    server_networks: Sequence[str]
    """Servers on-premises that the load balancer sends requests to, as CIDRs."""
    server_ports: Sequence[int]
    """Ports of these servers behind a route."""
    database: DatabaseAccessArgs | None
    """The database to open to the hosts, if there is one."""
    efs_security_group_id: pulumi.Input[str] | None
    """The mount targets of EFS to open to the hosts, if there are any."""


class Firewall(pulumi.ComponentResource):
    """The hosts have a security group that admits the load balancer, ssh from on-premises and fixed ports, and no one else."""

    security_group_id: pulumi.Output[str]
    """Security group of the hosts."""

    def __init__(self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:platform:Firewall", name, known(args), opts)
        self._args = args
        group = aws.ec2.SecurityGroup(
            name,
            description="EC2 hosts of the container platform",
            vpc_id=args["vpc_id"],
            region=args["region"],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        balancer = args["load_balancer_security_group_id"]
        for network in args["ssh_cidrs"]:
            self._ingress(f"{name}-ssh-from-{cidr_key(network)}", group.id, "ssh from on-premises", (22, 22), cidr=network)
        if (clients := args["client_vpn_security_group_id"]) is not None:
            self._ingress(f"{name}-ssh-from-client-vpn", group.id, "ssh from Client VPN", (22, 22), source=clients)
        self._ingress(f"{name}-from-load-balancer", group.id, "Load balancer to containers", DYNAMIC_PORTS, source=balancer)
        self._egress(f"{name}-load-balancer", balancer, "To containers", DYNAMIC_PORTS, source=group.id)
        for port in args["ports"]:
            self._fixed_port(name, group.id, port)
        for number in args["server_ports"]:
            for network in args["server_networks"]:
                self._egress(
                    f"{name}-load-balancer-{number}-to-{cidr_key(network)}",
                    balancer,
                    "To copies on-premises",
                    (number, number),
                    cidr=network,
                )
        # Images, packages and AWS services come by HTTPS, the last through VPC endpoints where there are some.
        self._egress(f"{name}-https", group.id, "HTTPS to registries, mirrors and AWS", (443, 443), cidr="0.0.0.0/0")
        for key, cidr in args["client_cidrs"].items():
            # Whatever containers talk to in the VPC and on-premises, as they did before they moved.
            self._egress(f"{name}-to-{key}", group.id, f"Containers to {key}", None, cidr=cidr)
        if database := args["database"]:
            self._ingress(
                f"{name}-database",
                database["security_group_id"],
                "PostgreSQL from containers",
                (database["port"], database["port"]),
                source=group.id,
            )
        if args["efs_security_group_id"] is not None:
            self._ingress(f"{name}-efs", args["efs_security_group_id"], "NFS from hosts", (NFS_PORT, NFS_PORT), source=group.id)
        self.security_group_id = group.id
        self.register_outputs({"security_group_id": self.security_group_id})

    def _fixed_port(self, name: str, group_id: pulumi.Input[str], port: PortArgs) -> None:
        number, protocol = port.get("host_port", 0), port.get("protocol", "tcp")
        balancer = self._args["load_balancer_security_group_id"]
        for key, cidr in self._args["client_cidrs"].items():
            # The load balancer needs no rule of its own to get in: it is in the VPC.
            self._ingress(
                f"{name}-{protocol}-{number}-from-{key}",
                group_id,
                f"Fixed port from {key}",
                (number, number),
                cidr=cidr,
                protocol=protocol,
            )
        if protocol == "tcp":
            self._egress(f"{name}-load-balancer-{number}", balancer, "To a fixed port", (number, number), source=group_id)

    def _ingress(
        self,
        name: str,
        group_id: pulumi.Input[str],
        description: str,
        ports: tuple[pulumi.Input[int], pulumi.Input[int]],
        *,
        cidr: pulumi.Input[str] | None = None,
        source: pulumi.Input[str] | None = None,
        protocol: str = "tcp",
    ) -> None:
        aws.vpc.SecurityGroupIngressRule(
            name,
            security_group_id=group_id,
            description=description,
            cidr_ipv4=cidr,
            referenced_security_group_id=source,
            ip_protocol=protocol,
            from_port=ports[0],
            to_port=ports[1],
            region=self._args["region"],
            tags={**self._args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _egress(
        self,
        name: str,
        group_id: pulumi.Input[str],
        description: str,
        ports: tuple[int, int] | None,
        *,
        cidr: pulumi.Input[str] | None = None,
        source: pulumi.Input[str] | None = None,
    ) -> None:
        aws.vpc.SecurityGroupEgressRule(
            name,
            security_group_id=group_id,
            description=description,
            cidr_ipv4=cidr,
            referenced_security_group_id=source,
            ip_protocol="tcp" if ports else "-1",
            from_port=ports[0] if ports else None,
            to_port=ports[1] if ports else None,
            region=self._args["region"],
            tags={**self._args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )


def cidr_key(cidr: str) -> str:
    """A CIDR as part of a resource name: `10.0.0.0/8` is `10.0.0.0-8`."""
    return cidr.replace("/", "-")


def networks_of(addresses: Sequence[str]) -> list[str]:
    """Addresses as the fewest CIDRs that hold them and no others: each counts among the 60 rules of a security group."""
    return [str(network) for network in collapse_addresses(IPv4Network(address) for address in addresses)]


def server_ports(workloads: Sequence[WorkloadArgs]) -> list[int]:
    """The ports of servers on-premises that are behind a route, each once."""
    return sorted({server_port(workload) for workload in workloads if behind_balancer(workload)})


def fixed_ports(workloads: Sequence[WorkloadArgs]) -> list[PortArgs]:
    """The fixed ports that containers have on the hosts of AWS, each once."""
    ports = {
        (port.get("protocol", "tcp"), number): port
        for workload in workloads
        if workload.get("placement", "aws") != "onPremises"
        for port in workload.get("ports", ())
        if (number := port.get("host_port", 0))
    }
    return [ports[key] for key in sorted(ports)]
