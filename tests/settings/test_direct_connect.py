from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.settings.base import all_mistakes
from components.settings.direct_connect import DirectConnect, mistakes_with, router_mistakes

ORDERED = {"name": "seoul-1", "location": "Kinx1", "bandwidth": "10Gbps"}
ATTACHED = {
    "state": "available",
    "vlan": 101,
    "bgpAsn": 65010,
    "amazonAddress": "169.254.255.1/30",
    "customerAddress": "169.254.255.2/30",
}
BESIDE: dict[str, Any] = {
    "cidr": "10.20.0.0/16",
    "hub": "vpnGateway",
    "amazon_asn": 64512,
    "on_premises_cidrs": ["10.0.0.0/16", "192.168.0.0/16"],
    "routers": True,
}


def parsed(**connection: Any) -> DirectConnect:
    return DirectConnect.model_validate({"connections": [ORDERED | connection]})


def keys(section: DirectConnect) -> list[str]:
    return [mistake.key for mistake in all_mistakes(section)]


def test_a_connection_is_ordered_until_its_state_says_otherwise() -> None:
    section = parsed()
    assert keys(section) == []
    assert section.as_args() == {
        "gateway_asn": 64513,
        "connections": [{"name": "seoul-1", "state": "ordered", "location": "Kinx1", "bandwidth": "10Gbps", "macsec": False}],
    }


def test_without_circuits_there_is_nothing_to_check() -> None:
    section = DirectConnect()
    assert keys(section) == []
    assert list(mistakes_with(section, **BESIDE)) == []


def test_an_available_connection_says_how_to_attach_to_it() -> None:
    assert keys(parsed(**ATTACHED)) == []
    for key in ("vlan", "bgpAsn", "amazonAddress", "customerAddress"):
        assert keys(parsed(**{**ATTACHED, key: None})) == [f"connections[0].{key}"]


def test_an_ordered_connection_may_hold_what_it_will_need_later() -> None:
    assert keys(parsed(**{**ATTACHED, "state": "ordered"})) == []


@pytest.mark.parametrize("key", ["location", "bandwidth"])
def test_ordering_needs_location_and_bandwidth(key: str) -> None:
    assert keys(parsed(**{key: None})) == [f"connections[0].{key}"]


def test_adopting_excludes_what_only_an_order_has() -> None:
    adopted = {"name": "seoul-1", "connectionId": "dxcon-fgh12345"}
    assert keys(DirectConnect.model_validate({"connections": [adopted | ATTACHED]})) == []
    mistakes = list(all_mistakes(parsed(connectionId="dxcon-fgh12345", provider="KINX", macsec=True)))
    assert [mistake.key for mistake in mistakes] == [
        "connections[0].location",
        "connections[0].provider",
        "connections[0].macsec",
    ]


def test_the_speed_of_an_adopted_port_may_be_told_and_that_of_an_ordered_one_is_one_that_aws_sells() -> None:
    hosted = {"name": "seoul-1", "connectionId": "dxcon-fgh12345", "bandwidth": "500Mbps"}
    section = DirectConnect.model_validate({"connections": [hosted]})
    assert (keys(section), section.connections[0].gbits) == ([], 0.5)
    assert keys(parsed(bandwidth="500Mbps")) == ["connections[0].bandwidth"]
    assert parsed(bandwidth="100Gbps").connections[0].gbits == 100


def test_a_port_that_encrypts_has_ten_gigabits_or_more() -> None:
    assert keys(parsed(macsec=True)) == []
    assert keys(parsed(macsec=True, bandwidth="1Gbps")) == ["connections[0].macsec"]


def test_both_ends_of_a_circuit_may_have_public_addresses_of_ones_own() -> None:
    assert keys(parsed(**{**ATTACHED, "amazonAddress": "198.51.100.1/31", "customerAddress": "198.51.100.0/31"})) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "Seoul"),
        ("name", ""),
        ("name", "-a"),
        ("name", "a" * 33),
        ("state", "up"),
        ("connectionId", "dxvif-fgh12345"),
        ("location", "Kinx 1"),
        ("bandwidth", "700Mbps"),
        ("bandwidth", "1gbps"),
        ("vlan", 0),
        ("vlan", 4095),
        ("bgpAsn", 0),
        ("bgpAsn", 4_294_967_295),
        ("amazonAddress", "169.254.255.1"),
        ("amazonAddress", "169.254.255.1/29"),
        ("amazonAddress", "169.254.255.0/30"),
        ("amazonAddress", "169.254.255.3/30"),
        ("amazonAddress", "127.0.0.1/30"),
        ("amazonAddress", "224.0.0.1/30"),
        ("amazonAddress", "255.255.255.1/30"),
        ("amazonAddress", "169.254.255.1/255.255.255.252/1"),
        ("customerAddress", "fd00::1/126"),
        ("bgpKey", "short"),
        ("bgpKey", "k" * 81),
    ],
)
def test_a_value_that_aws_would_refuse_is_refused_where_it_stands(key: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        parsed(**{key: value})
    assert [error["loc"] for error in caught.value.errors()] == [("connections", 0, key)]


@pytest.mark.parametrize(
    ("hub", "wrong"), [("vpnGateway", ["directConnect.connections[0].jumboFrames"]), ("transitGateway", [])]
)
def test_jumbo_frames_are_for_transit_interfaces_since_the_provider_cannot_ask_for_them_elsewhere(
    hub: str, wrong: list[str]
) -> None:
    beside = {**BESIDE, "hub": hub}
    assert [mistake.key for mistake in mistakes_with(parsed(jumboFrames=True), **beside)] == wrong
    assert not list(mistakes_with(parsed(jumboFrames=False), **beside))


def test_the_key_of_a_bgp_session_is_never_shown() -> None:
    section = parsed(bgpKey="correct horse")
    assert "correct horse" not in repr(section)
    with pytest.raises(ValidationError) as caught:
        parsed(bgpKey="pssst", vlan=0)
    assert "bgpKey" in str(caught.value)


def test_both_ends_of_a_circuit_lie_in_one_network() -> None:
    mistakes = list(all_mistakes(parsed(**{**ATTACHED, "customerAddress": "169.254.255.6/30"})))
    assert [(mistake.key, mistake.value, mistake.allowed) for mistake in mistakes] == [
        ("connections[0].customerAddress", "169.254.255.6/30", "the other address of 169.254.255.0/30")
    ]
    assert keys(parsed(**{**ATTACHED, "customerAddress": "169.254.255.1/30"})) == ["connections[0].customerAddress"]
    assert keys(parsed(**{**ATTACHED, "amazonAddress": "10.9.0.0/31", "customerAddress": "10.9.0.1/31"})) == []


def test_circuits_do_not_share_names_networks_or_a_vlan_of_one_connection() -> None:
    section = DirectConnect.model_validate(
        {
            "connections": [
                {"name": "seoul-1", "connectionId": "dxcon-fgh12345", **ATTACHED},
                {"name": "seoul-1", "connectionId": "dxcon-fgh12345", **ATTACHED},
            ]
        }
    )
    assert sorted(keys(section)) == ["connections[1].amazonAddress", "connections[1].name", "connections[1].vlan"]


def test_circuits_on_connections_of_their_own_may_carry_the_same_vlan() -> None:
    other = {"name": "seoul-2", "amazonAddress": "169.254.255.5/30", "customerAddress": "169.254.255.6/30"}
    section = DirectConnect.model_validate({"connections": [ORDERED | ATTACHED, ORDERED | ATTACHED | other]})
    assert keys(section) == []


def test_the_router_is_not_in_the_autonomous_system_of_aws() -> None:
    assert keys(parsed(**{**ATTACHED, "bgpAsn": 64513})) == ["connections[0].bgpAsn"]


@pytest.mark.parametrize("asn", [0, 64511, 65535, 4_199_999_999, 4_294_967_295])
def test_the_gateway_has_a_private_asn(asn: int) -> None:
    with pytest.raises(ValidationError, match="a private ASN"):
        DirectConnect.model_validate({"gatewayAsn": asn, "connections": [ORDERED]})


@pytest.mark.parametrize("prefixes", [[], ["10.20.0.1/16"], ["fd00::/8"], [f"10.{i}.0.0/16" for i in range(201)]])
def test_prefixes_are_networks_and_not_more_than_aws_advertises(prefixes: list[str]) -> None:
    with pytest.raises(ValidationError, match="allowedPrefixes"):
        DirectConnect.model_validate({"allowedPrefixes": prefixes, "connections": [ORDERED]})


def test_a_prefix_stands_once_in_the_list() -> None:
    section = DirectConnect.model_validate({"allowedPrefixes": ["10.0.0.0/8", "10.0.0.0/8"], "connections": [ORDERED]})
    assert keys(section) == ["allowedPrefixes[1]"]


def with_prefixes(*prefixes: str, **beside: Any) -> list[str]:
    section = DirectConnect.model_validate({"allowedPrefixes": prefixes or None, "connections": [ORDERED]})
    return [mistake.key for mistake in mistakes_with(section, **BESIDE | beside)]


def test_a_prefix_wider_than_the_vpc_would_lose_to_what_the_vpn_of_a_transit_gateway_announces() -> None:
    wide = {"hub": "transitGateway", "on_premises_cidrs": ["172.16.0.0/16"]}
    assert with_prefixes("10.0.0.0/8", **wide) == ["directConnect.allowedPrefixes[0]"]
    assert with_prefixes("10.20.0.0/15", "10.20.0.0/16", **wide) == ["directConnect.allowedPrefixes[0]"]
    assert with_prefixes("10.0.0.0/8", **wide, routers=False) == []
    # A virtual private gateway filters by it, and announces the VPC's own block either way.
    assert with_prefixes("10.0.0.0/8", on_premises_cidrs=["172.16.0.0/16"]) == []


def test_without_allowed_prefixes_the_vpc_is_advertised() -> None:
    assert with_prefixes() == []
    assert with_prefixes(hub="transitGateway") == []


def test_a_virtual_private_gateway_advertises_only_what_a_prefix_contains_whole() -> None:
    assert with_prefixes("10.20.0.0/16", "10.30.0.0/16") == []
    assert with_prefixes("10.0.0.0/8") == []
    assert with_prefixes("10.20.0.0/17", "10.20.128.0/17") == ["directConnect.allowedPrefixes"]


def test_a_transit_gateway_advertises_the_vpc_in_any_pieces_and_nothing_of_on_premises() -> None:
    assert with_prefixes("10.20.0.0/17", "10.20.128.0/17", hub="transitGateway") == []
    assert with_prefixes("10.0.0.0/8", hub="transitGateway", routers=False) == []
    assert with_prefixes("10.20.0.0/17", hub="transitGateway") == ["directConnect.allowedPrefixes"]
    assert with_prefixes("10.20.0.0/16", "10.20.0.0/17", "10.30.0.0/15", hub="transitGateway") == []
    assert with_prefixes("10.20.0.0/16", "192.168.4.0/24", hub="transitGateway") == ["directConnect.allowedPrefixes"]


def test_gateways_that_are_associated_have_different_asns_if_one_is_a_transit_gateway() -> None:
    assert with_prefixes(amazon_asn=64513) == []
    assert with_prefixes(amazon_asn=64513, hub="transitGateway") == ["directConnect.gatewayAsn"]


def test_a_circuit_lies_outside_the_vpc() -> None:
    inside = {"amazonAddress": "10.20.0.1/30", "customerAddress": "10.20.0.2/30"}
    mistakes = list(mistakes_with(parsed(**ATTACHED | inside), **BESIDE))
    assert [mistake.key for mistake in mistakes] == ["directConnect.connections[0].amazonAddress"]


def test_a_router_of_the_vpn_is_not_in_the_autonomous_system_of_aws() -> None:
    asns = {"onPremises.routers[0].asn": 65010, "onPremises.routers[1].asn": 64512}
    assert [mistake.key for mistake in router_mistakes(asns, 64512)] == ["onPremises.routers[1].asn"]


@given(st.integers(0, 2**32 - 1), st.sampled_from([30, 31]))
def test_the_two_hosts_of_every_point_to_point_network_in_private_space_are_accepted(bits: int, length: int) -> None:
    space = IPv4Network("172.16.0.0/12")
    network = IPv4Network((int(space.network_address) + bits % space.num_addresses, length), strict=False)
    amazon, customer = network.hosts()
    section = parsed(**{**ATTACHED, "amazonAddress": f"{amazon}/{length}", "customerAddress": f"{customer}/{length}"})
    assert keys(section) == []


@given(st.text(max_size=30))
def test_any_text_for_an_address_is_accepted_or_refused_without_a_traceback(text: str) -> None:
    try:
        section = parsed(amazonAddress=text)
    except ValidationError:
        return
    assert section.connections[0].amazon_address is not None


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        ([("new", "old")], []),
        ([("new", "old"), ("other", "older")], []),
        ([("new", "new")], ["connections[0].formerly"]),
        ([("new", "other"), ("other", None)], ["connections[0].formerly"]),
        ([("new", "old"), ("other", "old")], ["connections[1].formerly"]),
    ],
)
def test_a_circuit_was_called_what_nothing_else_is_or_was(names: list[tuple[str, str | None]], wrong: list[str]) -> None:
    circuits = [ORDERED | {"name": name} | ({"formerly": former} if former else {}) for name, former in names]
    assert keys(DirectConnect.model_validate({"connections": circuits})) == wrong
