"""Requests are built by AWS's API models and refused where AWS would refuse them."""

import functools
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.api_model import UnknownMember, listed, member_named, to_api, violations


@functools.cache
def shape(service: str, operation: str) -> Any:
    model = botocore.session.get_session().get_service_model(service)
    return model.operation_model(operation).input_shape


@pytest.fixture(scope="module")
def nfs() -> Iterator[Any]:
    yield shape("storagegateway", "CreateNFSFileShare")


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [("gatewayArn", "GatewayARN"), ("clientLists", "ClientList"), ("kmsEncrypted", "KMSEncrypted"), ("nothing", None)],
)
def test_a_pulumi_name_finds_the_member_that_means_the_same(nfs: Any, given_name: str, expected: str | None) -> None:
    assert member_named(nfs, given_name) == expected


def test_values_take_the_forms_of_the_model() -> None:
    create_vpc, create_role = shape("ec2", "CreateVpc"), shape("iam", "CreateRole")
    assert to_api({"cidrBlock": "10.0.0.0/16", "ipv4NetmaskLength": 20.0}, create_vpc) == {
        "CidrBlock": "10.0.0.0/16",
        "Ipv4NetmaskLength": 20,
    }
    assert to_api({"tags": {"b": "2", "a": "1"}, "description": None}, create_role) == {
        "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    }


def test_a_property_without_a_member_is_an_error_that_names_it_and_what_there_is() -> None:
    with pytest.raises(UnknownMember, match=r"\.colour: .*CreateVpcRequest has only \[.*'CidrBlock'"):
        to_api({"colour": "red"}, shape("ec2", "CreateVpc"))


def test_a_fraction_where_a_whole_number_is_wanted_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"1\.5 given, integer expected"):
        to_api({"ipv4NetmaskLength": 1.5}, shape("ec2", "CreateVpc"))


@pytest.mark.parametrize(
    ("service", "operation", "params", "message"),
    [
        ("ec2", "CreateSubnet", {}, "VpcId is required"),
        ("ec2", "CreateVpc", {"InstanceTenancy": "shared"}, "InstanceTenancy is 'shared'; allowed: default, dedicated, host"),
        ("kms", "CreateKey", {"Description": "x" * 8193}, "Description is 8193 characters; allowed: 0 to 8192"),
        ("ecs", "CreateCluster", {"ClusterName": "a"}, "ClusterName is unknown"),
        ("iam", "CreateRole", {"RoleName": "a b", "AssumeRolePolicyDocument": "{}"}, "RoleName is 'a b'; allowed pattern"),
        ("logs", "CreateLogGroup", {"logGroupName": ""}, "logGroupName is 0 characters"),
        # What follows stands in the prose of the models alone.
        ("ec2", "CreateClientVpnEndpoint", {"VpnPort": 80}, "VpnPort is 80; allowed, as the model's text says: 443, 1194"),
        (
            "ec2",
            "CreateClientVpnEndpoint",
            {"SessionTimeoutHours": 9},
            "SessionTimeoutHours is 9; allowed, as the model's text",
        ),
        (
            "rds",
            "CreateDBInstance",
            {"MonitoringInterval": 2},
            "MonitoringInterval is 2; allowed, as the model's text says: 0, 1, 5",
        ),
        (
            "directconnect",
            "CreatePrivateVirtualInterface",
            {"newPrivateVirtualInterface": {"mtu": 9001}},
            "newPrivateVirtualInterface.mtu is 9001; allowed, as the model's text says: 1500, 8500",
        ),
    ],
)
def test_what_aws_would_refuse_is_named(service: str, operation: str, params: dict[str, Any], message: str) -> None:
    assert any(text.startswith(message) for text in violations(params, shape(service, operation)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The supported values are 1500 and 8500. The default value is 1500.", "supported values are 1500 and 8500."),
        ("<p>Valid Values: <code>443</code></p>", ""),
        ("Possible values are: 1, 3, 5, and 3,653.", "Possible values are: 1, 3, 5, and 3,653."),
        ("<p>Valid Values: <code>0 | 1</code> | <code>5</code></p>", "Valid Values: 0 | 1 | 5"),
        ("Valid values are 10, 20, 30, and any multiple of 60.", ""),
        ("Valid values are 1-32766.", ""),
        ("The possible values are 60 seconds (1 minute) or 600 seconds (10 minutes).", ""),
        ("Valid values are 0.1 and 0.2.", ""),
        ("Valid Values: 0, 300 to 2,592,000 seconds", ""),
    ],
)
def test_only_a_whole_list_of_numbers_is_taken_from_the_text(text: str, found: str) -> None:
    assert listed(text) == found


def test_a_good_request_has_no_violations() -> None:
    assert not list(violations({"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}, shape("ec2", "CreateSubnet")))


LEAF = st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5)
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3))


@given(st.dictionaries(st.sampled_from(["vpcId", "cidrBlock", "ipv6Native", "tagSpecifications", "dryRun"]), TREE))
def test_no_input_whatever_breaks_the_conversion_other_than_by_a_value_error(inputs: dict[str, Any]) -> None:
    try:
        to_api(inputs, shape("ec2", "CreateSubnet"))
    except ValueError as error:
        assert str(error)
