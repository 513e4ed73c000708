"""The direct way to moto gives what the way of botocore gives."""

from typing import Any

import pytest
from moto.core.request import normalize_request
from moto.core.serialize import ResponseSerializer

from rehearsal import direct, picking
from rehearsal.emulator import Emulator, Refused

REGION = "eu-west-1"
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("ec2", "CreateVpc", {"CidrBlock": "10.0.0.0/16"}),  # XML of EC2
    ("ec2", "DescribeVpcs", {"Filters": [{"Name": "cidr", "Values": ["10.0.0.0/16"]}]}),
    ("iam", "CreateRole", {"RoleName": "one", "AssumeRolePolicyDocument": "{}"}),  # XML of IAM, in no region
    ("iam", "GetRole", {"RoleName": "one"}),
    ("ssm", "PutParameter", {"Name": "/one", "Value": "1", "Type": "String"}),  # JSON
    ("ssm", "GetParameter", {"Name": "/one"}),
    ("efs", "CreateFileSystem", {"CreationToken": "one"}),  # REST and JSON
    ("efs", "DescribeFileSystems", {"CreationToken": "one"}),
    ("route53", "CreateHostedZone", {"Name": "one.example.", "CallerReference": "one"}),  # REST and XML
    ("route53", "ListHostedZonesByName", {"DNSName": "one.example."}),
    ("elbv2", "DescribeLoadBalancers", {}),  # two services at one host
    ("elb", "DescribeLoadBalancers", {}),
    ("directconnect", "DescribeVirtualInterfaces", {}),  # an extension
]
REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("ec2", "DescribeVpcs", {"VpcIds": ["vpc-01234567"]}),
    ("iam", "GetRole", {"RoleName": "none"}),
    ("ssm", "GetParameter", {"Name": "/none"}),
    ("efs", "DescribeFileSystems", {"FileSystemId": "fs-01234567"}),
]
ACCIDENTAL = {"ResponseMetadata", "CreateDate", "CreationTime", "LastModifiedDate", "Timestamp", "SubmittedAt"}


def answers(monkeypatch: pytest.MonkeyPatch, *, direct: bool) -> list[Any]:
    """What each call gives."""
    if not direct:
        monkeypatch.setattr("rehearsal.direct.connect", lambda *_: None)
    told: list[Any] = []
    with Emulator() as aws:
        for number, (service, operation, params) in enumerate([*CALLS, *REFUSED]):
            try:
                told.append(lasting(aws.call(service, operation, params, region=REGION, seed=str(number))))
            except Refused as refusal:
                told.append(str(refusal))
    return told


def lasting(value: Any) -> Any:
    """An answer without what differs from run to run."""
    if isinstance(value, dict):
        return {key: lasting(item) for key, item in value.items() if key not in ACCIDENTAL}
    return [lasting(item) for item in value] if isinstance(value, list) else value


def test_each_protocol_answers_and_refuses_as_over_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    by_us = answers(monkeypatch, direct=True)
    assert by_us == answers(monkeypatch, direct=False)
    assert [isinstance(one, str) for one in by_us] == [False] * len(CALLS) + [True] * len(REFUSED)


def test_each_member_of_an_answer_is_picked_as_moto_picks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    picked = 0

    def both(self: Any, value: Any, key: str, shape: Any) -> Any:
        nonlocal picked
        picked += 1
        found, expected = picking.get_value(self, value, key, shape), picking.original(self, value, key, shape)
        assert found == expected, (value, key)
        return found

    monkeypatch.setattr(ResponseSerializer, "get_value", both)
    answers(monkeypatch, direct=True)
    assert picked > 100


def test_a_request_is_received_as_moto_would_make_it(monkeypatch: pytest.MonkeyPatch) -> None:
    received = direct._received
    by_itself = 0

    def both(prepared: Any, parts: Any) -> Any:
        nonlocal by_itself
        found, expected = received(prepared, parts), normalize_request(prepared)
        content, again = (one.environ.pop("wsgi.input") for one in (found, expected))
        assert content.read() == again.read()
        assert {key: str(one) for key, one in found.environ.items()} == {key: str(one) for key, one in expected.environ.items()}
        found.environ["wsgi.input"] = content
        content.seek(0)
        by_itself += not parts.query
        return found

    monkeypatch.setattr(direct, "_received", both)
    assert answers(monkeypatch, direct=True)
    assert by_itself > len(CALLS) / 2
