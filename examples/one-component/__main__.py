"""One component of Hybridge in a program of one's own: files that tier by age, in a VPC that is there already."""

import pulumi
import pulumi_aws as aws
from hybridge.components.hybrid_storage import HybridStorage

region = "ap-northeast-2"
tags = {"Project": pulumi.get_project(), "Stack": pulumi.get_stack()}
vpc = aws.ec2.Vpc("ours", cidr_block="10.80.0.0/16", region=region, tags={**tags, "Name": "ours"})
subnets = [
    aws.ec2.Subnet(
        f"ours-{zone}",
        vpc_id=vpc.id,
        cidr_block=f"10.80.{number}.0/24",
        availability_zone=f"{region}{zone}",
        region=region,
        tags={**tags, "Name": f"ours-{zone}", "SubnetType": "Private"},
    )
    for number, zone in enumerate("ac")
]

files = HybridStorage(
    "files",
    {
        "region": region,
        "tags": tags,
        "vpc_id": vpc.id,
        "zones": [f"{region}a", f"{region}c"],
        "private_subnet_ids": [subnet.id for subnet in subnets],
        "on_premises_cidrs": ["10.10.0.0/16"],
        "hot_days": 30,
        "efs": {"enabled": True},
    },
)
pulumi.export("bucket", files.bucket_name)
pulumi.export("activation", files.gateway_activation_request)
