"""A container platform alone, on the least that the other components would give it."""

import json
from collections.abc import Callable
from typing import Any

import pulumi_aws as aws

from components.container_platform import ContainerPlatform, ContainerPlatformArgs
from tests.rehearsal.support import REGION

VPC_CIDR = "10.20.0.0/16"
ON_PREMISES = "192.168.0.0/16"
TAGS = {"Project": "hybridge"}
ACCOUNT = "123456789012"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:team/api-AbCdEf"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/team/flag"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/queue"

WEB: dict[str, Any] = {
    "name": "web",
    "image": "nginx:1.27",
    "ports": [{"container_port": 8080}],
    "placement": "both",
    "route": {"hosts": ["shop.corp.example"], "paths": ["/shop/*"], "sticky_seconds": 3600},
    "secrets": {"DATABASE_PASSWORD": "database:password"},
    "files": [{"path": "/data", "sub_path": "invoices"}],
    "health_check": {"command": ["CMD-SHELL", "curl -f http://localhost:8080/"], "path": "/health"},
    "replicas": 2,
    "scaling": {"min_replicas": 2, "max_replicas": 8, "cpu_percent": 60, "memory_percent": 80, "requests_per_replica": 600},
}
API: dict[str, Any] = {
    "name": "api",
    "image": "ecr:team/api:1.0",
    "ports": [{"container_port": 9000, "host_port": 9000}],
    "route": {"paths": ["/api/*"]},
    "secrets": {"KEY": f"{SECRET}:key::", "FLAG": PARAMETER},
    "policy_arns": [POLICY],
}
BATCH: dict[str, Any] = {"name": "batch", "image": "library/busybox:1.37", "placement": "onPremises", "replicas": 1}


def platform(
    *workloads: dict[str, Any], database: bool = True, files: bool = True, efs: bool = False, **more: Any
) -> Callable[[], ContainerPlatform]:
    """A program with a network, a database's secret and group, a bucket, and the platform on top."""

    def program() -> ContainerPlatform:
        vpc = aws.ec2.Vpc("vpc", cidr_block=VPC_CIDR, region=REGION)
        subnets = [
            aws.ec2.Subnet(
                f"subnet-{zone}",
                vpc_id=vpc.id,
                cidr_block=f"10.20.{position}.0/24",
                availability_zone=f"{REGION}{zone}",
                region=REGION,
            )
            for position, zone in enumerate("ac")
        ]
        zone = aws.route53.Zone("zone", name="aws.corp.example", vpcs=[{"vpc_id": vpc.id, "vpc_region": REGION}])
        args: dict[str, Any] = {
            "region": REGION,
            "tags": TAGS,
            "protected": False,
            "patch_group": "hosts",
            "instance_type": "m6i.large",
            "min_instances": 2,
            "max_instances": 6,
            "vpc_id": vpc.id,
            "vpc_cidr_block": VPC_CIDR,
            "private_subnet_ids": [subnet.id for subnet in subnets],
            "on_premises_cidrs": [ON_PREMISES],
            "ssh_cidrs": ["192.168.10.0/24"],
            "private_zone_id": zone.id,
            "private_zone_name": "aws.corp.example",
            "workloads": list(workloads) or [WEB, BATCH],
            **({"database": _database(vpc)} if database else {}),
            **({"files": _files(vpc, efs=efs)} if files else {}),
            **more,
        }
        return ContainerPlatform("platform", ContainerPlatformArgs(**args))  # type: ignore[typeddict-item]

    return program


def _database(vpc: aws.ec2.Vpc) -> dict[str, Any]:
    key = aws.kms.Key("database-key", region=REGION)
    secret = aws.secretsmanager.Secret("database", kms_key_id=key.arn, region=REGION)
    group = aws.ec2.SecurityGroup("database", description="Database", vpc_id=vpc.id, region=REGION, tags=TAGS)
    return {"secret_arn": secret.arn, "kms_key_arn": key.arn, "security_group_id": group.id, "port": 5432}


def _files(vpc: aws.ec2.Vpc, *, efs: bool) -> dict[str, Any]:
    bucket = aws.s3.Bucket("files", region=REGION)
    policy = aws.iam.Policy(
        "files",
        policy=bucket.arn.apply(
            lambda arn: json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": arn}],
                }
            )
        ),
    )
    given: dict[str, Any] = {"bucket_name": bucket.bucket, "access_policy_arn": policy.arn, "mount_path": "/mnt/files"}
    if efs:
        system = aws.efs.FileSystem("efs", encrypted=True, region=REGION)
        point = aws.efs.AccessPoint("efs", file_system_id=system.id, region=REGION)
        group = aws.ec2.SecurityGroup("efs", description="EFS", vpc_id=vpc.id, region=REGION, tags=TAGS)
        given |= {"efs_file_system_id": system.id, "efs_access_point_id": point.id, "efs_security_group_id": group.id}
    return given
