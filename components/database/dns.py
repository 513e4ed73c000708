"""The names of the database in the private zone. They are for people and tools: the certificate knows RDS's names only."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.database.args import DatabaseArgs

TTL_SECONDS = 60
"""How long a resolver may keep an answer, and so how long a name may lag behind a change."""


def name_primary(
    name: str, instance: aws.rds.Instance | None, args: DatabaseArgs, parent: pulumi.Resource
) -> pulumi.Output[str]:
    """`database.<zone>` for the primary, whichever zone of AWS it is in."""
    dns_name = pulumi.Output.concat("database.", args["private_zone_name"])
    names = args.get("names")
    shared = _weighted(names["set_identifier"], names["weight"]) if names else {}
    if instance is not None and _lead_here(args):
        _record(name, args, parent, dns_name=dns_name, address=instance.address, routing=shared)
    return dns_name


def name_readers(
    name: str,
    primary: aws.rds.Instance | None,
    replicas: Sequence[aws.rds.Instance],
    args: DatabaseArgs,
    parent: pulumi.Resource,
) -> pulumi.Output[str | None]:
    """`database-reader.<zone>` for all replicas: each lookup answers with one of them, in turn. None without replicas.

    A region that draws the names to itself answers for its readers too: without any its primary does, for the name would go on
    leading to the other region.
    """
    dns_name = pulumi.Output.concat("database-reader.", args["private_zone_name"])
    names = args.get("names")
    readers = {f"reader-{number}": replica for number, replica in enumerate(replicas, start=1)}
    if not readers and names and names["weight"] and primary is not None:
        readers = {"reader": primary}
    if _lead_here(args):
        for reader, instance in readers.items():
            identifier, weight = (f"{names['set_identifier']}-{reader}", names["weight"]) if names else (reader, 1)
            routing = _weighted(identifier, weight)
            _record(f"{name}-{reader}", args, parent, dns_name=dns_name, address=instance.address, routing=routing)
    return dns_name if readers else pulumi.Output.from_input(None)


def _lead_here(args: DatabaseArgs) -> bool:
    return "names" not in args or args["names"] is not None


def _weighted(set_identifier: str, weight: int) -> dict[str, Any]:
    return {"set_identifier": set_identifier, "weighted_routing_policies": [{"weight": weight}]}


def _record(
    child: str,
    args: DatabaseArgs,
    parent: pulumi.Resource,
    *,
    dns_name: pulumi.Input[str],
    address: pulumi.Input[str],
    routing: dict[str, Any],
) -> None:
    aws.route53.Record(
        child,
        zone_id=args["private_zone_id"],
        name=dns_name,
        type="CNAME",
        ttl=TTL_SECONDS,
        records=[address],
        **routing,
        # A plain record and a weighted one of the same name cannot be there at once.
        opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=True),
    )
