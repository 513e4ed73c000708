"""Where the replication instance may connect to: the sources, the database, Secrets Manager; nobody may connect to it."""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pulumi
import pulumi_aws as aws

from components.database.args import DatabaseArgs, SourceArgs
from components.database.instance import PORT
from components.database.names import cidr_key

HTTPS = 443


class Destination(NamedTuple):
    """Where the replication instance may connect to on-premises."""

    cidr: str
    port: int


def destinations(sources: Iterable[SourceArgs], on_premises_cidrs: Sequence[str]) -> list[Destination]:
    """Where the sources can be: exactly there for an IP address, anywhere on-premises for a name; each on its port only."""
    found: set[Destination] = set()
    for source in sources:
        try:
            places = [f"{ipaddress.IPv4Address(source['host'])}/32"]
        except ValueError:
            places = list(on_premises_cidrs)
        found |= {Destination(place, source["port"]) for place in places}
    return sorted(found)


def make_network(
    name: str,
    sources: Sequence[SourceArgs],
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
        let_out(f"{cidr_key(cidr)}-{port}", "PostgreSQL on-premises", port, cidr)
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
