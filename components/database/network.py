"""Who may connect to the database, and where the replication instance may connect to: nobody may connect to that."""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pulumi
import pulumi_aws as aws

from components.database.args import DatabaseArgs
from components.database.instance import PORT
from components.database.migration_args import ElsewhereArgs, SourceArgs
from components.database.names import cidr_key

HTTPS = 443


class Destination(NamedTuple):
    """Where the replication instance may connect to for its sources."""

    cidr: str
    port: int


def destinations(sources: Iterable[SourceArgs | ElsewhereArgs], on_premises_cidrs: Sequence[str]) -> list[Destination]:
    """Where the sources can be: exactly there for an IP address, anywhere on-premises for a name, anywhere in the VPC of
    another region; each on its port only."""
    found: set[Destination] = set()
    for source in sources:
        if "host" not in source:
            places = [source["cidr"]]
        else:
            try:
                places = [f"{ipaddress.IPv4Address(source['host'])}/32"]
            except ValueError:
                places = list(on_premises_cidrs)
        found |= {Destination(place, source["port"]) for place in places}
    return sorted(found)


def make_group(name: str, args: DatabaseArgs, parent: pulumi.Resource) -> aws.ec2.SecurityGroup:
    """The group of the database, into which on-premises may connect; whoever else may adds a rule."""
    group = aws.ec2.SecurityGroup(
        name,
        description="PostgreSQL for on-premises and for what later components admit",
        vpc_id=args["vpc_id"],
        region=args["region"],
        tags={**args["tags"], "Name": name},
        opts=pulumi.ResourceOptions(parent=parent),
    )
    for cidr in args["on_premises_cidrs"]:
        rule = f"{name}-from-{cidr_key(cidr)}"
        aws.vpc.SecurityGroupIngressRule(
            rule,
            security_group_id=group.id,
            description="PostgreSQL from on-premises",
            ip_protocol="tcp",
            from_port=PORT,
            to_port=PORT,
            cidr_ipv4=cidr,
            region=args["region"],
            tags={**args["tags"], "Name": rule},
            opts=pulumi.ResourceOptions(parent=parent),
        )
    if (clients := args.get("client_vpn_security_group_id")) is not None:
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-from-client-vpn",
            security_group_id=group.id,
            description="PostgreSQL from Client VPN",
            ip_protocol="tcp",
            from_port=PORT,
            to_port=PORT,
            referenced_security_group_id=clients,
            region=args["region"],
            tags={**args["tags"], "Name": f"{name}-from-client-vpn"},
            opts=pulumi.ResourceOptions(parent=parent),
        )
    return group


def let_out(
    name: str,
    sources: Sequence[SourceArgs | ElsewhereArgs],
    args: DatabaseArgs,
    group: aws.ec2.SecurityGroup,
    parent: pulumi.Resource,
) -> None:
    """Ways out of the database's own group to its sources, which its subscriptions read. It has none otherwise."""
    for cidr, port in destinations(sources, args["on_premises_cidrs"]):
        child = f"{name}-to-{cidr_key(cidr)}-{port}"
        aws.vpc.SecurityGroupEgressRule(
            child,
            security_group_id=group.id,
            description="PostgreSQL of the sources",
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4=cidr,
            region=args["region"],
            tags={**args["tags"], "Name": child},
            opts=pulumi.ResourceOptions(parent=parent),
        )


def make_network(
    name: str,
    sources: Sequence[SourceArgs | ElsewhereArgs],
    args: DatabaseArgs,
    database_security_group_id: pulumi.Input[str],
    parent: pulumi.Resource,
) -> tuple[aws.ec2.SecurityGroup, list[pulumi.Resource]]:
    """The group of the replication instance, which nobody may connect to, and its ways out and into the database."""

    def common(child: str) -> dict[str, Any]:
        return {
            "region": args["region"],
            "tags": {**args["tags"], "Name": child},
            "opts": pulumi.ResourceOptions(parent=parent),
        }

    group = aws.ec2.SecurityGroup(
        name,
        description="Replication instance: to the sources, to RDS and to Secrets Manager",
        vpc_id=args["vpc_id"],
        **common(name),
    )
    ways: list[pulumi.Resource] = []

    def let_out(
        purpose: str, description: str, port: int, cidr: str | None = None, group_id: pulumi.Input[str] | None = None
    ) -> None:
        ways.append(
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-{purpose}",
                security_group_id=group.id,
                description=description,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                cidr_ipv4=cidr,
                referenced_security_group_id=group_id,
                **common(f"{name}-to-{purpose}"),
            )
        )

    for cidr, port in destinations(sources, args["on_premises_cidrs"]):
        let_out(f"{cidr_key(cidr)}-{port}", "PostgreSQL of the sources", port, cidr)
    let_out("database", "PostgreSQL in RDS", PORT, group_id=database_security_group_id)
    # Since version 3.4.7 the replication instance itself reads the secrets, from inside the VPC.
    let_out("endpoints", "Secrets Manager", HTTPS, group_id=args["endpoint_security_group_id"])
    ways.append(
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-into-database",
            security_group_id=database_security_group_id,
            description="Replication instance of the migration",
            ip_protocol="tcp",
            from_port=PORT,
            to_port=PORT,
            referenced_security_group_id=group.id,
            **common(f"{name}-into-database"),
        )
    )
    return group, ways
