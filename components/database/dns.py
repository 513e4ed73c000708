"""The names of the database in the private zone. They are for people and tools: the certificate knows RDS's names only."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.database.args import DatabaseArgs

TTL_SECONDS = 60
"""How long a resolver may keep an answer, and so how long a name may lag behind a change."""


def name_primary(name: str, instance: aws.rds.Instance, args: DatabaseArgs, parent: pulumi.Resource) -> pulumi.Output[str]:
    """`database.<zone>` for the primary, whichever zone of AWS it is in."""
    dns_name = pulumi.Output.concat("database.", args["private_zone_name"])
    aws.route53.Record(
        name,
        zone_id=args["private_zone_id"],
        name=dns_name,
        type="CNAME",
        ttl=TTL_SECONDS,
        records=[instance.address],
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return dns_name


def name_readers(
    name: str, replicas: Sequence[aws.rds.Instance], args: DatabaseArgs, parent: pulumi.Resource
) -> pulumi.Output[str | None]:
    """`database-reader.<zone>` for all replicas: each lookup answers with one of them, in turn. None without replicas."""
    if not replicas:
        return pulumi.Output.from_input(None)
    dns_name = pulumi.Output.concat("database-reader.", args["private_zone_name"])
    for number, replica in enumerate(replicas, start=1):
        aws.route53.Record(
            f"{name}-reader-{number}",
            zone_id=args["private_zone_id"],
            name=dns_name,
            type="CNAME",
            ttl=TTL_SECONDS,
            records=[replica.address],
            set_identifier=f"reader-{number}",
            weighted_routing_policies=[{"weight": 1}],
            opts=pulumi.ResourceOptions(parent=parent),
        )
    return dns_name
