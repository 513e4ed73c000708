import json
from typing import Any

import pytest

from components.network import policies

ACCOUNT = "123456789012"
REGION = "ap-northeast-2"


def statements(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    assert document["Version"] == "2012-10-17"
    found = {statement["Sid"]: statement for statement in document["Statement"]}
    assert len(found) == len(document["Statement"])
    return found


def test_the_log_key_serves_log_groups_of_the_component_alone() -> None:
    found = statements(policies.logs_key_policy("aws", ACCOUNT, REGION, "network-"))
    assert found["AdministerByAccount"]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    use = found["EncryptLogGroups"]
    assert use["Principal"] == {"Service": f"logs.{REGION}.amazonaws.com"}
    assert use["Condition"] == {
        "ArnLike": {
            "kms:EncryptionContext:aws:logs:arn": [
                f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:network-*",
                f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/vendedlogs/network-*",
            ]
        }
    }


def test_only_flow_logs_of_this_account_may_use_the_role() -> None:
    (statement,) = statements(policies.flow_logs_trust("aws", ACCOUNT, REGION)).values()
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-flow-log/*"},
    }


def test_flow_logs_write_to_their_group_alone() -> None:
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:flows"
    found = statements(policies.flow_logs_permissions(arn))
    assert found["WriteStreams"]["Action"] == ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    assert found["WriteStreams"]["Resource"] == [arn, f"{arn}:*"]
    assert found["FindTheGroup"]["Resource"] == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"


def test_own_principals_do_to_own_buckets_what_iam_lets_them() -> None:
    own = statements(policies.s3_endpoint_policy("aws", ACCOUNT, REGION, []))["OwnBucketsByOwnPrincipals"]
    assert own["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}}
    assert own["Action"] == "s3:*"


@pytest.mark.parametrize(
    "bucket",
    [
        "prod-ap-northeast-2-starport-layer-bucket",
        "patch-baseline-snapshot-ap-northeast-2",
        "aws-ssm-ap-northeast-2",
        "amazon-ssm-ap-northeast-2",
        "amazoncloudwatch-agent-ap-northeast-2",
        "al2023-repos-ap-northeast-2-*",
        "mountpoint-s3-release",
    ],
)
def test_hosts_read_what_aws_publishes_and_write_none_of_it(bucket: str) -> None:
    published = statements(policies.s3_endpoint_policy("aws", ACCOUNT, REGION, []))["ReadWhatAwsPublishes"]
    assert f"arn:aws:s3:::{bucket}/*" in published["Resource"]
    assert published["Action"] == "s3:GetObject"
    assert "Condition" not in published


def test_named_buckets_of_others_are_read_only() -> None:
    assert "ReadNamedBuckets" not in statements(policies.s3_endpoint_policy("aws", ACCOUNT, REGION, []))
    named = statements(policies.s3_endpoint_policy("aws-cn", ACCOUNT, REGION, ["arn:aws-cn:s3:::theirs"]))["ReadNamedBuckets"]
    assert named["Action"] == ["s3:GetObject", "s3:ListBucket"]
    assert named["Resource"] == ["arn:aws-cn:s3:::theirs", "arn:aws-cn:s3:::theirs/*"]


def test_the_s3_policy_fits_into_an_endpoint_even_with_fifty_long_names() -> None:
    names = [f"arn:aws-us-gov:s3:::{n:0>63}" for n in range(50)]
    policy = policies.s3_endpoint_policy("aws-us-gov", ACCOUNT, "ap-southeast-99", names)
    assert len(json.dumps(policy)) <= 20_480


@pytest.mark.parametrize("service", sorted(policies.PERIMETER_ACTIONS))
def test_the_perimeter_lets_principals_of_the_account_through(service: str) -> None:
    (statement,) = statements(policies.perimeter_policy(service, ACCOUNT)).values()
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
    assert statement["Action"] == f"{service.partition('.')[0]}:*"


def test_a_server_without_credentials_can_still_register_with_systems_manager() -> None:
    assert not {"ssm", "ssmmessages", "ec2messages"} & policies.PERIMETER_ACTIONS.keys()
