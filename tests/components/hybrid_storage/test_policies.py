"""Policy documents: what each lets whom do, and nothing more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.hybrid_storage import policies
from components.policy_documents import Document

BUCKET, KEY = "arn:aws:s3:::files", "arn:aws:kms:ap-northeast-2:123456789012:key/1"
FILE_SYSTEM = "arn:aws:elasticfilesystem:ap-northeast-2:123456789012:file-system/fs-1"
ACCESS_POINT = "arn:aws:elasticfilesystem:ap-northeast-2:123456789012:access-point/fsap-1"
GATEWAY = "arn:aws:storagegateway:ap-northeast-2:123456789012:gateway/sgw-1"

DOCUMENTS = {
    "key": policies.key_policy(partition="aws", account="123456789012", region="ap-northeast-2", log_group_prefix="s-"),
    "files": policies.files_bucket_policy(bucket_arn=BUCKET),
    "logs": policies.log_bucket_policy(bucket_arn="arn:aws:s3:::logs", source_arn=BUCKET, account="123456789012"),
    "trust": policies.gateway_trust(gateway_arn=GATEWAY, account="123456789012"),
    "gateway": policies.gateway_access(bucket_arn=BUCKET, prefixes=[""], key_arn=KEY),
    "host": policies.host_access(bucket_arn=BUCKET, prefix="", key_arn=KEY, region="ap-northeast-2", writes=True),
    "efs": policies.file_system_policy(file_system_arn=FILE_SYSTEM, access_point_arn=ACCESS_POINT),
}


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def statement(document: Document, sid: str) -> dict[str, Any]:
    [found] = [statement for statement in document["Statement"] if statement["Sid"] == sid]
    return dict(found)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_statement_has_a_name_of_its_own(name: str) -> None:
    sids = [statement["Sid"] for statement in DOCUMENTS[name]["Statement"]]
    assert len(set(sids)) == len(sids)


@pytest.mark.parametrize("name", sorted(DOCUMENTS.keys() - {"key"}))
def test_no_document_but_that_of_the_key_allows_every_action_or_every_resource(name: str) -> None:
    for allowed in (statement for statement in DOCUMENTS[name]["Statement"] if statement["Effect"] == "Allow"):
        assert not any(action.endswith(":*") or action == "*" for action in listed(allowed["Action"]))
        assert allowed.get("Resource") != "*"


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_whoever_is_allowed_without_being_named_has_to_meet_a_condition(name: str) -> None:
    for allowed in (statement for statement in DOCUMENTS[name]["Statement"] if statement["Effect"] == "Allow"):
        if allowed.get("Principal") in ("*", {"AWS": "*"}) or "Service" in allowed.get("Principal", {}):
            assert allowed["Condition"]


def test_the_account_decides_about_the_key_and_log_groups_of_the_gateway_may_use_it() -> None:
    assert statement(DOCUMENTS["key"], "LetIamPoliciesOfTheAccountDecide")["Principal"] == {
        "AWS": "arn:aws:iam::123456789012:root"
    }
    logs = statement(DOCUMENTS["key"], "EncryptLogGroups")
    assert logs["Principal"] == {"Service": "logs.ap-northeast-2.amazonaws.com"}
    assert logs["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:ap-northeast-2:123456789012:log-group:s-*"}
    }


def test_without_log_groups_nobody_but_the_account_uses_the_key() -> None:
    key = policies.key_policy(partition="aws", account="123456789012", region="ap-northeast-2", log_group_prefix=None)
    assert [statement["Sid"] for statement in key["Statement"]] == ["LetIamPoliciesOfTheAccountDecide"]


def test_both_buckets_refuse_requests_without_tls_and_with_tls_below_1_2() -> None:
    for name, arn in (("files", BUCKET), ("logs", "arn:aws:s3:::logs")):
        for sid, condition in (
            ("DenyWithoutTls", {"Bool": {"aws:SecureTransport": "false"}}),
            ("DenyOldTls", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        ):
            assert statement(DOCUMENTS[name], sid) == {
                "Sid": sid,
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, f"{arn}/*"],
                "Condition": condition,
            }


def test_the_files_bucket_grants_nothing_by_its_policy() -> None:
    assert {statement["Effect"] for statement in DOCUMENTS["files"]["Statement"]} == {"Deny"}


def test_only_log_delivery_for_the_files_bucket_of_this_account_writes_logs() -> None:
    assert statement(DOCUMENTS["logs"], "WriteServerAccessLogs") == {
        "Sid": "WriteServerAccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/*",
        "Condition": {"ArnLike": {"aws:SourceArn": BUCKET}, "StringEquals": {"aws:SourceAccount": "123456789012"}},
    }


def test_the_role_of_the_shares_is_assumed_for_this_gateway_only() -> None:
    assert DOCUMENTS["trust"]["Statement"][0]["Condition"] == {
        "ArnLike": {"aws:SourceArn": GATEWAY},
        "StringEquals": {"aws:SourceAccount": "123456789012"},
    }


def test_the_gateway_writes_only_below_the_prefixes_of_its_shares() -> None:
    document = policies.gateway_access(bucket_arn=BUCKET, prefixes=["unix/", "documents/"], key_arn=KEY)
    assert statement(document, "ReadAndWriteFiles")["Resource"] == [f"{BUCKET}/unix/*", f"{BUCKET}/documents/*"]
    assert statement(DOCUMENTS["gateway"], "ReadAndWriteFiles")["Resource"] == [f"{BUCKET}/*"]
    assert statement(document, "UseTheKey")["Resource"] == KEY


def test_hosts_that_only_read_can_neither_write_nor_encrypt() -> None:
    document = policies.host_access(bucket_arn=BUCKET, prefix="", key_arn=KEY, region="ap-northeast-2", writes=False)
    assert document["Statement"] == [
        {"Sid": "ListFiles", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": BUCKET},
        {"Sid": "ReadFiles", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"{BUCKET}/*"},
        {
            "Sid": "UseTheKeyThroughS3",
            "Effect": "Allow",
            "Action": ["kms:Decrypt"],
            "Resource": KEY,
            "Condition": {"StringEquals": {"kms:ViaService": "s3.ap-northeast-2.amazonaws.com"}},
        },
    ]


def test_hosts_see_and_touch_only_what_is_below_the_prefix_of_the_share() -> None:
    document = policies.host_access(bucket_arn=BUCKET, prefix="unix/", key_arn=KEY, region="ap-northeast-2", writes=True)
    assert statement(document, "ListFiles")["Condition"] == {"StringLike": {"s3:prefix": "unix/*"}}
    assert statement(document, "ReadAndWriteFiles")["Resource"] == f"{BUCKET}/unix/*"


def test_hosts_that_write_get_what_mountpoint_needs_for_it() -> None:
    assert statement(DOCUMENTS["host"], "ReadAndWriteFiles")["Action"] == [
        "s3:GetObject",
        "s3:PutObject",
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
    ]
    assert statement(DOCUMENTS["host"], "UseTheKeyThroughS3")["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]


def test_efs_is_mounted_over_tls_by_the_access_point_and_never_as_root() -> None:
    mount = statement(DOCUMENTS["efs"], "MountByTheAccessPoint")
    assert mount["Action"] == ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    assert mount["Condition"] == {
        "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"},
        "StringEquals": {"elasticfilesystem:AccessPointArn": ACCESS_POINT},
    }
    assert statement(DOCUMENTS["efs"], "DenyWithoutTls")["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@given(st.lists(st.text(alphabet="ab/", max_size=5), min_size=1, max_size=3), st.booleans())
def test_no_document_for_hosts_or_gateway_reaches_beyond_the_bucket_and_the_key(prefixes: list[str], writes: bool) -> None:
    for document in (
        policies.gateway_access(bucket_arn=BUCKET, prefixes=prefixes, key_arn=KEY),
        policies.host_access(bucket_arn=BUCKET, prefix="", key_arn=KEY, region="ap-northeast-2", writes=writes),
    ):
        for allowed in document["Statement"]:
            assert all(resource == KEY or resource.startswith(BUCKET) for resource in listed(allowed["Resource"]))
