from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cidrs import (
    cidr_suffix,
    lookup_zones,
    resolver_address,
    resolver_addresses,
    resolver_reservation,
    reverse_zones,
    subnet_blocks,
    zone_suffix,
)

vpcs = st.builds(
    lambda bits, length: str(IPv4Network((bits, length), strict=False)),
    st.integers(0x0A000000, 0x0AFFFFFF),
    st.integers(16, 24),
)


@pytest.mark.parametrize(
    ("vpc", "public", "private", "isolated"),
    [
        (
            "10.20.0.0/16",
            ["10.20.48.0/24", "10.20.112.0/24", "10.20.176.0/24"],
            ["10.20.0.0/19", "10.20.64.0/19", "10.20.128.0/19"],
            ["10.20.32.0/20", "10.20.96.0/20", "10.20.160.0/20"],
        ),
        (
            "10.20.0.0/20",
            ["10.20.3.0/28", "10.20.7.0/28", "10.20.11.0/28"],
            ["10.20.0.0/23", "10.20.4.0/23", "10.20.8.0/23"],
            ["10.20.2.0/24", "10.20.6.0/24", "10.20.10.0/24"],
        ),
        (
            "10.20.30.0/24",
            ["10.20.30.48/28", "10.20.30.112/28", "10.20.30.176/28"],
            ["10.20.30.0/27", "10.20.30.64/27", "10.20.30.128/27"],
            ["10.20.30.32/28", "10.20.30.96/28", "10.20.30.160/28"],
        ),
    ],
)
def test_each_zone_gets_a_large_private_a_medium_isolated_and_a_small_public_subnet(
    vpc: str, public: list[str], private: list[str], isolated: list[str]
) -> None:
    assert subnet_blocks(vpc, 3) == (public, private, isolated)


@given(vpcs)
def test_a_third_zone_moves_no_subnet_of_the_first_two(vpc: str) -> None:
    assert subnet_blocks(vpc, 2) == tuple(tier[:2] for tier in subnet_blocks(vpc, 3))


@given(vpcs, st.integers(1, 3))
def test_subnets_lie_in_the_vpc_apart_from_each_other_and_within_the_sizes_of_aws(vpc: str, zones: int) -> None:
    subnets = [IPv4Network(block) for tier in subnet_blocks(vpc, zones) for block in tier]
    assert len(subnets) == 3 * zones
    assert all(subnet.subnet_of(IPv4Network(vpc)) and 16 <= subnet.prefixlen <= 28 for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


@given(vpcs)
def test_a_quarter_of_the_vpc_stays_free(vpc: str) -> None:
    last = list(IPv4Network(vpc).subnets(new_prefix=IPv4Network(vpc).prefixlen + 2))[3]
    assert not any(last.overlaps(IPv4Network(block)) for tier in subnet_blocks(vpc, 3) for block in tier)


@pytest.mark.parametrize(
    ("vpc", "zones", "told"),
    [
        ("10.20.0.0/25", 2, "too small for three subnets per zone; allowed: /24 or larger"),
        ("10.20.0.0/16", 4, "4 zones; allowed: 1 to 3"),
        ("10.20.0.0/16", 0, "0 zones; allowed: 1 to 3"),
        ("10.20.0.1/16", 2, "has host bits set"),
    ],
)
def test_what_cannot_be_cut_is_refused(vpc: str, zones: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        subnet_blocks(vpc, zones)


def test_the_resolver_of_a_vpc_is_its_third_address() -> None:
    assert resolver_address("10.20.0.0/16") == "10.20.0.2"


def test_names_end_in_what_tells_zones_and_blocks_apart() -> None:
    assert zone_suffix("ap-northeast-2a") == "2a"
    assert zone_suffix("us-gov-west-1b") == "1b"
    assert cidr_suffix("10.0.0.0/8") == "10.0.0.0-8"


@pytest.mark.parametrize(
    ("cidr", "zones"),
    [
        ("10.64.0.0/16", ["64.10.in-addr.arpa"]),
        ("10.0.0.0/8", ["10.in-addr.arpa"]),
        ("192.168.0.0/23", ["0.168.192.in-addr.arpa", "1.168.192.in-addr.arpa"]),
        ("172.16.0.0/15", ["16.172.in-addr.arpa", "17.172.in-addr.arpa"]),
        ("192.168.1.64/26", ["1.168.192.in-addr.arpa"]),
    ],
)
def test_reverse_zones_end_at_a_dot(cidr: str, zones: list[str]) -> None:
    assert reverse_zones(cidr) == zones


@pytest.mark.parametrize(
    ("cidr", "zones"),
    [
        ("10.10.0.0/16", ["10.10.in-addr.arpa"]),
        ("10.0.0.0/8", ["10.in-addr.arpa"]),
        ("10.128.0.0/9", ["10.in-addr.arpa"]),
        ("172.16.0.0/15", ["16.172.in-addr.arpa", "17.172.in-addr.arpa"]),
        ("10.12.64.0/20", ["12.10.in-addr.arpa"]),
        ("192.168.1.0/24", ["1.168.192.in-addr.arpa"]),
        ("192.168.1.128/25", ["1.168.192.in-addr.arpa"]),
    ],
)
def test_servers_of_a_network_are_asked_for_few_zones_that_hold_all_of_it(cidr: str, zones: list[str]) -> None:
    assert lookup_zones(cidr) == zones


@given(vpcs.filter(lambda cidr: IPv4Network(cidr).prefixlen <= 23), st.sampled_from([2, 3]))
def test_the_inbound_resolver_has_addresses_that_aws_gives_to_nobody_else(vpc: str, zones: int) -> None:
    for address, block in zip(resolver_addresses(vpc, zones), subnet_blocks(vpc, zones).private, strict=True):
        reserved, subnet = IPv4Network(resolver_reservation(address)), IPv4Network(block)
        assert IPv4Network(address).subnet_of(reserved) and reserved.subnet_of(subnet)
        # Neither the first four nor the last one of a subnet can be had.
        assert subnet[3] not in reserved and subnet[-1] not in reserved
