"""Operations are added to moto from outside, with state that every AWS tool sees and that ends with the account."""

from typing import Any

import pytest

from rehearsal.emulator import Emulator, Refused
from rehearsal.extend import Call, Refuse, operation


@operation("rbin", "CreateRule")
def create_rule(call: Call) -> dict[str, Any]:
    if call.params["ResourceType"] == "EC2_IMAGE":
        raise Refuse("ValidationException", "not images")
    identifier = call.new_id(length=11)
    call.state["rules"][identifier] = {**call.params, "Identifier": identifier, "Unmodelled": 1}
    return {"Identifier": identifier}


@operation("rbin", "GetRule")
def get_rule(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = call.state["rules"][call.params.get("identifier") or call.params["Identifier"]]
    return found


@operation("ec2", "CreateVpc")
def create_vpc(call: Call) -> Any:
    if call.params["CidrBlock"].endswith("/8"):
        raise Refuse("InvalidVpc.Range", f"The CIDR '{call.params['CidrBlock']}' is invalid.")
    return call.moto()


RULE = {"RetentionPeriod": {"RetentionPeriodValue": 7, "RetentionPeriodUnit": "DAYS"}, "ResourceType": "EBS_SNAPSHOT"}


def test_an_extended_operation_refuses_before_moto_and_else_lets_moto_do_it() -> None:
    with Emulator() as aws:
        with pytest.raises(Refused, match=r"InvalidVpc\.Range: The CIDR '10\.0\.0\.0/8' is invalid"):
            aws.call("ec2", "CreateVpc", {"CidrBlock": "10.0.0.0/8"}, region="eu-west-1")
        assert aws.call("ec2", "CreateVpc", {"CidrBlock": "10.0.0.0/16"}, region="eu-west-1")["Vpc"]["VpcId"]


def test_an_id_repeats_for_the_same_seed_only() -> None:
    def made(seed: str) -> Any:
        with Emulator() as aws:
            return aws.call("ec2", "CreateVpc", {"CidrBlock": "10.0.0.0/16"}, region="eu-west-1", seed=seed)["Vpc"]["VpcId"]

    assert made("a") == made("a") != made("b")
