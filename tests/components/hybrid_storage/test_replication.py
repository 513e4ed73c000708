"""The files of another region: replicated, served, not yet written, and at last replicated back."""

import json
from typing import Any

import pytest

from components.hybrid_storage import policies
from tests.components.hybrid_storage.support import ACTIVE, TAGS, storage
from tests.recorder import ACCOUNT, REGION, Graph

CONFIG = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
POLICY = "aws:iam/rolePolicy:RolePolicy"
OTHER = "eu-west-1"
OTHERS_KEY = f"arn:aws:kms:{OTHER}:{ACCOUNT}:key/other"
HERE = {"bucket_arn": "arn:aws:s3:::here", "key_arn": "arn:key-here", "region": REGION}
THERE = {"bucket_arn": "arn:aws:s3:::there", "key_arn": "arn:key-there", "region": OTHER}


def replicated(section: dict[str, Any] | None = None, *, read_only: bool = False, **choices: bool) -> Graph:
    other = {
        "bucket_name": "others-files",
        "bucket_arn": "arn:aws:s3:::others-files",
        "kms_key_arn": OTHERS_KEY,
        "region": OTHER,
        "delete_markers": False,
        "replica_modifications": False,
        "replication_time_control": False,
        "reverse": False,
        **choices,
    }
    return storage(section, replicate_from=other, read_only=read_only)


def test_every_file_is_replicated_by_a_rule_on_the_other_bucket_in_its_own_region() -> None:
    graph = replicated()
    assert graph.one(CONFIG).inputs == {
        "bucket": "others-files",
        "region": OTHER,
        "role": f"arn:aws:iam:{REGION}:{ACCOUNT}:Role/storage-replication",
        "rules": [
            {
                "id": "every-file",
                "priority": 1,
                "status": "Enabled",
                "filter": {},
                "deleteMarkerReplication": {"status": "Disabled"},
                "sourceSelectionCriteria": {
                    "sseKmsEncryptedObjects": {"status": "Enabled"},
                    "replicaModifications": {"status": "Disabled"},
                },
                "destination": {
                    "bucket": "arn:aws:s3:::storage-files",
                    "storageClass": "INTELLIGENT_TIERING",
                    "encryptionConfiguration": {"replicaKmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/storage-key"},
                    "metrics": {"status": "Enabled"},
                },
            }
        ],
    }


def test_nothing_is_replicated_before_versions_are_kept_and_the_role_has_its_rights() -> None:
    graph = replicated()
    versioning = graph.one("aws:s3/bucketVersioning:BucketVersioning")
    assert {versioning.urn, graph.one(POLICY, "storage-replication").urn} <= graph.one(CONFIG).dependencies


def test_each_choice_changes_its_part_of_the_rule() -> None:
    (rule,) = (
        replicated(delete_markers=True, replica_modifications=True, replication_time_control=True).one(CONFIG).inputs["rules"]
    )
    assert rule["deleteMarkerReplication"] == {"status": "Enabled"}
    assert rule["sourceSelectionCriteria"]["replicaModifications"] == {"status": "Enabled"}
    assert rule["destination"]["replicationTime"] == {"status": "Enabled", "time": {"minutes": 15}}
    assert rule["destination"]["metrics"] == {"status": "Enabled", "eventThreshold": {"minutes": 15}}


def test_replicas_go_at_once_to_the_class_after_the_hot_one() -> None:
    (rule,) = replicated({"tierClass": "STANDARD_IA", "hotDays": 30}).one(CONFIG).inputs["rules"]
    assert rule["destination"]["storageClass"] == "STANDARD_IA"


def test_the_role_is_for_s3_and_this_bucket_alone() -> None:
    trust = json.loads(replicated().one("aws:iam/role:Role", "storage-replication").inputs["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:s3:::others-files"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }


def test_the_role_reads_there_and_writes_here_each_with_its_own_key() -> None:
    document = policies.replication_access(source=THERE, destination=HERE, delete_markers=True)
    rights = {statement["Sid"]: statement for statement in document["Statement"]}
    assert {sid: (statement["Action"], statement["Resource"]) for sid, statement in rights.items()} == {
        "SeeTheSource": (["s3:GetReplicationConfiguration", "s3:ListBucket"], "arn:aws:s3:::there"),
        "ReadVersions": (
            ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
            "arn:aws:s3:::there/*",
        ),
        "WriteReplicas": (["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], "arn:aws:s3:::here/*"),
        "DecryptTheSource": ("kms:Decrypt", "arn:key-there"),
        "EncryptReplicas": (["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"], "arn:key-here"),
    }
    assert rights["DecryptTheSource"]["Condition"] == {
        "StringEquals": {"kms:ViaService": f"s3.{OTHER}.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::there", "arn:aws:s3:::there/*"]},
    }
    assert rights["EncryptReplicas"]["Condition"]["StringEquals"] == {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}


def test_the_role_deletes_nothing_unless_deletions_are_replicated() -> None:
    document = policies.replication_access(source=THERE, destination=HERE, delete_markers=False)
    assert "s3:ReplicateDelete" not in json.dumps(document)


def test_the_way_back_is_a_rule_on_this_bucket() -> None:
    graph = replicated(reverse=True)
    back = graph.one(CONFIG, "storage-reverse").inputs
    assert (back["bucket"], back["region"]) == ("storage-files", REGION)
    destination = back["rules"][0]["destination"]
    assert destination["bucket"] == "arn:aws:s3:::others-files"
    assert destination["encryptionConfiguration"] == {"replicaKmsKeyId": OTHERS_KEY}
    assert "storageClass" not in destination
    assert graph.one(CONFIG, "storage-replication").inputs == replicated().one(CONFIG).inputs


@pytest.mark.parametrize("read_only", [False, True])
def test_nobody_writes_the_files_of_another_region(read_only: bool) -> None:
    graph = replicated({**ACTIVE, "awsWrites": True}, read_only=read_only)
    share = graph.one("aws:storagegateway/nfsFileShare:NfsFileShare").inputs
    assert share.get("readOnly", False) is read_only
    assert share["locationArn"] == "arn:aws:s3:::storage-files"
    access = graph.one("aws:iam/policy:Policy").inputs["policy"]
    assert ("s3:PutObject" in access) is not read_only


def test_without_another_region_nothing_is_replicated() -> None:
    assert storage().created(CONFIG) == []


def test_the_roles_have_the_tags() -> None:
    for role in replicated(reverse=True).created("aws:iam/role:Role"):
        assert role.inputs["tags"] == {**TAGS, "Name": role.name}
