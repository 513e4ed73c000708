"""Gateways that are there already, and other VPCs behind the hub."""

from typing import Any

import pytest

from components.settings import of_config
from components.settings.errors import SettingsError

HUB = {"hub": "transitGateway", "amazonAsn": 64520}
JOINED = {**HUB, "transitGateway": {"id": "tgw-0123456789abcdef0"}}

FOREIGN = {"gatewayId": "a1b2c3d4-5678-90ab-cdef-0123456789ab", "gatewayOwner": {"account": "210987654321"}}


def refused(network: dict[str, Any], **sections: Any) -> list[str]:
    given = {
        "size": "small",
        "network": {"cidr": "10.20.0.0/16", "zones": ["ap-northeast-2a", "ap-northeast-2b"], **network},
        "onPremises": {"cidrs": ["10.0.0.0/16"]},
    }
    config = {f"hybridge:{key}": value for key, value in (given | sections).items()}
    try:
        of_config(config, "ap-northeast-2", project="hybridge", stack="a")
    except SettingsError as error:
        return [mistake.key.removeprefix("hybridge:") for mistake in error.mistakes]
    return []


@pytest.mark.parametrize(
    ("network", "sections", "keys"),
    [
        (JOINED, {}, []),
        ({**HUB, "otherNetworks": ["10.30.0.0/16"]}, {}, []),
        ({"transitGateway": {"id": "tgw-0123456789abcdef0"}}, {}, ["network.transitGateway"]),
        ({"otherNetworks": ["10.30.0.0/16"]}, {}, ["network.otherNetworks"]),
        ({**HUB, "transitGateway": {"id": "vgw-1"}}, {}, ["network.transitGateway.id"]),
        ({**HUB, "otherNetworks": ["10.20.0.0/17"]}, {}, ["network.otherNetworks[0]"]),
        ({**HUB, "otherNetworks": ["10.0.0.0/17"]}, {}, ["network.otherNetworks[0]"]),
        ({**HUB, "otherNetworks": ["10.30.0.0/16", "10.30.1.0/24"]}, {}, ["network.otherNetworks[1]"]),
        ({**HUB, "otherNetworks": ["8.8.0.0/16"]}, {}, ["network.otherNetworks[0]"]),
        (
            JOINED,
            {"onPremises": {"cidrs": ["10.0.0.0/16"], "routers": [{"name": "a", "publicIp": "203.0.114.1", "asn": 65010}]}},
            ["onPremises.routers"],
        ),
        (JOINED, {"directConnect": {"connections": [{"name": "a", "connectionId": "dxcon-fgh12345"}]}}, ["directConnect"]),
        (JOINED, {"directConnect": {"gatewayId": "a1b2c3d4-5678-90ab-cdef-0123456789ab"}}, ["directConnect"]),
        ({}, {"directConnect": {"gatewayId": "a1b2c3d4-5678-90ab-cdef-0123456789ab"}}, []),
        ({}, {"directConnect": {"gatewayId": "dxgw-1"}}, ["directConnect.gatewayId"]),
        ({}, {"directConnect": FOREIGN}, []),
        ({}, {"directConnect": {"gatewayOwner": {"account": "210987654321"}}}, ["directConnect.gatewayOwner"]),
        (
            {},
            {"directConnect": {**FOREIGN, "connections": [{"name": "a", "connectionId": "dxcon-fgh12345"}]}},
            ["directConnect.connections"],
        ),
        (
            {},
            {
                "directConnect": FOREIGN,
                "secondaryRegion": "ap-northeast-1",
                "disasterRecovery": {"secondaryCidr": "10.40.0.0/16"},
            },
            ["disasterRecovery.directConnect"],
        ),
        (
            JOINED,
            {"secondaryRegion": "ap-northeast-1", "disasterRecovery": {"secondaryCidr": "10.40.0.0/16"}},
            ["disasterRecovery.peering"],
        ),
    ],
)
def test_what_is_another_accounts_or_does_not_fit_is_refused(
    network: dict[str, Any], sections: dict[str, Any], keys: list[str]
) -> None:
    assert refused(network, **sections) == keys
