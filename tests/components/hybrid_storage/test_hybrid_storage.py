"""HybridStorage: the bucket, the way in for hosts, and EFS."""

import json
from typing import Any

import pytest

from tests.components.hybrid_storage.support import ACTIVE, CIDRS, TAGS, storage
from tests.recorder import ACCOUNT, REGION, Graph

BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/storage-key"
EVERYTHING: dict[str, Any] = {
    "fileGateway": {**ACTIVE["fileGateway"], "nfs": {"prefix": "unix/"}, "smb": {"guestPassword": "secret12"}},
    "efs": {"enabled": True, "onPremises": True},
}
REGIONLESS = ("aws:iam/", "hybridge:")
UNTAGGABLE = (
    "aws:kms/alias:Alias",
    "aws:s3/bucketVersioning:",
    "aws:s3/bucketPublicAccessBlock:",
    "aws:s3/bucketOwnershipControls:",
    "aws:s3/bucketServerSideEncryptionConfiguration:",
    "aws:s3/bucketLifecycleConfiguration:",
    "aws:s3/bucketLogging:",
    "aws:s3/bucketPolicy:",
    "aws:efs/backupPolicy:",
    "aws:efs/fileSystemPolicy:",
    "aws:efs/mountTarget:",
    "aws:iam/rolePolicy:",
    "aws:storagegateway/cache:",
)


def outputs(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = graph.outputs[graph.one("hybridge:index:HybridStorage").urn]
    return found


def test_without_an_activation_key_and_efs_there_are_two_buckets_a_key_and_a_policy() -> None:
    graph = storage()
    assert sorted(resource.type.split(":")[-1] for resource in graph.resources if resource.custom) == [
        "Alias",
        "Bucket",
        "Bucket",
        "BucketLifecycleConfiguration",
        "BucketLifecycleConfiguration",
        "BucketLogging",
        "BucketOwnershipControls",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
        "Key",
        "Policy",
    ]


def test_every_child_has_its_region_its_tags_and_a_parent_in_the_component() -> None:
    graph = storage(EVERYTHING)
    root = graph.one("hybridge:index:HybridStorage").urn
    parents = {resource.urn for resource in graph.resources}
    for child in graph.resources:
        if child.urn == root:
            continue
        assert child.parent in parents, child.name
        if not child.type.startswith(REGIONLESS):
            assert child.inputs["region"] == REGION, child.name
        if child.custom and not child.type.startswith(UNTAGGABLE):
            assert child.inputs["tags"] == {**TAGS, "Name": child.name}, child.name


def test_what_is_protected_survives_a_destroy() -> None:
    graph = storage(EVERYTHING, protected=True)
    assert sorted(resource.name for resource in graph.resources if resource.protect) == [
        "storage-efs",
        "storage-efs",  # the file system, and the access point, whose owner cannot be another
        "storage-files",
        "storage-files-logs",
        "storage-gateway",
        "storage-key",
    ]
    # Deleting the gateway's record in AWS is of no use to the VM, so that it alone is not kept.
    assert {resource.name for resource in graph.resources if resource.retain_on_delete} == {
        "storage-efs",
        "storage-files",
        "storage-files-logs",
        "storage-key",
    }
    assert all(bucket.inputs["forceDestroy"] is False for bucket in graph.created(BUCKET))


def test_what_is_not_protected_is_deleted_with_its_files() -> None:
    graph = storage(EVERYTHING)
    kept = [resource.type for resource in graph.resources if resource.protect or resource.retain_on_delete]
    assert kept == [VERSIONING], "S3 refuses to suspend the versions of a bucket that another stack replicates"
    assert all(bucket.inputs["forceDestroy"] is True for bucket in graph.created(BUCKET))


def test_the_key_rotates() -> None:
    key = storage().one("aws:kms/key:Key")
    assert (key.inputs["enableKeyRotation"], key.inputs["deletionWindowInDays"]) == (True, 30)


def test_the_bucket_is_versioned_and_encrypted_with_the_key_by_way_of_a_bucket_key() -> None:
    graph = storage()
    assert graph.one("aws:s3/bucketVersioning:BucketVersioning").inputs == {
        "bucket": "storage-files",
        "versioningConfiguration": {"status": "Enabled"},
        "region": REGION,
    }
    encryption = graph.one(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "storage-files"
    )
    assert encryption.inputs["rules"] == [
        {
            "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY_ARN},
            "bucketKeyEnabled": True,
        }
    ]


def test_the_log_bucket_is_encrypted_with_the_keys_of_s3_which_log_delivery_needs() -> None:
    encryption = storage().one(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "storage-files-logs"
    )
    assert encryption.inputs["rules"] == [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]


@pytest.mark.parametrize("name", ["storage-files", "storage-files-logs"])
def test_neither_bucket_can_be_opened_to_the_public_or_by_acl(name: str) -> None:
    graph = storage()
    assert graph.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name).inputs == {
        "bucket": name,
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
        "region": REGION,
    }
    ownership = graph.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls", name)
    assert ownership.inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_requests_are_logged_once_the_log_bucket_lets_them_in() -> None:
    graph = storage()
    logging = graph.one("aws:s3/bucketLogging:BucketLogging")
    assert logging.inputs == {
        "bucket": "storage-files",
        "targetBucket": "storage-files-logs",
        "targetPrefix": "",
        "targetObjectKeyFormat": {"partitionedPrefix": {"partitionDateSource": "EventTime"}},
        "region": REGION,
    }
    policy = graph.one("aws:s3/bucketPolicy:BucketPolicy", "storage-files-logs")
    assert policy.urn in logging.dependencies
    write = json.loads(policy.inputs["policy"])["Statement"][0]
    assert write["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:s3:::storage-files"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }


def test_the_lifecycle_comes_after_versioning() -> None:
    graph = storage({"hotDays": 30, "tierClass": "STANDARD_IA", "archiveDays": 90, "archiveClass": "DEEP_ARCHIVE"})
    rules = graph.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "storage-files")
    assert graph.one("aws:s3/bucketVersioning:BucketVersioning").urn in rules.dependencies
    assert rules.inputs["rules"][0]["transitions"] == [
        {"days": 30, "storageClass": "STANDARD_IA"},
        {"days": 90, "storageClass": "DEEP_ARCHIVE"},
    ]
    assert rules.inputs["transitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"


def test_the_bucket_has_the_name_it_is_given() -> None:
    graph = storage({"bucketName": "acme-files"})
    assert graph.one(BUCKET, "storage-files").inputs["bucket"] == "acme-files"
    assert "bucket" not in storage().one(BUCKET, "storage-files").inputs


def test_a_backup_plan_selects_bucket_and_file_system_by_tag_and_efs_then_keeps_no_backups_of_its_own() -> None:
    graph = storage({"efs": {"enabled": True}}, backup_tag="test")
    tagged = {resource.name for resource in graph.resources if "Backup" in resource.inputs.get("tags", {})}
    assert tagged == {"storage-files", "storage-efs"}
    assert graph.one(BUCKET, "storage-files").inputs["tags"]["Backup"] == "test"
    assert graph.one("aws:efs/backupPolicy:BackupPolicy").inputs["backupPolicy"] == {"status": "DISABLED"}


@pytest.mark.parametrize("writes", [False, True])
def test_hosts_may_write_only_if_aws_writes(writes: bool) -> None:
    policy = json.loads(storage({"awsWrites": writes}).one("aws:iam/policy:Policy").inputs["policy"])
    assert any("s3:PutObject" in statement["Action"] for statement in policy["Statement"]) is writes


def test_hosts_reach_only_what_the_nfs_share_shows() -> None:
    policy = json.loads(storage(EVERYTHING).one("aws:iam/policy:Policy").inputs["policy"])
    assert policy["Statement"][1]["Resource"] == "arn:aws:s3:::storage-files/unix/*"


def test_outputs_tell_hosts_what_to_mount_and_humans_how_to_get_the_key() -> None:
    assert {key: value for key, value in outputs(storage()).items() if value is not None} == {
        "bucket_name": "storage-files",
        "bucket_arn": "arn:aws:s3:::storage-files",
        "kms_key_arn": KEY_ARN,
        "mount_path": "/mnt/files",
        "access_policy_arn": f"arn:aws:iam:{REGION}:{ACCOUNT}:Policy/storage-access",
        "gateway_activation_request": (
            f'curl "http://GATEWAY_ADDRESS/?gatewayType=FILE_S3&activationRegion={REGION}&no_redirect"'
        ),
        "gateway_name": "hybridge-files",
        "gateway_arns": {},
    }


def test_efs_is_encrypted_and_has_a_mount_target_in_every_zone() -> None:
    graph = storage({"efs": {"enabled": True}})
    assert graph.one("aws:efs/fileSystem:FileSystem").inputs == {
        "encrypted": True,
        "kmsKeyId": KEY_ARN,
        "performanceMode": "generalPurpose",
        "throughputMode": "elastic",
        "lifecyclePolicies": [
            {"transitionToIa": "AFTER_7_DAYS"},
            {"transitionToArchive": "AFTER_365_DAYS"},
            {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
        ],
        "region": REGION,
        "tags": {**TAGS, "Name": "storage-efs"},
    }
    targets = {target.name: target.inputs["subnetId"] for target in graph.created("aws:efs/mountTarget:MountTarget")}
    assert targets == {"storage-efs-2a": "subnet-a", "storage-efs-2c": "subnet-c"}
    assert graph.one("aws:efs/backupPolicy:BackupPolicy").inputs["backupPolicy"] == {"status": "ENABLED"}


def test_efs_lets_everybody_work_as_one_user() -> None:
    point = storage({"efs": {"enabled": True, "ownerId": 1234, "groupId": 2345}}).one("aws:efs/accessPoint:AccessPoint")
    assert point.inputs["posixUser"] == {"uid": 1234, "gid": 2345}
    assert point.inputs["rootDirectory"] == {
        "path": "/files",
        "creationInfo": {"ownerUid": 1234, "ownerGid": 2345, "permissions": "0750"},
    }


@pytest.mark.parametrize(("open_", "cidrs"), [(False, []), (True, CIDRS)])
def test_efs_admits_nobody_but_on_premises_if_asked_to(open_: bool, cidrs: list[str]) -> None:
    graph = storage({"efs": {"enabled": True, "onPremises": open_}})
    rules = graph.created("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert sorted(rule.inputs["cidrIpv4"] for rule in rules) == cidrs
    assert all(
        (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == ("tcp", 2049, 2049) for rule in rules
    )
    group = graph.one("aws:ec2/securityGroup:SecurityGroup").inputs
    assert not {"ingress", "egress"} & group.keys()


def test_a_lock_keeps_every_version_and_is_made_once_there_are_versions() -> None:
    graph = storage({"objectLock": {"mode": "compliance", "days": 365}})
    lock = graph.one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": "COMPLIANCE", "days": 365}}
    assert graph.one("aws:s3/bucketVersioning:BucketVersioning").urn in lock.asked_to_wait_for
    assert storage().created("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration") == []


def test_another_owner_of_efs_is_refused_where_data_is_protected() -> None:
    point = storage({"efs": {"enabled": True}}, protected=True).one("aws:efs/accessPoint:AccessPoint")
    assert point.protect
