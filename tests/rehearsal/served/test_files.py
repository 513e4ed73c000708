"""Buckets of a served account take and give files, and refuse what their policies refuse."""

import json
from collections.abc import Iterator, Mapping

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator import Emulator
from rehearsal.extensions.s3.policies import holds
from tests.rehearsal.served.support import REGION, Account, served

ARN = "arn:aws:s3:::files"
OLD_TLS = [
    {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [ARN, f"{ARN}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    },
    {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [ARN, f"{ARN}/*"],
        "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    },
]


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Emulator(), served() as account:
        account.client("s3").create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": REGION})
        yield account


def written(account: Account, *statements: Mapping[str, object]) -> str | None:
    """The code by which writing, reading, looking at and deleting a file is refused under a policy; None where it is not."""
    s3 = account.client("s3")
    s3.put_bucket_policy(Bucket="files", Policy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    try:
        s3.put_object(Bucket="files", Key="web/[1].txt", Body=b"hello")
        assert s3.head_object(Bucket="files", Key="web/[1].txt")["ContentLength"] == 5
        assert s3.get_object(Bucket="files", Key="web/[1].txt")["Body"].read() == b"hello"
        s3.delete_objects(Bucket="files", Delete={"Objects": [{"Key": "web/[1].txt"}]})
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return None


def test_a_bucket_that_refuses_old_tls_takes_and_gives_files(account: Account) -> None:
    assert written(account, *OLD_TLS) is None


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ({"Action": "s3:PutObject", "Resource": f"{ARN}/*"}, True),
        ({"Action": "s3:putobject", "Resource": f"{ARN}/web/*"}, True),
        ({"Action": "s3:PutObject", "Resource": f"{ARN}/Web/*"}, False),
        ({"NotAction": "s3:Get*", "Resource": f"{ARN}/*"}, True),
        ({"Action": "s3:PutObject", "NotResource": f"{ARN}/*"}, False),
        ({"Action": "s3:PutObject", "Resource": f"{ARN}/*", "Principal": {"AWS": "*"}}, True),
        ({"Action": "s3:PutObject", "Resource": f"{ARN}/*", "Principal": {"Service": "logging.s3.amazonaws.com"}}, False),
        ({"Action": "s3:*", "Resource": f"{ARN}/*", "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.4"}}}, True),
        (
            {"Action": "s3:*", "Resource": f"{ARN}/*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}},
            True,
        ),
        ({"Action": "s3:*", "Resource": f"{ARN}/*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}, False),
    ],
)
def test_a_statement_refuses_what_it_says(account: Account, statement: dict[str, object], refused: bool) -> None:
    assert written(account, {"Effect": "Deny", "Principal": "*", **statement}) == ("403" if refused else None)


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "true"),
    [
        ("StringEqualsIgnoreCase", "A", "a", True),
        ("StringNotLike", "a*", "abc", False),
        ("StringEqualsIfExists", "a", None, True),
        ("StringEquals", "a", None, False),
        ("StringNotEquals", "a", None, True),
        ("ForAllValues:StringEquals", "a", None, True),
        ("ForAnyValue:StringEquals", "a", None, False),
        ("Null", "true", None, True),
        ("Null", "true", "a", False),
        ("NumericGreaterThanEquals", "1.2", "1.2", True),
        ("BinaryEquals", "a", "a", False),
    ],
)
def test_conditions_are_those_of_iam(operator: str, wanted: str, given: str | None, true: bool) -> None:
    assert holds(operator, "aws:Key", [wanted], {"AWS:key": given} if given else {}) is true
