from typing import Any

import pytest
from pydantic import ValidationError

from components.settings.base import all_mistakes
from components.settings.network import Network
from components.settings.on_premises import OnPremises, mistakes_with

ON_PREMISES: dict[str, Any] = {
    "cidrs": ["10.0.0.0/16", "192.168.0.0/16"],
    "domain": "corp.example",
    "dnsServers": ["10.0.0.10"],
    "routers": [{"name": "seoul-1", "publicIp": "203.0.113.1", "asn": 65010}],
}


def parsed(**changes: Any) -> OnPremises:
    return OnPremises.model_validate(ON_PREMISES | changes)


def keys(section: OnPremises) -> list[str]:
    return [mistake.key for mistake in all_mistakes(section)]


def beside(section: OnPremises, **network: Any) -> list[str]:
    other = {"cidr": "10.20.0.0/16", "zones": ["ap-northeast-2a", "ap-northeast-2b"], **network}
    return [mistake.key for mistake in mistakes_with(section, Network.model_validate(other))]


def test_a_data_centre_becomes_args() -> None:
    section = parsed()
    assert keys(section) == beside(section) == []
    assert section.as_args() == {
        "cidrs": ["10.0.0.0/16", "192.168.0.0/16"],
        "domains": [
            {"domain": "corp.example", "servers": ["10.0.0.10"]},
            # Names of addresses on-premises are looked up there too.
            {"domain": "0.10.in-addr.arpa", "servers": ["10.0.0.10"]},
            {"domain": "168.192.in-addr.arpa", "servers": ["10.0.0.10"]},
        ],
        "routers": [{"name": "seoul-1", "public_ip": "203.0.113.1", "asn": 65010}],
        "tunnel_bandwidth": "standard",
    }


def test_networks_alone_are_enough() -> None:
    section = OnPremises.model_validate({"cidrs": ["10.0.0.0/16"]})
    assert keys(section) == []
    assert section.as_args() == {
        "cidrs": ["10.0.0.0/16"],
        "domains": [],
        "routers": [],
        "tunnel_bandwidth": "standard",
    }


def test_whom_a_router_knows_inside_is_within_the_data_centre_and_nothing_to_aws() -> None:
    router = {"name": "seoul-1", "publicIp": "203.0.113.1", "asn": 65010}
    section = parsed(routers=[{**router, "insidePeers": ["10.0.0.3", "10.7.0.1", "10.0.0.3"]}])
    assert keys(section) == ["routers[0].insidePeers[2]", "routers[0].insidePeers[1]"]
    assert section.as_args()["routers"] == [{"name": "seoul-1", "public_ip": "203.0.113.1", "asn": 65010}]


def test_larger_tunnels_need_a_transit_gateway() -> None:
    large = parsed(tunnelBandwidth="large")
    assert beside(large) == ["onPremises.tunnelBandwidth"]
    assert beside(large, hub="transitGateway") == []


def test_ssh_may_come_from_a_part_of_on_premises() -> None:
    assert parsed(sshCidrs=["10.0.7.0/24"]).ssh_cidrs == ["10.0.7.0/24"]
    assert keys(parsed(sshCidrs=["10.0.7.0/24", "10.1.0.0/24"])) == ["sshCidrs[1]"]
    assert keys(parsed(sshCidrs=["10.0.0.0/16", "10.0.7.0/24"])) == ["sshCidrs[1]"]


@pytest.mark.parametrize(
    "changes",
    [
        {"cidrs": []},
        {"cidrs": [f"10.{second}.0.0/16" for second in range(15)]},
        {"cidrs": ["0.0.0.0/0"]},
        {"sshCidrs": []},
        {"dnsServers": [f"10.0.0.{host}" for host in range(1, 8)]},
        {"dnsServers": ["dns.corp.example"]},
        {"domain": "amazonaws.com"},
        {"routers": [{"name": "Seoul 1", "publicIp": "203.0.113.1", "asn": 65010}]},
        {"routers": [{"name": "seoul-1", "publicIp": "10.0.0.1", "asn": 65010}]},
        {"routers": [{"name": "seoul-1", "publicIp": "203.0.113.1", "asn": 7224}]},
        {"routers": [{"name": "seoul-1", "publicIp": "203.0.113.1"}]},
    ],
)
def test_what_aws_would_refuse_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parsed(**changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cidrs": ["10.0.0.0/16", "10.0.1.0/24"]}, ["cidrs[1]"]),
        ({"dnsServers": []}, ["dnsServers"]),
        ({"domain": None}, ["domain"]),
        ({"dnsServers": ["10.0.0.10", "10.0.0.10"]}, ["dnsServers[1]"]),
        ({"dnsServers": ["10.1.0.10"]}, ["dnsServers[0]"]),
        (
            {"routers": [{"name": "a", "publicIp": "203.0.113.1", "asn": asn} for asn in (65010, 65011)]},
            ["routers[1].name", "routers[1].publicIp"],
        ),
    ],
)
def test_what_does_not_fit_together_is_told(changes: dict[str, Any], expected: list[str]) -> None:
    assert keys(parsed(**changes)) == expected


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.0.0.0/20", "192.168.128.0/20"])
def test_the_vpc_lies_apart_from_on_premises(cidr: str) -> None:
    position = 1 if cidr.startswith("192") else 0
    assert beside(parsed(), cidr=cidr) == [f"onPremises.cidrs[{position}]"]


def test_the_forwarded_domain_does_not_hide_the_private_zone() -> None:
    assert beside(parsed(), privateZone="corp.example") == ["onPremises.domain"]
    assert beside(parsed(), privateZone="aws.corp.example") == []


def test_routers_have_asns_of_their_own() -> None:
    assert beside(parsed(), amazonAsn=65010) == ["onPremises.routers[0].asn"]


def forwarded(section: OnPremises) -> dict[str, list[str]]:
    return {one.domain: one.servers for one in section.forwarded}


def test_reverse_zones_are_asked_of_the_servers_of_the_domain_unless_others_know_them_or_nobody_does() -> None:
    listed = parsed(domains=[{"domain": "168.192.in-addr.arpa", "servers": ["192.168.0.9"]}])
    assert forwarded(listed) == {
        "corp.example": ["10.0.0.10"],
        "168.192.in-addr.arpa": ["192.168.0.9"],
        "0.10.in-addr.arpa": ["10.0.0.10"],
    }
    assert forwarded(parsed(reverseLookups=False)) == {"corp.example": ["10.0.0.10"]}
    without = OnPremises.model_validate({"cidrs": ["10.0.0.0/16"]})
    assert forwarded(without) == {}


def test_further_domains_have_servers_of_their_own_within_the_networks() -> None:
    legacy = {"domain": "legacy.local", "servers": ["10.0.0.20", "10.0.0.21"]}
    section = parsed(domains=[legacy], reverseLookups=False)
    assert (keys(section), forwarded(section)) == (
        [],
        {"corp.example": ["10.0.0.10"], "legacy.local": ["10.0.0.20", "10.0.0.21"]},
    )
    assert keys(parsed(domains=[legacy | {"servers": ["10.1.0.20"]}])) == ["domains[0].servers[0]"]
    assert keys(parsed(domains=[legacy | {"servers": ["10.0.0.20", "10.0.0.20"]}])) == ["domains[0].servers[1]"]
    assert keys(parsed(domains=[legacy | {"domain": "corp.example"}])) == ["domains[0].domain"]
    assert beside(parsed(domains=[legacy]), privateZone="legacy.local") == ["onPremises.domains[0].domain"]


def test_a_data_centre_without_networks_is_none() -> None:
    assert keys(OnPremises.model_validate({})) == ["cidrs"]
