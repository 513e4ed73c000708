"""What RDS and Secrets Manager refuse between two regions is refused in the emulated account too."""

from collections.abc import Iterator
from typing import Any

import pulumi_aws as aws
import pytest

from rehearsal.emulator import Emulator, Refused
from tests.rehearsal.support import rehearsed

HERE, THERE = "ap-northeast-2", "ap-northeast-1"
ACCOUNT = "123456789012"


class Regions:
    """Two regions, each with a key and a network that takes databases."""

    def __init__(self, emulator: Emulator) -> None:
        self.aws = emulator
        self.keys = {}
        for region in (HERE, THERE):
            self.keys[region] = emulator.call("kms", "CreateKey", {}, region=region)["KeyMetadata"]["Arn"]
            vpc = emulator.call("ec2", "CreateVpc", {"CidrBlock": "10.0.0.0/16"}, region=region)["Vpc"]["VpcId"]
            subnets = [
                emulator.call("ec2", "CreateSubnet", {**place, "VpcId": vpc}, region=region)["Subnet"]["SubnetId"]
                for place in (
                    {"CidrBlock": "10.0.0.0/24", "AvailabilityZone": f"{region}a"},
                    {"CidrBlock": "10.0.1.0/24", "AvailabilityZone": f"{region}c"},
                )
            ]
            self.rds("CreateDBSubnetGroup", region, DBSubnetGroupName="db", DBSubnetGroupDescription="db", SubnetIds=subnets)

    def rds(self, operation: str, region: str = THERE, **params: Any) -> dict[str, Any]:
        given = {key: value for key, value in params.items() if value is not None}
        return self.aws.call("rds", operation, given, region=region)

    def source(self, **params: Any) -> str:
        asked = {
            "DBInstanceIdentifier": "db",
            "DBInstanceClass": "db.m6g.large",
            "Engine": "postgres",
            "EngineVersion": "17",
            "AllocatedStorage": 50,
            "StorageType": "gp3",
            "MasterUsername": "dbadmin",
            "MasterUserPassword": "long-enough",
            "DBSubnetGroupName": "db",
            "StorageEncrypted": True,
            "KmsKeyId": self.keys[HERE],
            "BackupRetentionPeriod": 7,
            **params,
        }
        return str(self.rds("CreateDBInstance", HERE, **asked)["DBInstance"]["DBInstanceArn"])

    def replica(self, source: str, **params: Any) -> dict[str, Any]:
        asked = {
            "DBInstanceIdentifier": "copy",
            "SourceDBInstanceIdentifier": source,
            "DBSubnetGroupName": "db",
            "KmsKeyId": self.keys[THERE],
            **params,
        }
        return self.rds("CreateDBInstanceReadReplica", **asked)

    def replicate_backups(self, source: str, **params: Any) -> str:
        asked = {"SourceDBInstanceArn": source, "KmsKeyId": self.keys[THERE], **params}
        made = self.rds("StartDBInstanceAutomatedBackupsReplication", **asked)["DBInstanceAutomatedBackup"]
        return str(made["DBInstanceAutomatedBackupsArn"])

    def restore(self, **params: Any) -> dict[str, Any]:
        asked = {
            "TargetDBInstanceIdentifier": "restored",
            "UseLatestRestorableTime": True,
            "DBSubnetGroupName": "db",
            **params,
        }
        return self.rds("RestoreDBInstanceToPointInTime", **asked)


@pytest.fixture
def regions() -> Iterator[Regions]:
    with Emulator() as emulator:
        yield Regions(emulator)


def test_the_source_of_a_replica_is_there_and_has_backups(regions: Regions) -> None:
    with pytest.raises(Refused, match="DBInstanceNotFound"):
        regions.replica(f"arn:aws:rds:{HERE}:{ACCOUNT}:db:nobody")
    source = regions.source(BackupRetentionPeriod=0)
    with pytest.raises(Refused, match="Automated backups are not enabled"):
        regions.replica(source)


def test_a_source_of_another_region_is_known_by_its_arn_only(regions: Regions) -> None:
    regions.source()
    with pytest.raises(Refused, match="DBInstanceNotFound"):
        regions.replica("db")


def test_an_encrypted_replica_wants_a_key_of_its_own_region(regions: Regions) -> None:
    source = regions.source()
    with pytest.raises(Refused, match="unencrypted read replica from encrypted source"):
        regions.replica(source, KmsKeyId=None)
    with pytest.raises(Refused, match=f"does not exist in {THERE}"):
        regions.replica(source, KmsKeyId=regions.keys[HERE])
    regions.replica(source)


def test_a_replica_wants_a_subnet_group_of_its_own_region(regions: Regions) -> None:
    with pytest.raises(Refused, match="DBSubnetGroupNotFound"):
        regions.replica(regions.source(), DBSubnetGroupName="elsewhere")


def test_only_a_replica_is_promoted_and_only_once(regions: Regions) -> None:
    regions.replica(regions.source())
    promoted = regions.rds("PromoteReadReplica", DBInstanceIdentifier="copy", BackupRetentionPeriod=7)["DBInstance"]
    assert "ReadReplicaSourceDBInstanceIdentifier" not in promoted
    with pytest.raises(Refused, match="is not a read replica"):
        regions.rds("PromoteReadReplica", DBInstanceIdentifier="copy")


def test_backups_are_replicated_to_another_region_once_under_a_key_of_it(regions: Regions) -> None:
    source = regions.source()
    with pytest.raises(Refused, match="must be in a different AWS Region"):
        regions.rds("StartDBInstanceAutomatedBackupsReplication", HERE, SourceDBInstanceArn=source)
    for key, told in ((None, "KMS key of the destination"), (regions.keys[HERE], f"does not exist in {THERE}")):
        with pytest.raises(Refused, match=told):
            regions.replicate_backups(source, KmsKeyId=key)
    with pytest.raises(Refused, match="retention period"):
        regions.replicate_backups(source, BackupRetentionPeriod=36)
    regions.replicate_backups(source)
    with pytest.raises(Refused, match="already"):
        regions.replicate_backups(source)


def test_without_backups_there_is_nothing_to_replicate(regions: Regions) -> None:
    with pytest.raises(Refused, match="Automated backups are not enabled"):
        regions.replicate_backups(regions.source(BackupRetentionPeriod=0))


def test_a_restore_has_one_source_that_is_there_and_one_moment(regions: Regions) -> None:
    backups = {"SourceDBInstanceAutomatedBackupsArn": regions.replicate_backups(regions.source())}
    with pytest.raises(Refused, match="Exactly one of SourceDBInstanceAutomatedBackupsArn"):
        regions.restore()
    with pytest.raises(Refused, match="Exactly one of RestoreTime"):
        regions.restore(**backups, UseLatestRestorableTime=None)
    with pytest.raises(Refused, match="AutomatedBackupNotFound"):
        regions.restore(SourceDBInstanceAutomatedBackupsArn=f"arn:aws:rds:{THERE}:{ACCOUNT}:auto-backup:ab-none")
    assert regions.restore(**backups)["DBInstance"]["KmsKeyId"] == regions.keys[THERE]
    with pytest.raises(Refused, match="already exists"):
        regions.restore(**backups)


def test_backups_outlive_their_instance(regions: Regions) -> None:
    arn = regions.replicate_backups(regions.source())
    regions.rds("DeleteDBInstance", HERE, DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    assert regions.restore(SourceDBInstanceAutomatedBackupsArn=arn)["DBInstance"]["Engine"] == "postgres"


def test_a_replica_of_a_secret_has_a_key_of_its_own_region(regions: Regions) -> None:
    def create(name: str, region: str, key: str) -> dict[str, Any]:
        asked = {"Name": name, "SecretString": "x", "AddReplicaRegions": [{"Region": region, "KmsKeyId": key}]}
        return regions.aws.call("secretsmanager", "CreateSecret", asked, region=HERE)

    with pytest.raises(Refused, match=f"is not in {THERE}"):
        create("a", THERE, regions.keys[HERE])
    with pytest.raises(Refused, match="Invalid replica region"):
        create("b", HERE, regions.keys[HERE])
    arn = create("c", THERE, regions.keys[THERE])["ARN"].replace(HERE, THERE)
    assert regions.aws.call("secretsmanager", "GetSecretValue", {"SecretId": arn}, region=THERE)["SecretString"] == "x"


def test_an_instance_of_nothing_is_a_promoted_replica_or_refused() -> None:
    """Without a source in another region nobody knows what was promoted."""
    with rehearsed(lambda: aws.rds.Instance("lost", identifier="lost", instance_class="db.m6g.large")) as result:
        assert "Engine is needed, unless this is a promoted read replica" in result.report
