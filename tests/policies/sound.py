"""A small stack in which every policy holds, to plant faults in."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from proofs.shown import Resource

REGION = "ap-northeast-2"
ACCOUNT = "123456789012"
TAGS = {"Project": "hybridge", "Stack": "test", "Owner": "platform"}
STACK_URN = "urn:pulumi:test::hybridge::pulumi:pulumi:Stack::hybridge-test"
PASSWORD = "correct-horse-battery"

Resources = dict[str, Resource]
"""The resources of a stack by name."""


def resource(type_: str, name: str, /, protect: bool = False, taggable: bool = True, **inputs: Any) -> Resource:
    """A resource with an id, an ARN and, if it can have them, the stack's tags."""
    if taggable and "tags" not in inputs:
        inputs["tags"] = {**TAGS, "Name": name}
    if type_.startswith("aws:") and not type_.startswith("aws:iam"):
        inputs.setdefault("region", REGION)
    outputs = {**inputs, "id": f"{name}-id", "arn": f"arn:aws:any:{REGION}:{ACCOUNT}:{name}"}
    if taggable:
        outputs["tagsAll"] = inputs["tags"]
    return Resource(type_, name, f"urn:pulumi:test::hybridge::{type_}::{name}", inputs, outputs, STACK_URN, (), protect)


def changed(found: Resource, /, **values: Any) -> Resource:
    """A resource with other inputs, and outputs to match; None takes one away."""
    inputs = {key: value for key, value in {**found.inputs, **values}.items() if value is not None}
    outputs = {key: value for key, value in {**found.outputs, **values}.items() if value is not None}
    return replace(found, inputs=inputs, outputs=outputs)


def allow(*actions: str, **more: Any) -> str:
    """A policy document of one statement that allows these actions."""
    statement = {"Sid": "One", "Effect": "Allow", "Action": list(actions), "Resource": "arn:aws:s3:::files/*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


TLS_ONLY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "DenyWithoutTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
)
KEY_POLICY = allow("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Resource="*")
PERIMETER = allow("ecr:*", Principal="*", Resource="*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})
CONTAINER = {
    "name": "orders",
    "image": "orders:1",
    "environment": [
        {"name": "LOG_LEVEL", "value": "info"},
        {"name": "DB_PASSWORD_FILE", "value": "/run/secrets/db"},
        {"name": "DB_SECRET", "value": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db"},
    ],
    "secrets": [{"name": "DB_PASSWORD", "valueFrom": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db:password::"}],
}


def _network() -> Iterator[Resource]:
    yield resource("aws:ec2/vpc:Vpc", "vpc", cidrBlock="10.20.0.0/16")
    for zone in ("2a", "2b"):
        for tier in ("Public", "Private", "Isolated"):
            name = f"{tier.lower()}-{zone}"
            yield resource(
                "aws:ec2/subnet:Subnet",
                name,
                vpcId="vpc-id",
                availabilityZone=f"ap-northeast-{zone}",
                mapPublicIpOnLaunch=tier == "Public",
                tags={**TAGS, "Name": name, "SubnetType": tier},
            )
        yield resource("aws:ec2/eip:Eip", f"eip-{zone}", domain="vpc")
        yield resource(
            "aws:ec2/natGateway:NatGateway", f"nat-{zone}", subnetId=f"public-{zone}-id", allocationId=f"eip-{zone}-id"
        )
    yield resource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", ingress=[], egress=[])
    rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    yield resource(rule, "from-vpc", ipProtocol="tcp", fromPort=443, toPort=443, cidrIpv4="10.20.0.0/16")
    yield resource(rule, "from-on-premises", ipProtocol="tcp", fromPort=443, toPort=443, cidrIpv4="203.0.113.0/24")
    yield resource(rule, "from-group", ipProtocol="tcp", fromPort=5432, toPort=5432, referencedSecurityGroupId="sg-1")
    yield resource("aws:route53/zone:Zone", "zone", name="aws.internal", vpcs=[{"vpcId": "vpc-id"}])
    both = ["private-2a-id", "private-2b-id"]
    yield resource("aws:ec2/vpcEndpoint:VpcEndpoint", "ecr", vpcEndpointType="Interface", subnetIds=both, policy=PERIMETER)
    yield resource("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", vpcEndpointType="Gateway")


def _containers() -> Iterator[Resource]:
    both = ["private-2a-id", "private-2b-id"]
    yield resource(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "hosts",
        blockDeviceMappings=[{"deviceName": "/dev/xvda", "ebs": {"encrypted": "true", "volumeSize": 50}}],
        metadataOptions={"httpTokens": "required"},
        networkInterfaces=[{"securityGroups": ["sg-1"]}],
        userData="IyEvYmluL3NoCmVjaG8gaGVsbG8K",
    )
    yield resource(
        "aws:autoscaling/group:Group",
        "group",
        taggable=False,
        minSize=2,
        vpcZoneIdentifiers=both,
        tags=[{"key": key, "value": value, "propagateAtLaunch": True} for key, value in {**TAGS, "Name": "group"}.items()],
    )
    yield resource(
        "aws:lb/loadBalancer:LoadBalancer",
        "balancer",
        internal=True,
        subnets=both,
        enableDeletionProtection=True,
        accessLogs={"bucket": "logs-name", "enabled": True},
    )
    yield resource(
        "aws:lb/listener:Listener", "https", protocol="HTTPS", sslPolicy="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    )
    yield resource("aws:lb/listener:Listener", "http", protocol="HTTP", defaultActions=[{"type": "redirect"}])
    yield resource(
        "aws:ecs/taskDefinition:TaskDefinition",
        "orders",
        containerDefinitions=json.dumps([CONTAINER]),
        volumes=[{"name": "files", "efsVolumeConfiguration": {"fileSystemId": "efs-id", "transitEncryption": "ENABLED"}}],
    )
    yield resource("aws:ecs/service:Service", "orders-service", networkConfiguration={"subnets": both})
    trust = allow("sts:AssumeRole", Principal={"Service": "ecs-tasks.amazonaws.com"})
    yield resource("aws:iam/role:Role", "task", assumeRolePolicy=trust)
    yield resource("aws:iam/rolePolicy:RolePolicy", "task-policy", taggable=False, policy=allow("s3:GetObject", "s3:List*"))
    yield resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "node",
        taggable=False,
        policyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    )


def _data() -> Iterator[Resource]:
    yield resource("aws:kms/key:Key", "key", protect=True, enableKeyRotation=True, deletionWindowInDays=30, policy=KEY_POLICY)
    isolated = ["isolated-2a-id", "isolated-2b-id"]
    yield resource("aws:rds/subnetGroup:SubnetGroup", "database-subnets", subnetIds=isolated)
    force = [{"name": "rds.force_ssl", "value": "1"}]
    yield resource("aws:rds/parameterGroup:ParameterGroup", "parameters", family="postgres17", parameters=force)
    yield resource("aws:kms/key:Key", "logs-key", enableKeyRotation=True, deletionWindowInDays=7, policy=KEY_POLICY)
    yield resource("random:index/randomPassword:RandomPassword", "password", taggable=False, length=32, result=PASSWORD)
    yield resource(
        "aws:rds/instance:Instance",
        "database",
        protect=True,
        kmsKeyId=f"arn:aws:any:{REGION}:{ACCOUNT}:key",
        password=PASSWORD,
        multiAz=True,
        storageEncrypted=True,
        publiclyAccessible=False,
        backupRetentionPeriod=14,
        deletionProtection=True,
        skipFinalSnapshot=False,
    )
    yield resource(
        "aws:rds/instance:Instance", "replica", replicateSourceDb="database", storageEncrypted=True, skipFinalSnapshot=True
    )
    yield resource("aws:secretsmanager/secret:Secret", "secret", recoveryWindowInDays=30)
    secret = json.dumps({"username": "hybridge", "password": PASSWORD})
    yield resource("aws:secretsmanager/secretVersion:SecretVersion", "version", taggable=False, secretString=secret)
    both = ["private-2a-id", "private-2b-id"]
    yield resource("aws:dms/replicationSubnetGroup:ReplicationSubnetGroup", "dms-subnets", subnetIds=both)
    yield resource("aws:dms/replicationInstance:ReplicationInstance", "dms", multiAz=True, publiclyAccessible=False)
    yield resource("aws:dms/endpoint:Endpoint", "source", endpointType="source", sslMode="verify-full")
    yield resource("aws:dms/endpoint:Endpoint", "target", endpointType="target", sslMode="require")
    yield resource("aws:directconnect/connection:Connection", "circuit", protect=True, location="KINX")


def _files() -> Iterator[Resource]:
    yield resource("aws:kms/key:Key", "files-key", protect=True, enableKeyRotation=True, policy=KEY_POLICY)
    for name, algorithm in (("files", "aws:kms"), ("logs", "AES256")):
        physical = f"{name}-name"
        yield resource("aws:s3/bucket:Bucket", name, protect=True, bucket=physical, forceDestroy=False)
        master = {"kmsMasterKeyId": "files-key-id"} if algorithm == "aws:kms" else {}
        rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm, **master}}]
        part: dict[str, Any] = {"bucket": physical, "taggable": False}
        kind = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
        yield resource(kind, f"{name}-encryption", rules=rules, **part)
        yield resource(
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            f"{name}-block",
            blockPublicAcls=True,
            blockPublicPolicy=True,
            ignorePublicAcls=True,
            restrictPublicBuckets=True,
            **part,
        )
        yield resource("aws:s3/bucketPolicy:BucketPolicy", f"{name}-policy", policy=TLS_ONLY, **part)
    enabled = {"status": "Enabled"}
    part = {"bucket": "files-name", "taggable": False}
    yield resource("aws:s3/bucketVersioning:BucketVersioning", "files-versioning", versioningConfiguration=enabled, **part)
    yield resource("aws:s3/bucketLogging:BucketLogging", "files-logging", targetBucket="logs-name", **part)
    tiers = [{"id": "tier", "transitions": [{"days": 7, "storageClass": "INTELLIGENT_TIERING"}]}]
    kind = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    yield resource(kind, "files-lifecycle", rules=tiers, **part)
    yield resource("aws:efs/fileSystem:FileSystem", "efs", protect=True, encrypted=True)
    part = {"fileSystemId": "efs-id", "taggable": False}
    yield resource("aws:efs/fileSystemPolicy:FileSystemPolicy", "efs-policy", policy=TLS_ONLY, **part)
    yield resource("aws:efs/backupPolicy:BackupPolicy", "efs-backup", backupPolicy={"status": "ENABLED"}, **part)
    for zone in ("2a", "2b"):
        yield resource("aws:efs/mountTarget:MountTarget", f"target-{zone}", subnetId=f"private-{zone}-id", **part)
    yield resource("aws:storagegateway/gateway:Gateway", "gateway", protect=True, gatewayName="files")
    yield resource("aws:storagegateway/nfsFileShare:NfsFileShare", "share", kmsEncrypted=True)


def _management() -> Iterator[Resource]:
    yield resource("aws:backup/vault:Vault", "vault", protect=True, kmsKeyArn="key-id")
    topic = f"arn:aws:any:{REGION}:{ACCOUNT}:topic"
    yield resource("aws:sns/topic:Topic", "topic", kmsMasterKeyId="key-id")
    yield replace_arn(resource("aws:sns/topicPolicy:TopicPolicy", "topic-policy", taggable=False, policy=TLS_ONLY), topic)
    yield resource("aws:ssm/parameter:Parameter", "agent-config", name="agent-config", type="String", value='{"metrics": {}}')
    yield resource("aws:ssm/document:Document", "commands", documentType="Command", content='{"schemaVersion": "2.2"}')


def replace_arn(found: Resource, arn: str) -> Resource:
    """A resource that names another by the property `arn`."""
    return replace(found, inputs={**found.inputs, "arn": arn}, outputs={**found.outputs, "arn": arn})


def sound() -> Resources:
    """The stack."""
    stack = Resource("pulumi:pulumi:Stack", "hybridge-test", STACK_URN, {}, {"databaseSecretArn": "arn:aws:any"})
    found = [*_network(), *_containers(), *_data(), *_files(), *_management(), stack]
    return {one.name: one for one in found}
