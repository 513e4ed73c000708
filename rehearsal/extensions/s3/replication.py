"""S3: replication, with the checks that AWS makes, those that it does not make but fails by, and rules that read back whole."""

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import ReplicationConfigurationNotFoundError, S3ClientError
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response

from rehearsal.extend import backend

MINUTES = 15
LISTS = frozenset({"Tag"})
"""Elements of which there may be several."""
NUMBERS = frozenset({"Priority", "Minutes"})


def _invalid(message: str, code: str = "InvalidRequest") -> S3ClientError:
    return S3ClientError(code, message)


def _put(self: S3Backend, bucket_name: str, replication: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html

    S3 itself takes a role that may not replicate, or a key of another region, and then replicates nothing: both are refused.
    """
    source = self.get_bucket(bucket_name)
    rules = replication["Rule"] if isinstance(replication["Rule"], list) else [replication["Rule"]]
    for rule in rules:
        destination = rule["Destination"]
        arn = destination["Bucket"]
        target = self.buckets.get(arn.rsplit(":", maxsplit=1)[-1])
        if target is None:
            raise _invalid("Destination bucket must exist.")
        if not target.is_versioned:
            raise _invalid("Destination bucket must have versioning enabled.")
        _check_schema(rule)
        _check_timing(destination)
        _check_role(self.account_id, replication["Role"], f"arn:aws:s3:::{source.name}", arn)
        _check_key(self.account_id, rule, destination, target.region_name)
    ids = [rule.get("ID") for rule in rules]
    if len(set(ids)) < len(ids):
        raise _invalid("Rule ID must be unique.", "InvalidArgument")
    source.replication = {"Role": replication["Role"], "Rule": rules}  # type: ignore[attr-defined]


def _check_schema(rule: dict[str, Any]) -> None:
    if "Filter" not in rule:
        return
    for needed in ("DeleteMarkerReplication", "Priority"):
        if needed not in rule:
            raise _invalid(f"{needed} must be specified for this version of Cross Region Replication configuration schema.")


def _check_timing(destination: dict[str, Any]) -> None:
    metrics, time = destination.get("Metrics", {}), destination.get("ReplicationTime", {})
    if time.get("Status") != "Enabled":
        if "EventThreshold" in metrics:
            raise _invalid("Metrics cannot have an EventThreshold without ReplicationTime.")
        return
    if metrics.get("Status") != "Enabled":
        raise _invalid("Metrics must be enabled with ReplicationTime.")
    for minutes in (time.get("Time", {}).get("Minutes"), metrics.get("EventThreshold", {}).get("Minutes")):
        if int(minutes or 0) != MINUTES:
            raise _invalid(f"ReplicationTime and EventThreshold must be {MINUTES} minutes.")


def _check_role(account: str, arn: str, source: str, destination: str) -> None:
    role = next((one for one in backend("iam", account, "us-east-1").roles.values() if one.arn == arn), None)
    if role is None or "s3.amazonaws.com" not in json.dumps(role.assume_role_policy_document):
        raise _invalid(f"The role {arn} does not exist, or S3 cannot assume it.", "InvalidArgument")
    rights = " ".join(text if isinstance(text, str) else json.dumps(text) for text in role.policies.values())
    for needed in ("s3:GetObjectVersionForReplication", "s3:ReplicateObject", source, destination):
        if needed not in rights:
            raise _invalid(
                f"The role {arn} may not replicate {source} to {destination}: nothing would be ({needed} is missing)."
            )


def _check_key(account: str, rule: dict[str, Any], destination: dict[str, Any], region: str) -> None:
    key = destination.get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID")
    encrypted = rule.get("SourceSelectionCriteria", {}).get("SseKmsEncryptedObjects", {}).get("Status") == "Enabled"
    if encrypted != (key is not None):
        raise _invalid("EncryptionConfiguration and SseKmsEncryptedObjects must be specified together.")
    if key is None:
        return
    if key.split(":")[3] != region or key.rsplit("/", maxsplit=1)[-1] not in backend("kms", account, region).keys:
        raise _invalid(f"The key {key} is not in {region}, where the replicas go: nothing would be replicated.")


def _get(self: S3Response) -> Any:
    self.data["Action"] = "GetBucketReplication"
    kept = self.backend.get_bucket_replication(self.bucket_name)
    if not kept:
        raise ReplicationConfigurationNotFoundError(bucket_name=self.bucket_name)
    rules = [_members(rule) for rule in kept["Rule"]]
    return self.serialized(ActionResult({"ReplicationConfiguration": {"Role": kept["Role"], "Rules": rules}}))


def _members(element: Any, name: str = "") -> Any:
    """An element of the request as a member of the answer: empty elements are empty texts, numbers are numbers."""
    if isinstance(element, dict):
        return {key + "s" * (name == "And" and key in LISTS): _members(item, key) for key, item in element.items()}
    if isinstance(element, list):
        return [_members(item) for item in element]
    return int(element) if name in NUMBERS else element or ""


# S3 is no service of one method an operation in moto, which `extend.operation` could replace.
S3Backend.put_bucket_replication = _put  # type: ignore[method-assign]
S3Response.get_bucket_replication = _get  # type: ignore[method-assign]
