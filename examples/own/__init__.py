"""What a team adds: a queue with its key, what watches it, a network card for an appliance, and a registry of schemas."""

import pulumi
import pulumi_aws as aws

from components.made import Made
from own import watched


def add(made: Made) -> None:
    """Called at the end of the program, once the five components are there."""
    watched.add(made, _orders(made))
    _scanner(made)
    aws.schemas.Registry(
        "events",
        description="The schemas of our events",
        region=made.region,
        tags=_tags(made, "events"),
        opts=made.options(),
    )


def _tags(made: Made, name: str) -> dict[str, str]:
    return {**made.tags, "Name": name}


def _orders(made: Made) -> aws.sqs.Queue:
    """A queue that workloads hand their orders to."""
    key = aws.kms.Key(
        "orders",
        description="Orders on their way",
        enable_key_rotation=True,
        region=made.region,
        tags=_tags(made, "orders"),
        opts=made.options(protect=made.settings.protect),
    )
    queue = aws.sqs.Queue(
        "orders",
        kms_master_key_id=key.arn,
        visibility_timeout_seconds=60,
        region=made.region,
        tags=_tags(made, "orders"),
        opts=made.options(),
    )
    pulumi.export("ordersQueueUrl", queue.url)
    return queue


def _scanner(made: Made) -> None:
    """A network card for an appliance that hosts send files to, to be looked through."""
    group = aws.ec2.SecurityGroup(
        "scanner",
        description="The scanner: TLS from the VPC",
        vpc_id=made.network.vpc_id,
        region=made.region,
        tags=_tags(made, "scanner"),
        opts=made.options(),
    )
    aws.vpc.SecurityGroupIngressRule(
        "scanner",
        security_group_id=group.id,
        description="TLS from the VPC",
        cidr_ipv4=made.network.vpc_cidr_block,
        from_port=443,
        to_port=443,
        ip_protocol="tcp",
        region=made.region,
        tags=_tags(made, "scanner"),
        opts=made.options(),
    )
    aws.ec2.NetworkInterface(
        "scanner",
        description="The scanner's",
        subnet_id=made.network.private_subnet_ids.apply(lambda ids: ids[0]),
        security_groups=[group.id],
        region=made.region,
        tags=_tags(made, "scanner"),
        opts=made.options(),
    )
