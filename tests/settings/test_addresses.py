from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from components.settings.addresses import (
    Asn,
    ClientCidr,
    Domain,
    Ipv4,
    OnPremisesCidr,
    PublicIpv4,
    VpcCidr,
    contained,
    overlap,
    overlapping,
    repeated,
)

networks = st.builds(
    lambda bits, length: str(IPv4Network((bits, length), strict=False)), st.integers(0, 2**32 - 1), st.integers(0, 32)
)


def accepts(kind: Any, value: Any) -> str:
    """Empty if the value is accepted, else what the error says."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        return error.errors()[0]["msg"].removeprefix("Value error, ")
    return ""


@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "172.16.0.0/16", "172.31.254.0/23", "192.168.0.0/16"])
def test_a_vpc_takes_private_blocks(cidr: str) -> None:
    assert accepts(VpcCidr, cidr) == ""


@pytest.mark.parametrize(
    ("cidr", "told"),
    [
        ("10.0.0.0", "an IPv4 network such as 10.20.0.0/16; add the prefix length"),
        ("10.20.0.1/16", "a network without host bits; did you mean 10.20.0.0/16?"),
        ("10.20.0/16", "an IPv4 network such as 10.20.0.0/16; write it as"),
        ("fd00::/64", "an IPv4 network such as 10.20.0.0/16; write it as"),
        ("8.8.0.0/16", "a private network within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16"),
        ("100.64.0.0/16", "a private network within"),
        ("169.254.0.0/16", "a private network within"),
        ("172.17.0.0/16", "a network apart from 172.17.0.0/16, which Docker uses on every host"),
        ("172.16.0.0/15", "a network apart from 172.17.0.0/16"),
        ("10.0.0.0/15", "a prefix length from /16, the largest that AWS takes, to /23"),
        ("10.0.0.0/24", "a prefix length from /16"),
    ],
)
def test_a_vpc_refuses_what_aws_or_its_hosts_cannot_use(cidr: str, told: str) -> None:
    assert accepts(VpcCidr, cidr).startswith(told)


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "172.16.0.0/12", "192.168.7.0/24", "100.64.0.0/10", "10.1.2.3/32"])
def test_on_premises_takes_private_and_shared_blocks_of_any_size(cidr: str) -> None:
    assert accepts(OnPremisesCidr, cidr) == ""


@pytest.mark.parametrize(
    "cidr", ["0.0.0.0/0", "203.0.113.0/24", "169.254.10.0/24", "127.0.0.0/8", "172.17.5.0/24", "10.0.0.0/7"]
)
def test_on_premises_refuses_the_internet_and_what_hosts_cannot_reach(cidr: str) -> None:
    assert accepts(OnPremisesCidr, cidr) != ""


@pytest.mark.parametrize("cidr", ["10.254.0.0/22", "10.240.0.0/12", "100.64.0.0/16"])
def test_client_vpn_takes_blocks_from_12_to_22(cidr: str) -> None:
    assert accepts(ClientCidr, cidr) == ""


@pytest.mark.parametrize("cidr", ["10.254.0.0/23", "10.0.0.0/11", "8.0.0.0/12", "172.17.0.0/22", "172.16.0.0/12"])
def test_client_vpn_refuses_other_blocks(cidr: str) -> None:
    assert accepts(ClientCidr, cidr) != ""


@given(networks, st.sampled_from([VpcCidr, OnPremisesCidr, ClientCidr]))
def test_no_block_of_the_internet_is_ever_taken(cidr: str, kind: Any) -> None:
    if accepts(kind, cidr) == "":
        assert not IPv4Network(cidr).is_global
        assert contained(cidr, ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"])


@given(st.text(max_size=20), st.sampled_from([VpcCidr, OnPremisesCidr, ClientCidr, Ipv4, PublicIpv4, Domain]))
def test_any_text_is_taken_or_refused_in_the_form_allowed_and_fix(text: str, kind: Any) -> None:
    told = accepts(kind, text)
    assert told == "" or "; " in told


@pytest.mark.parametrize("address", ["203.0.113.1", "52.95.110.1", "9.9.9.9"])
def test_a_router_has_a_public_address(address: str) -> None:
    assert accepts(PublicIpv4, address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.20.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.1.1",
        "127.0.0.1",
        "224.0.0.5",
        "0.0.0.0",
        "255.255.255.255",
    ],
)
def test_a_router_is_nowhere_that_the_internet_cannot_reach(address: str) -> None:
    assert accepts(PublicIpv4, address).startswith("a public IPv4 address")


@pytest.mark.parametrize("domain", ["corp.example", "aws.corp.example", "a-b.c_d.internal", "x" * 63 + ".example"])
def test_a_domain_has_labels_of_letters_digits_and_inner_hyphens(domain: str) -> None:
    assert accepts(Domain, domain) == ""


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "corp",
        "corp.example.",
        ".example",
        "corp..example",
        "-a.example",
        "a-.example",
        "Corp.example",
        "a b.example",
        "x" * 64 + ".example",
        "x." * 127 + "yy",
    ],
)
def test_other_names_are_refused_as_domains(domain: str) -> None:
    assert accepts(Domain, domain).startswith("a domain name of two labels or more")


@pytest.mark.parametrize("domain", ["amazonaws.com", "s3.ap-northeast-2.amazonaws.com", "api.aws"])
def test_no_domain_hides_those_of_aws(domain: str) -> None:
    assert accepts(Domain, domain).startswith("a domain of your own")
    assert accepts(Domain, "notamazonaws.com") == ""


@pytest.mark.parametrize(
    ("asn", "taken"),
    [(1, True), (65010, True), (4_200_000_000, True), (4_294_967_294, True), (0, False), (4_294_967_295, False)]
    + [(asn, False) for asn in (23456, 7224, 9059, 10124, 17943)],
)
def test_a_router_has_an_asn_that_aws_takes(asn: int, taken: bool) -> None:
    assert (accepts(Asn, asn) == "") is taken


@given(networks, networks)
def test_blocks_overlap_if_one_contains_the_other(one: str, other: str) -> None:
    assert overlap(one, other) == (contained(one, [other]) or contained(other, [one]))


def test_overlaps_and_repetitions_in_a_list_are_told_by_position() -> None:
    assert [m.key for m in overlapping("cidrs", ["10.0.0.0/8", "192.168.0.0/16", "10.1.0.0/16"])] == ["cidrs[2]"]
    assert [m.key for m in repeated("routers[{}].name", ["a", "b", "a"])] == ["routers[2].name"]
