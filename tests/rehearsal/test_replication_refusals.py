"""What S3 refuses of a replication, or takes and then fails by, is refused in the emulated account too."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.emulator import Emulator, Refused

HERE, THERE = "ap-northeast-2", "ap-northeast-1"
SOURCE, TARGET = "hybridge-source", "hybridge-target"


class Buckets:
    """Two buckets with versions in two regions, a role that may replicate one into the other, and a key in each region."""

    def __init__(self, aws: Emulator) -> None:
        self.aws = aws
        for name, region in ((SOURCE, HERE), (TARGET, THERE)):
            self.s3("CreateBucket", region, Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
            self.s3("PutBucketVersioning", region, Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        self.keys = {region: aws.call("kms", "CreateKey", {}, region=region)["KeyMetadata"]["Arn"] for region in (HERE, THERE)}
        self.role = self.make_role("replication", "s3.amazonaws.com", SOURCE, TARGET)

    def s3(self, operation: str, region: str = HERE, **params: Any) -> dict[str, Any]:
        return self.aws.call("s3", operation, params, region=region)

    def make_role(self, name: str, service: str, *buckets: str) -> str:
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        policy = {
            "Effect": "Allow",
            "Action": ["s3:GetObjectVersionForReplication", "s3:ReplicateObject"],
            "Resource": [f"arn:aws:s3:::{bucket}/*" for bucket in buckets],
        }
        documents = [json.dumps({"Version": "2012-10-17", "Statement": [statement]}) for statement in (trust, policy)]
        made = self.aws.call("iam", "CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": documents[0]}, region=HERE)
        put = {"RoleName": name, "PolicyName": name, "PolicyDocument": documents[1]}
        self.aws.call("iam", "PutRolePolicy", put, region=HERE)
        return str(made["Role"]["Arn"])

    def rule(self, **changes: Any) -> dict[str, Any]:
        rule = {
            "ID": "every-file",
            "Priority": 1,
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Enabled"},
            "SourceSelectionCriteria": {
                "SseKmsEncryptedObjects": {"Status": "Enabled"},
                "ReplicaModifications": {"Status": "Disabled"},
            },
            "Destination": self.destination(),
        }
        return {key: value for key, value in {**rule, **changes}.items() if value is not None}

    def destination(self, **changes: Any) -> dict[str, Any]:
        destination = {
            "Bucket": f"arn:aws:s3:::{TARGET}",
            "StorageClass": "INTELLIGENT_TIERING",
            "EncryptionConfiguration": {"ReplicaKmsKeyID": self.keys[THERE]},
            "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
            "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
        }
        return {key: value for key, value in {**destination, **changes}.items() if value is not None}

    def replicate(self, rule: dict[str, Any], role: str | None = None) -> None:
        configuration = {"Role": role or self.role, "Rules": [rule]}
        self.s3("PutBucketReplication", Bucket=SOURCE, ReplicationConfiguration=configuration)


@pytest.fixture
def buckets() -> Iterator[Buckets]:
    with Emulator() as aws:
        yield Buckets(aws)


def test_a_rule_reads_back_as_it_was_put(buckets: Buckets) -> None:
    buckets.replicate(buckets.rule())
    found = buckets.s3("GetBucketReplication", Bucket=SOURCE)["ReplicationConfiguration"]
    assert found == {"Role": buckets.role, "Rules": [buckets.rule()]}


def test_a_rule_for_tags_reads_back_too(buckets: Buckets) -> None:
    chosen = {"And": {"Prefix": "reports/", "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}}
    buckets.replicate(buckets.rule(Filter=chosen))
    (rule,) = buckets.s3("GetBucketReplication", Bucket=SOURCE)["ReplicationConfiguration"]["Rules"]
    assert rule["Filter"] == chosen


@pytest.mark.parametrize(("bucket", "region"), [(SOURCE, HERE), (TARGET, THERE)])
def test_both_buckets_keep_versions(buckets: Buckets, bucket: str, region: str) -> None:
    buckets.s3("PutBucketVersioning", region, Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    with pytest.raises(Refused, match="ersioning"):
        buckets.replicate(buckets.rule())


REFUSED: dict[str, tuple[Callable[[Buckets], dict[str, Any]], str]] = {
    "a bucket that is not there": (lambda b: b.rule(Destination=b.destination(Bucket="arn:aws:s3:::nobody")), "must exist"),
    "a key of the source's region": (
        lambda b: b.rule(Destination=b.destination(EncryptionConfiguration={"ReplicaKmsKeyID": b.keys[HERE]})),
        f"is not in {THERE}",
    ),
    "encrypted objects without a key for the replicas": (
        lambda b: b.rule(Destination=b.destination(EncryptionConfiguration=None)),
        "specified together",
    ),
    "a key for the replicas without encrypted objects": (lambda b: b.rule(SourceSelectionCriteria=None), "specified together"),
    "a filter without a word on delete markers": (lambda b: b.rule(DeleteMarkerReplication=None), "DeleteMarkerReplication"),
    "time control without metrics": (lambda b: b.rule(Destination=b.destination(Metrics=None)), "Metrics must be enabled"),
    "another time": (
        lambda b: b.rule(Destination=b.destination(ReplicationTime={"Status": "Enabled", "Time": {"Minutes": 30}})),
        "15 minutes",
    ),
    "a threshold without time control": (lambda b: b.rule(Destination=b.destination(ReplicationTime=None)), "EventThreshold"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused(buckets: Buckets, case: str) -> None:
    rule, message = REFUSED[case]
    with pytest.raises(Refused, match=message):
        buckets.replicate(rule(buckets))


def test_the_role_is_one_that_s3_takes_and_that_may_replicate_these_buckets(buckets: Buckets) -> None:
    with pytest.raises(Refused, match="does not exist"):
        buckets.replicate(buckets.rule(), "arn:aws:iam::123456789012:role/nobody")
    with pytest.raises(Refused, match="cannot assume it"):
        buckets.replicate(buckets.rule(), buckets.make_role("stranger", "ec2.amazonaws.com", SOURCE, TARGET))
    with pytest.raises(Refused, match=f"may not replicate .*{TARGET}"):
        buckets.replicate(buckets.rule(), buckets.make_role("other", "s3.amazonaws.com", SOURCE))
