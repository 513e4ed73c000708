"""What is found by its name is what moto would find by going through everything."""

from typing import Any

import pytest

from rehearsal.emulator import Emulator, Refused

REGION = "eu-west-1"


def role(aws: Emulator, operation: str, name: str = "one", **params: Any) -> dict[str, Any]:
    return aws.call("iam", operation, {"RoleName": name, **params}, region=REGION)


def test_a_role_is_found_until_it_is_gone_and_again_once_it_is_made_anew() -> None:
    with Emulator() as aws:
        first = role(aws, "CreateRole", AssumeRolePolicyDocument="{}")["Role"]["RoleId"]
        assert role(aws, "GetRole")["Role"]["RoleId"] == first
        role(aws, "DeleteRole")
        with pytest.raises(Refused, match="Role one not found"):
            role(aws, "GetRole")
        second = role(aws, "CreateRole", AssumeRolePolicyDocument="{}")["Role"]["RoleId"]
        assert role(aws, "GetRole")["Role"]["RoleId"] == second != first


def test_alarms_are_found_by_one_name_and_by_several() -> None:
    with Emulator() as aws:

        def named(*names: str) -> list[str]:
            told = aws.call("cloudwatch", "DescribeAlarms", {"AlarmNames": [*names]}, region=REGION)
            return [alarm["AlarmName"] for alarm in told["MetricAlarms"]]

        for name in ("a", "b", "c"):
            params = {"MetricName": "m", "Namespace": "n", "Statistic": "Sum", "Period": 60, "Threshold": 1.0}
            compared = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}
            aws.call("cloudwatch", "PutMetricAlarm", {"AlarmName": name, **params, **compared}, region=REGION)
        assert (named("b"), named("d"), named("c", "a")) == (["b"], [], ["a", "c"])


def test_an_account_holds_nothing_of_any_account_before_it() -> None:
    for _ in range(4):
        with Emulator() as aws:
            assert (
                aws.call("ec2", "DescribeSubnets", {"Filters": [{"Name": "cidr", "Values": ["10.9.*"]}]}, region=REGION)[
                    "Subnets"
                ]
                == []
            )
            vpc = aws.call("ec2", "CreateVpc", {"CidrBlock": "10.9.0.0/16"}, region=REGION)["Vpc"]["VpcId"]
            aws.call("ec2", "CreateSubnet", {"VpcId": vpc, "CidrBlock": "10.9.0.0/24"}, region=REGION)
            role(aws, "CreateRole", AssumeRolePolicyDocument="{}")
