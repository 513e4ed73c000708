"""Security group rules by CIDR, one resource each, so that a CIDR can come and go without touching the others."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from components.cidrs import cidr_suffix


class Ports(NamedTuple):
    """A range of ports of one protocol, and what they are for."""

    purpose: str
    """Part of the rule's name: `https`."""
    protocol: str
    """`tcp`, `udp`, or `-1` for every protocol, which has no ports."""
    first: int | None = None
    """The lowest port."""
    last: int | None = None
    """The highest port; the lowest if left out."""

    @property
    def end(self) -> int | None:
        """The highest port."""
        return self.first if self.last is None else self.last


HTTPS = Ports("https", "tcp", 443)
DNS = (Ports("dns-udp", "udp", 53), Ports("dns-tcp", "tcp", 53))
EVERYTHING = Ports("all", "-1")


class Place(NamedTuple):
    """Where traffic comes from or goes to."""

    name: str
    """Part of the rule's name and of its description: `vpc`."""
    cidr: str
    """IPv4 block."""


def on_premises_places(cidrs: Iterable[str]) -> list[Place]:
    """The blocks of the data centre, each with a name that stays when another one is added."""
    return [Place(f"on-premises-{cidr_suffix(cidr)}", cidr) for cidr in cidrs]


class Rules(NamedTuple):
    """What the rules of one security group share."""

    name: str
    """Start of each rule's name."""
    region: str
    """Region of the group."""
    tags: Mapping[str, str]
    """Tags of each rule, next to `Name`."""
    group_id: pulumi.Input[str]
    """The security group."""
    parent: pulumi.Resource
    """Parent of each rule."""

    def admit(self, ports: Iterable[Ports], places: Iterable[Place]) -> None:
        """Let each place in on each of the ports."""
        ports = list(ports)
        for place in places:
            for port in ports:
                name = f"{self.name}-{port.purpose}-from-{place.name}"
                aws.vpc.SecurityGroupIngressRule(
                    name,
                    region=self.region,
                    security_group_id=self.group_id,
                    description=f"{port.purpose} from {place.name}",
                    ip_protocol=port.protocol,
                    from_port=port.first,
                    to_port=port.end,
                    cidr_ipv4=place.cidr,
                    tags={**self.tags, "Name": name},
                    opts=pulumi.ResourceOptions(parent=self.parent),
                )

    def let_out(self, ports: Iterable[Ports], places: Iterable[Place]) -> None:
        """Let the group's members reach each place on each of the ports."""
        ports = list(ports)
        for place in places:
            for port in ports:
                name = f"{self.name}-{port.purpose}-to-{place.name}"
                aws.vpc.SecurityGroupEgressRule(
                    name,
                    region=self.region,
                    security_group_id=self.group_id,
                    description=f"{port.purpose} to {place.name}",
                    ip_protocol=port.protocol,
                    from_port=port.first,
                    to_port=port.end,
                    cidr_ipv4=place.cidr,
                    tags={**self.tags, "Name": name},
                    opts=pulumi.ResourceOptions(parent=self.parent),
                )
