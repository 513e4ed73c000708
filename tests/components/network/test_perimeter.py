import json
from typing import Any, get_args

import pytest

from components.network import perimeter
from components.settings.network import EndpointService

ACCOUNT = "123456789012"
PARTNER = "210987654321"
REGION = "ap-northeast-2"


def statements(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    assert document["Version"] == "2012-10-17"
    found = {statement["Sid"]: statement for statement in document["Statement"]}
    assert len(found) == len(document["Statement"])
    return found


def endpoint(service: str, *more: str) -> dict[str, dict[str, Any]]:
    return statements(perimeter.endpoint_policy(service, "aws", [ACCOUNT, *more], REGION))


@pytest.mark.parametrize(
    "service", sorted(set(get_args(EndpointService)) - {*perimeter.BEFORE_CREDENTIALS, "sts", "execute-api"})
)
def test_every_endpoint_lets_principals_of_the_account_through_and_nobody_else(service: str) -> None:
    assert endpoint(service) == {
        "OwnPrincipals": {
            "Sid": "OwnPrincipals",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT]}},
        }
    }


@pytest.mark.parametrize("service", sorted(perimeter.BEFORE_CREDENTIALS))
def test_what_has_no_credentials_yet_passes_but_nobody_of_another_account(service: str) -> None:
    condition = endpoint(service)["OwnPrincipalsOrNoCredentials"]["Condition"]
    assert condition == {"StringEqualsIfExists": {"aws:PrincipalAccount": [ACCOUNT, "anonymous"]}}


def test_tokens_are_exchanged_for_roles_of_the_account_alone() -> None:
    unsigned = endpoint("sts")["TokensForRolesOfOurs"]
    assert unsigned["Action"] == ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]
    assert unsigned["Resource"] == [f"arn:aws:iam::{ACCOUNT}:role/*"]


def test_private_apis_of_the_account_are_called_by_anybody() -> None:
    assert endpoint("execute-api")["ApisOfOurs"]["Resource"] == [f"arn:aws:execute-api:{REGION}:{ACCOUNT}:*"]


@pytest.mark.parametrize("service", ["kms", "sts"])
def test_trusted_accounts_pass_as_the_own_does(service: str) -> None:
    assert endpoint(service, PARTNER)["OwnPrincipals"]["Condition"]["StringEquals"]["aws:PrincipalAccount"] == [
        ACCOUNT,
        PARTNER,
    ]


def test_buckets_of_others_that_are_named_are_written() -> None:
    bucket = "arn:aws:s3:::vendor"
    used = statements(perimeter.s3_endpoint_policy("aws", [ACCOUNT], REGION, (), [bucket]))["UseNamedBuckets"]
    assert {"s3:PutObject", "s3:GetObject"} < set(used["Action"])
    assert used["Resource"] == [bucket, f"{bucket}/*"]


def test_own_principals_do_to_own_buckets_what_iam_lets_them() -> None:
    own = statements(perimeter.s3_endpoint_policy("aws", [ACCOUNT], REGION))["OwnBucketsByOwnPrincipals"]
    assert own["Condition"] == {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT], "aws:ResourceAccount": [ACCOUNT]}}
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
    published = statements(perimeter.s3_endpoint_policy("aws", [ACCOUNT], REGION))["ReadWhatAwsPublishes"]
    assert f"arn:aws:s3:::{bucket}/*" in published["Resource"]
    assert published["Action"] == "s3:GetObject"
    assert "Condition" not in published


def test_named_buckets_of_others_are_read_only() -> None:
    assert "ReadNamedBuckets" not in statements(perimeter.s3_endpoint_policy("aws", [ACCOUNT], REGION))
    named = statements(perimeter.s3_endpoint_policy("aws-cn", [ACCOUNT], REGION, ["arn:aws-cn:s3:::theirs"]))[
        "ReadNamedBuckets"
    ]
    assert named["Action"] == ["s3:GetObject", "s3:ListBucket"]
    assert named["Resource"] == ["arn:aws-cn:s3:::theirs", "arn:aws-cn:s3:::theirs/*"]


def test_the_s3_policy_fits_into_an_endpoint_even_with_fifty_long_names() -> None:
    names = [f"arn:aws-us-gov:s3:::{n:0>63}" for n in range(50)]
    policy = perimeter.s3_endpoint_policy("aws-us-gov", [ACCOUNT], "ap-southeast-99", names)
    assert len(json.dumps(policy)) <= 20_480
