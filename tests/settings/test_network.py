from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.settings.base import all_mistakes
from components.settings.network import NEW_REGIONS, PRIVATE_HOST_SERVICES, Network, endpoint_mistakes, mistakes_with

NETWORK: dict[str, Any] = {"cidr": "10.20.0.0/16", "zones": ["ap-northeast-2a", "ap-northeast-2b"]}


def parsed(**changes: Any) -> Network:
    return Network.model_validate(NETWORK | changes)


def keys(section: Network) -> list[str]:
    return [mistake.key for mistake in all_mistakes(section)]


def test_a_block_and_zones_are_enough() -> None:
    section = parsed()
    assert keys(section) == []
    assert section.as_args() == {
        "cidr": "10.20.0.0/16",
        "zones": ["ap-northeast-2a", "ap-northeast-2b"],
        "nat_gateways": "OnePerAz",
        "hub": "vpnGateway",
        "amazon_asn": 64512,
        "flow_log_retention_days": 90,
        "private_zone": "aws.internal",
        "endpoints": [*PRIVATE_HOST_SERVICES, "storagegateway"],
        "other_networks": [],
        "trusted_accounts": [],
        "readable_buckets": [],
        "writable_buckets": [],
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"zones": ["ap-northeast-2a"]},
        {"zones": [f"ap-northeast-2{letter}" for letter in "abcd"]},
        {"zones": ["ap-northeast-2", "ap-northeast-2b"]},
        {"zones": ["us-west-2-lax-1a", "us-west-2a"]},
        {"natGateways": "Two"},
        {"natGateways": None},
        {"hub": "peering"},
        {"amazonAsn": 64511},
        {"amazonAsn": 65535},
        {"amazonAsn": 4_294_967_295},
        {"flowLogRetentionDays": 91},
        {"flowLogRetentionDays": 0},
        {"privateZone": "internal"},
        {"endpoints": ["s3"]},
        {"endpoints": ["ecr"]},
        {"readableBuckets": ["theirs"]},
        {"readableBuckets": ["arn:aws:s3:::theirs/*"]},
        {"unknown": 1},
    ],
)
def test_what_aws_would_refuse_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parsed(**changes)


@given(st.integers())
def test_the_asn_of_aws_is_a_private_one(asn: int) -> None:
    private = 64512 <= asn <= 65534 or 4_200_000_000 <= asn <= 4_294_967_294
    try:
        parsed(amazonAsn=asn)
    except ValidationError:
        assert not private
    else:
        assert private


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"zones": ["ap-northeast-2a", "ap-northeast-2a"]}, "zones[1]"),
        ({"endpoints": ["ssm", "kms", "ssm"]}, "endpoints[2]"),
        ({"readableBuckets": ["arn:aws:s3:::theirs", "arn:aws:s3:::theirs"]}, "readableBuckets[1]"),
        ({"writableBuckets": ["arn:aws:s3:::theirs", "arn:aws:s3:::theirs"]}, "writableBuckets[1]"),
        ({"readableBuckets": ["arn:aws:s3:::theirs"], "writableBuckets": ["arn:aws:s3:::theirs"]}, "writableBuckets[0]"),
        ({"trustedAccounts": ["210987654321", "210987654321"]}, "trustedAccounts[1]"),
    ],
)
def test_nothing_is_listed_twice(changes: dict[str, Any], key: str) -> None:
    assert keys(parsed(**changes)) == [key]


def test_without_nat_gateways_hosts_need_every_endpoint() -> None:
    assert keys(parsed(natGateways="None")) == []
    (mistake,) = all_mistakes(parsed(natGateways="None", endpoints=[*PRIVATE_HOST_SERVICES[1:]]))
    assert (mistake.key, mistake.fix) == ("endpoints", "Add what is missing, or set natGateways to Single.")
    assert mistake.allowed.startswith(f"a list with {PRIVATE_HOST_SERVICES[0]} as well")
    assert keys(parsed(natGateways="Single", endpoints=[])) == []


def test_zones_lie_in_the_region_of_the_stack() -> None:
    section = parsed(zones=["ap-northeast-2a", "ap-northeast-1b", "us-east-1c"])
    assert [m.key for m in mistakes_with(section, region="ap-northeast-2")] == ["network.zones[1]", "network.zones[2]"]
    assert list(mistakes_with(parsed(), region="ap-northeast-2")) == []


@pytest.mark.parametrize(
    ("region", "letter", "known"),
    [("ap-northeast-2", "d", True), ("ap-northeast-2", "e", False), ("us-east-1", "f", True), ("eu-west-1", "d", False)],
)
def test_a_zone_that_the_region_has_not_is_refused(region: str, letter: str, known: bool) -> None:
    section = parsed(zones=[f"{region}a", f"{region}{letter}"])
    assert [m.key for m in mistakes_with(section, region=region)] == ([] if known else ["network.zones[1]"])


@pytest.mark.parametrize("region", NEW_REGIONS)
def test_an_endpoint_that_newer_regions_have_not_is_no_default_and_refused_there(region: str) -> None:
    zones = [f"{region}a", f"{region}b"]
    assert list(mistakes_with(parsed(zones=zones), region=region)) == []
    section = parsed(zones=zones, endpoints=["ssm", "ec2messages"])
    assert [m.key for m in mistakes_with(section, region=region)] == ["network.endpoints[1]"]
    assert list(mistakes_with(parsed(endpoints=["ec2messages"]), region="ap-northeast-2")) == []


def test_a_file_gateway_needs_its_endpoint() -> None:
    without = parsed(endpoints=["ssm"])
    assert [m.key for m in endpoint_mistakes(without, file_gateway=True, tracing=False)] == ["network.endpoints"]
    assert list(endpoint_mistakes(without, file_gateway=False, tracing=True)) == []
    assert list(endpoint_mistakes(parsed(), file_gateway=True, tracing=True)) == []


def test_traces_need_an_endpoint_where_there_is_no_nat_gateway() -> None:
    section = parsed(natGateways="None")
    assert [m.allowed for m in endpoint_mistakes(section, file_gateway=True, tracing=True)] == [
        "a list with xray: traces are on and there is no NAT gateway"
    ]
    with_it = parsed(natGateways="None", endpoints=[*PRIVATE_HOST_SERVICES, "storagegateway", "xray"])
    assert list(endpoint_mistakes(with_it, file_gateway=True, tracing=True)) == []
