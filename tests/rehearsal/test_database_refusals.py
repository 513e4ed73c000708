"""What AWS refuses of RDS and DMS is refused in the emulated account too, where moto would let it pass."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.adopters.dms import TRUST
from rehearsal.emulator import Emulator, Refused
from tests.rehearsal.support import REGION

POLICY = "arn:aws:iam::aws:policy/service-role/"


class Account:
    """An account with a VPC of two zones, another VPC, and a subnet group of each kind."""

    def __init__(self, aws: Emulator) -> None:
        self.aws = aws
        self.vpc, self.other = (
            self.ec2("CreateVpc", CidrBlock=cidr)["Vpc"]["VpcId"] for cidr in ("10.0.0.0/16", "10.1.0.0/16")
        )
        self.subnets = [
            self.ec2("CreateSubnet", VpcId=self.vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
                "SubnetId"
            ]
            for n, zone in enumerate("ab")
        ]
        self.group, self.stranger = (
            self.ec2("CreateSecurityGroup", GroupName="g", Description="g", VpcId=vpc)["GroupId"]
            for vpc in (self.vpc, self.other)
        )
        self.key = self.call("kms", "CreateKey")["KeyMetadata"]["Arn"]

    def call(self, service: str, operation: str, **params: Any) -> dict[str, Any]:
        return self.aws.call(service, operation, params, region=REGION)

    def ec2(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.call("ec2", operation, **params)

    def rds(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.call("rds", operation, **params)

    def dms(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.call("dms", operation, **params)

    def role(self, name: str, *policies: str, service: str = "dms.amazonaws.com") -> str:
        trust = json.dumps(TRUST).replace("dms.amazonaws.com", service)
        role = self.call("iam", "CreateRole", RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        for policy in policies:
            self.call("iam", "AttachRolePolicy", RoleName=name, PolicyArn=POLICY + policy)
        return str(role)

    def subnet_group(self) -> None:
        self.rds("CreateDBSubnetGroup", DBSubnetGroupName="db", DBSubnetGroupDescription="db", SubnetIds=self.subnets)

    def instance(self, **params: Any) -> dict[str, Any]:
        asked = {
            "DBInstanceIdentifier": "db",
            "DBInstanceClass": "db.t4g.medium",
            "Engine": "postgres",
            "EngineVersion": "17",
            "AllocatedStorage": 50,
            "StorageType": "gp3",
            "MasterUsername": "dbadmin",
            "MasterUserPassword": "long-enough",
            "DBSubnetGroupName": "db",
            "VpcSecurityGroupIds": [self.group],
            "BackupRetentionPeriod": 7,
            **params,
        }
        return self.rds("CreateDBInstance", **{key: value for key, value in asked.items() if value is not None})


@pytest.fixture
def account() -> Iterator[Account]:
    with Emulator() as aws:
        yield Account(aws)


@pytest.mark.parametrize("create", ["CreateDBSubnetGroup", "CreateReplicationSubnetGroup"])
def test_subnet_groups_span_two_zones_of_known_subnets(account: Account, create: str) -> None:
    account.role("dms-vpc-role", "AmazonDMSVPCManagementRole")
    service, prefix = ("rds", "DBSubnetGroup") if create == "CreateDBSubnetGroup" else ("dms", "ReplicationSubnetGroup")
    names = {f"{prefix}Name" if service == "rds" else f"{prefix}Identifier": "group", f"{prefix}Description": "group"}
    with pytest.raises(Refused, match="DoesNotCoverEnoughAZs"):
        account.call(service, create, **names, SubnetIds=account.subnets[:1])
    with pytest.raises(Refused, match="subnet-0123456789abcdef0"):
        account.call(service, create, **names, SubnetIds=[account.subnets[0], "subnet-0123456789abcdef0"])


UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"VpcSecurityGroupIds": ["sg-0123456789abcdef0"]}, "Invalid security group"),
    ({"DBSubnetGroupName": "none"}, "DBSubnetGroupNotFoundFault"),
    ({"StorageEncrypted": True, "KmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/none"}, "KMSKeyNotAccessibleFault"),
    ({"MonitoringInterval": 60, "MonitoringRoleArn": "arn:aws:iam::123456789012:role/none"}, "ENHANCED_MONITORING"),
    ({"Iops": 12000}, "InvalidParameterCombination"),
    ({"AllocatedStorage": 400, "Iops": 11000}, "InvalidParameterCombination"),
    ({"StorageType": "io2", "AllocatedStorage": 100, "Iops": 100001}, "ratio"),
    ({"StorageType": "io2", "AllocatedStorage": 100}, "ratio"),
    ({"MaxAllocatedStorage": 51}, "Max storage size"),
    ({"MasterUserPassword": "with@sign"}, "MasterUserPassword"),
    ({"DBParameterGroupName": "sixteen"}, "postgres16"),
]


def test_an_instance_that_does_not_fit_is_refused(account: Account) -> None:
    account.subnet_group()
    account.rds("CreateDBParameterGroup", DBParameterGroupName="sixteen", DBParameterGroupFamily="postgres16", Description="16")
    for params, message in UNFIT:
        with pytest.raises(Refused, match=message):
            account.instance(**params)


def test_an_instance_and_its_security_group_share_a_vpc(account: Account) -> None:
    account.subnet_group()
    with pytest.raises(Refused, match="InvalidVPCNetworkStateFault"):
        account.instance(VpcSecurityGroupIds=[account.stranger])


def test_the_monitoring_role_must_have_its_policy_before_the_instance(account: Account) -> None:
    account.subnet_group()
    role = account.role("monitoring", service="monitoring.rds.amazonaws.com")
    with pytest.raises(Refused, match="ENHANCED_MONITORING"):
        account.instance(MonitoringInterval=60, MonitoringRoleArn=role)
    account.call("iam", "AttachRolePolicy", RoleName="monitoring", PolicyArn=POLICY + "AmazonRDSEnhancedMonitoringRole")
    account.instance(MonitoringInterval=60, MonitoringRoleArn=role)


def test_a_default_of_aws_stays_listed_as_pending_reboot(account: Account) -> None:
    def listed(family: str) -> str:
        name, parameter = family, {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
        account.rds("CreateDBParameterGroup", DBParameterGroupName=name, DBParameterGroupFamily=family, Description="own")
        account.rds("ModifyDBParameterGroup", DBParameterGroupName=name, Parameters=[parameter])
        (found,) = account.rds("DescribeDBParameters", DBParameterGroupName=name)["Parameters"]
        return str(found["ApplyMethod"])

    assert (listed("postgres14"), listed("postgres17")) == ("immediate", "pending-reboot")


def test_static_parameters_cannot_be_applied_at_once(account: Account) -> None:
    account.rds("CreateDBParameterGroup", DBParameterGroupName="own", DBParameterGroupFamily="postgres17", Description="own")
    parameter = {"ParameterName": "rds.logical_replication", "ParameterValue": "1", "ApplyMethod": "immediate"}
    with pytest.raises(Refused, match="static parameter"):
        account.rds("ModifyDBParameterGroup", DBParameterGroupName="own", Parameters=[parameter])
    account.rds(
        "ModifyDBParameterGroup", DBParameterGroupName="own", Parameters=[{**parameter, "ApplyMethod": "pending-reboot"}]
    )


def test_a_replica_wants_a_source_with_backups(account: Account) -> None:
    account.subnet_group()
    account.instance(BackupRetentionPeriod=0)
    replica = {"DBInstanceIdentifier": "copy", "VpcSecurityGroupIds": [account.group]}
    with pytest.raises(Refused, match="DBInstanceNotFound"):
        account.rds("CreateDBInstanceReadReplica", SourceDBInstanceIdentifier="none", **replica)
    with pytest.raises(Refused, match="Automated backups are not enabled"):
        account.rds("CreateDBInstanceReadReplica", SourceDBInstanceIdentifier="db", **replica)


def test_dms_wants_its_role_with_the_policy_attached(account: Account) -> None:
    group = {"ReplicationSubnetGroupIdentifier": "g", "ReplicationSubnetGroupDescription": "g", "SubnetIds": account.subnets}
    with pytest.raises(Refused, match="dms-vpc-role is not configured properly"):
        account.dms("CreateReplicationSubnetGroup", **group)
    account.role("dms-vpc-role")
    with pytest.raises(Refused, match="dms-vpc-role is not configured properly"):
        account.dms("CreateReplicationSubnetGroup", **group)
    account.call("iam", "AttachRolePolicy", RoleName="dms-vpc-role", PolicyArn=POLICY + "AmazonDMSVPCManagementRole")
    account.dms("CreateReplicationSubnetGroup", **group)


class Prepared:
    """An account with a replication instance and, once asked for, endpoints."""

    def __init__(self, account: Account) -> None:
        self.account = account
        account.role("dms-vpc-role", "AmazonDMSVPCManagementRole")
        account.role("dms-cloudwatch-logs-role", "AmazonDMSCloudWatchLogsRole")
        group = {
            "ReplicationSubnetGroupIdentifier": "g",
            "ReplicationSubnetGroupDescription": "g",
            "SubnetIds": account.subnets,
        }
        account.dms("CreateReplicationSubnetGroup", **group)
        self.secret = account.call("secretsmanager", "CreateSecret", Name="login")["ARN"]
        self.put(username="u", password="p", host="h", port=5432)
        self.access = account.role("access", service=f"dms.{REGION}.amazonaws.com")

    def put(self, **login: Any) -> None:
        self.account.call("secretsmanager", "PutSecretValue", SecretId=self.secret, SecretString=json.dumps(login))

    def allow(self) -> None:
        statement = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": self.secret}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.account.call("iam", "PutRolePolicy", RoleName="access", PolicyName="read", PolicyDocument=document)

    def instance(self, **params: Any) -> str:
        asked = {
            "ReplicationInstanceIdentifier": "mover",
            "ReplicationInstanceClass": "dms.t3.medium",
            "ReplicationSubnetGroupIdentifier": "g",
            "VpcSecurityGroupIds": [self.account.group],
            **params,
        }
        return str(self.account.dms("CreateReplicationInstance", **asked)["ReplicationInstance"]["ReplicationInstanceArn"])

    def endpoint(self, kind: str, **params: Any) -> str:
        asked = {
            "EndpointIdentifier": kind,
            "EndpointType": kind,
            "EngineName": "postgres",
            "SslMode": "require",
            "PostgreSQLSettings": {"SecretsManagerSecretId": self.secret, "SecretsManagerAccessRoleArn": self.access},
            **params,
        }
        return str(self.account.dms("CreateEndpoint", **asked)["Endpoint"]["EndpointArn"])


@pytest.fixture
def prepared(account: Account) -> Prepared:
    return Prepared(account)


def test_a_replication_instance_has_known_subnets_and_groups_of_their_vpc(prepared: Prepared) -> None:
    with pytest.raises(Refused, match="subnet group none does not exist"):
        prepared.instance(ReplicationSubnetGroupIdentifier="none")
    with pytest.raises(Refused, match=prepared.account.stranger):
        prepared.instance(VpcSecurityGroupIds=[prepared.account.stranger])
    arn = prepared.instance()
    (described,) = prepared.account.dms("DescribeReplicationInstances")["ReplicationInstances"]
    assert described["ReplicationInstanceArn"] == arn
    assert [one["SubnetIdentifier"] for one in described["ReplicationSubnetGroup"]["Subnets"]] == prepared.account.subnets


def test_an_endpoint_wants_a_role_that_may_read_a_secret_with_a_login(prepared: Prepared) -> None:
    with pytest.raises(Refused, match="is not configured properly"):
        prepared.endpoint("source")
    prepared.allow()
    prepared.put(username="u", password="p")
    with pytest.raises(Refused, match="lacks host, port"):
        prepared.endpoint("source")
    prepared.put(username="u", password="p;q", host="h", port=5432)
    with pytest.raises(Refused, match="character that DMS does not take"):
        prepared.endpoint("source")
    prepared.put(username="u", password="p", host="h", port=5432)
    with pytest.raises(Refused, match="CA certificate is required"):
        prepared.endpoint("source", SslMode="verify-full")
    prepared.endpoint("source")
    with pytest.raises(Refused, match="ResourceAlreadyExistsFault"):
        prepared.endpoint("source")


def test_a_task_starts_only_between_tested_endpoints(prepared: Prepared) -> None:
    prepared.allow()
    dms = prepared.account.dms
    instance, source, target = prepared.instance(), prepared.endpoint("source"), prepared.endpoint("target")
    locator = {"schema-name": "public", "table-name": "%"}
    rule = {"rule-type": "selection", "rule-id": "1", "rule-name": "1", "object-locator": locator, "rule-action": "include"}
    task = {
        "ReplicationTaskIdentifier": "task",
        "SourceEndpointArn": source,
        "TargetEndpointArn": target,
        "ReplicationInstanceArn": instance,
        "MigrationType": "full-load-and-cdc",
        "TableMappings": json.dumps({"rules": [rule]}),
    }
    for broken in (
        {"SourceEndpointArn": target},
        {"ReplicationInstanceArn": f"{instance}X"},
        {"TableMappings": json.dumps({"rules": []})},
        {"TableMappings": json.dumps({"rules": [rule, rule]})},
        {"CdcStartPosition": "0/1"},
        {"ReplicationTaskSettings": json.dumps({"Logging": {"CloudWatchLogGroup": "mine"}})},
    ):
        with pytest.raises(Refused):
            dms("CreateReplicationTask", **{**task, **broken})
    arn = dms("CreateReplicationTask", **task)["ReplicationTask"]["ReplicationTaskArn"]
    start = {"ReplicationTaskArn": arn, "StartReplicationTaskType": "start-replication"}
    with pytest.raises(Refused, match="Test connection"):
        dms("StartReplicationTask", **start)


def test_a_slot_made_by_hand_goes_with_a_position_and_changes_only(prepared: Prepared) -> None:
    prepared.allow()
    settings = {
        "SecretsManagerSecretId": prepared.secret,
        "SecretsManagerAccessRoleArn": prepared.access,
        "SlotName": "by_hand",
    }
    source = prepared.endpoint("source", PostgreSQLSettings=settings)
    locator = {"schema-name": "public", "table-name": "%"}
    rule = {"rule-type": "selection", "rule-id": "1", "rule-name": "1", "object-locator": locator, "rule-action": "include"}
    task = {
        "ReplicationTaskIdentifier": "task",
        "SourceEndpointArn": source,
        "TargetEndpointArn": prepared.endpoint("target"),
        "ReplicationInstanceArn": prepared.instance(),
        "MigrationType": "cdc",
        "TableMappings": json.dumps({"rules": [rule]}),
    }
    with pytest.raises(Refused, match="A slot needs a CdcStartPosition"):
        prepared.account.dms("CreateReplicationTask", **task)
    prepared.account.dms("CreateReplicationTask", **task, CdcStartPosition="16/B374D848")
