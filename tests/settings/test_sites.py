"""Several data centres: each site has its own networks, names, routers and circuits."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.settings.base import all_mistakes
from components.settings.direct_connect import DirectConnect
from components.settings.network import Network
from components.settings.on_premises import OnPremises, circuits_of_sites, mistakes_with

PANGYO: dict[str, Any] = {
    "name": "pangyo",
    "cidrs": ["10.10.0.0/16"],
    "domains": [{"domain": "corp.example", "servers": ["10.10.0.53"]}],
    "routers": [{"name": "pangyo-1", "publicIp": "203.0.114.1", "asn": 65010}],
    "circuits": ["kinx"],
}
BUSAN: dict[str, Any] = {
    "name": "busan",
    "cidrs": ["10.11.0.0/16"],
    "domains": [{"domain": "corp.example", "servers": ["10.11.0.53"]}],
    "routers": [{"name": "busan-1", "publicIp": "203.0.114.2", "asn": 65011}],
}
WAREHOUSE: dict[str, Any] = {"name": "warehouse", "cidrs": ["10.12.0.0/24"]}
CIRCUIT = {"name": "kinx", "location": "Kinx1", "bandwidth": "10Gbps"}


def sites(*given: dict[str, Any], **beside: Any) -> OnPremises:
    return OnPremises.model_validate({"sites": list(given), **beside})


def keys(section: OnPremises) -> list[str]:
    return [mistake.key for mistake in all_mistakes(section)]


def test_everything_of_all_sites_reaches_the_components_and_routers_say_where_they_stand() -> None:
    section = sites(PANGYO, BUSAN, WAREHOUSE)
    assert keys(section) == []
    assert section.as_args() == {
        "cidrs": ["10.10.0.0/16", "10.11.0.0/16", "10.12.0.0/24"],
        "domains": [
            {"domain": "corp.example", "servers": ["10.10.0.53", "10.11.0.53"]},
            {"domain": "10.10.in-addr.arpa", "servers": ["10.10.0.53"]},
            {"domain": "11.10.in-addr.arpa", "servers": ["10.11.0.53"]},
        ],
        "routers": [
            {"name": "pangyo-1", "public_ip": "203.0.114.1", "asn": 65010, "site": "pangyo"},
            {"name": "busan-1", "public_ip": "203.0.114.2", "asn": 65011, "site": "busan"},
        ],
        "tunnel_bandwidth": "standard",
    }


def test_one_data_centre_is_written_as_ever_and_is_one_site() -> None:
    (site,) = OnPremises.model_validate({"cidrs": ["10.10.0.0/16"]}).all_sites
    assert (site.name, site.cidrs) == ("on-premises", ["10.10.0.0/16"])


@pytest.mark.parametrize(
    ("beside", "key"),
    [
        ({"cidrs": ["10.20.0.0/16"]}, "cidrs"),
        ({"domains": [{"domain": "a.example", "servers": ["10.10.0.9"]}]}, "domains"),
        ({"routers": [{"name": "c", "publicIp": "203.0.114.9", "asn": 65010}]}, "routers"),
    ],
)
def test_a_data_centre_is_not_written_in_both_ways(beside: dict[str, Any], key: str) -> None:
    assert keys(sites(PANGYO, **beside)) == [key]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([PANGYO, BUSAN | {"cidrs": ["10.10.128.0/17", "10.11.0.0/16"]}], ["sites[1].cidrs[0]"]),
        ([PANGYO, BUSAN | {"name": "pangyo"}], ["sites[1].name"]),
        ([PANGYO, BUSAN | {"routers": PANGYO["routers"]}], ["sites[1].routers[0].name", "sites[1].routers[0].publicIp"]),
        (
            [PANGYO, BUSAN | {"domains": [{"domain": "b.example", "servers": ["10.10.0.1"]}]}],
            ["sites[1].domains[0].servers[0]"],
        ),
        ([PANGYO | {"circuits": ["kinx", "kinx"]}], ["sites[0].circuits[1]"]),
        (
            [
                PANGYO | {"domains": [{"domain": "a.example", "servers": [f"10.10.0.{n}" for n in range(1, 5)]}]},
                BUSAN | {"domains": [{"domain": "a.example", "servers": [f"10.11.0.{n}" for n in range(1, 5)]}]},
            ],
            ["sites"],
        ),
        ([PANGYO | {"cidrs": [f"10.10.{n}.0/24" for n in range(14)]}, WAREHOUSE], ["sites"]),
    ],
)
def test_what_does_not_fit_together_is_told_where_it_stands(given: list[dict[str, Any]], expected: list[str]) -> None:
    assert keys(sites(*given)) == expected


def test_two_sites_in_one_reverse_zone_look_it_up_only_where_one_knows_it() -> None:
    halves = [PANGYO | {"cidrs": ["10.10.0.0/17"]}, BUSAN | {"cidrs": ["10.10.128.0/17"], "domains": []}]
    other = halves[1] | {"domains": [{"domain": "b.example", "servers": ["10.10.200.1"]}]}
    assert [one.domain for one in sites(*halves).forwarded] == ["corp.example", "10.10.in-addr.arpa"]
    assert [one.domain for one in sites(halves[0], other).forwarded] == ["corp.example", "b.example"]


def test_mistakes_beside_the_network_name_the_site() -> None:
    network = {"cidr": "10.11.0.0/16", "zones": ["ap-northeast-2a", "ap-northeast-2b"]}
    found = mistakes_with(sites(PANGYO, BUSAN), Network.model_validate(network))
    assert [mistake.key for mistake in found] == ["onPremises.sites[1].cidrs[0]"]
    zone = Network.model_validate({**network, "cidr": "10.20.0.0/16", "privateZone": "corp.example"})
    assert [mistake.key for mistake in mistakes_with(sites(PANGYO), zone)] == ["onPremises.sites[0].domains[0].domain"]


@pytest.mark.parametrize(
    ("given", "circuits", "role", "expected"),
    [
        ([PANGYO, BUSAN], [CIRCUIT], "primary", []),
        ([PANGYO, BUSAN], [], "primary", ["onPremises.sites[0].circuits[0]"]),
        # A secondary is served by the circuits of its primary.
        ([PANGYO, BUSAN], [], "secondary", []),
        ([PANGYO, BUSAN | {"circuits": ["kinx"]}], [CIRCUIT], "primary", ["onPremises.sites[1].circuits[0]"]),
        ([PANGYO], [CIRCUIT, CIRCUIT | {"name": "lgu"}], "primary", ["directConnect.connections[1].name"]),
    ],
)
def test_each_circuit_ends_at_one_site(
    given: list[dict[str, Any]], circuits: list[dict[str, Any]], role: str, expected: list[str]
) -> None:
    direct_connect = DirectConnect.model_validate({"connections": circuits})
    assert [mistake.key for mistake in circuits_of_sites(sites(*given), direct_connect, role)] == expected


def test_circuits_need_no_site_where_there_is_one_data_centre() -> None:
    one = OnPremises.model_validate({"cidrs": ["10.10.0.0/16"]})
    assert list(circuits_of_sites(one, DirectConnect.model_validate({"connections": [CIRCUIT]}), "primary")) == []


def test_the_sites_of_the_first_environment_are_right() -> None:
    text = (Path(__file__).parent.parent.parent / "docs" / "first-environment.md").read_text()
    (told,) = [block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "sites:" in block]
    section = OnPremises.model_validate(yaml.safe_load(told)["hybridge:onPremises"])
    assert keys(section) == []
    assert {name: len(cidrs) for name, cidrs in section.announced.items()} == {"frankfurt": 1, "dublin": 1}
