from typing import Any

import pytest
from pydantic import ValidationError

from components.settings.base import all_mistakes
from components.settings.client_vpn import ClientVpn, mistakes_with
from components.settings.network import Network
from components.settings.on_premises import OnPremises

CERTIFICATE = "arn:aws:acm:ap-northeast-2:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"
SAML = "arn:aws:iam::123456789012:saml-provider/corp"
DIRECTORY = "d-0123456789"
CLIENT_VPN: dict[str, Any] = {
    "enabled": True,
    "cidr": "10.254.0.0/22",
    "serverCertificateArn": CERTIFICATE,
    "clientCertificateArn": CERTIFICATE,
}


def parsed(**changes: Any) -> ClientVpn:
    return ClientVpn.model_validate(CLIENT_VPN | changes)


def keys(section: ClientVpn) -> list[str]:
    return [mistake.key for mistake in all_mistakes(section)]


def beside(section: ClientVpn, region: str = "ap-northeast-2") -> list[str]:
    network = Network.model_validate({"cidr": "10.20.0.0/16", "zones": ["ap-northeast-2a", "ap-northeast-2b"]})
    on_premises = OnPremises.model_validate({"cidrs": ["10.0.0.0/16", "192.168.0.0/16"]})
    return [mistake.key for mistake in mistakes_with(section, network, on_premises, region=region)]


def test_there_is_none_unless_asked_for() -> None:
    section = ClientVpn()
    assert keys(section) == beside(section) == []
    assert section.as_args() == {"enabled": False, "access_groups": [], "session_hours": 12}


def test_an_enabled_endpoint_becomes_args() -> None:
    section = parsed()
    assert keys(section) == beside(section) == []
    assert section.as_args() == {
        "enabled": True,
        "cidr": "10.254.0.0/22",
        "server_certificate_arn": CERTIFICATE,
        "client_certificate_arn": CERTIFICATE,
        "access_groups": [],
        "session_hours": 12,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"cidr": "10.254.0.0/24"},
        {"serverCertificateArn": "arn:aws:iam::123456789012:server-certificate/x"},
        {"clientCertificateArn": "12345678-90ab-cdef-1234-567890abcdef"},
        {"directoryId": "corp.example"},
        {"samlProviderArn": "arn:aws:iam::123456789012:role/x"},
        {"sessionHours": 11},
        {"accessGroups": [""]},
    ],
)
def test_what_aws_would_refuse_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parsed(**changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cidr": None}, ["cidr"]),
        ({"serverCertificateArn": None}, ["serverCertificateArn"]),
        ({"clientCertificateArn": None}, [""]),
        ({"directoryId": DIRECTORY, "samlProviderArn": SAML}, ["samlProviderArn"]),
        ({"accessGroups": ["S-1-5-21"]}, ["accessGroups"]),
        ({"directoryId": DIRECTORY, "accessGroups": ["S-1-5-21", "S-1-5-21"]}, ["accessGroups[1]"]),
    ],
)
def test_what_does_not_fit_together_is_told(changes: dict[str, Any], expected: list[str]) -> None:
    assert keys(parsed(**changes)) == expected


@pytest.mark.parametrize("way", [{"directoryId": DIRECTORY}, {"samlProviderArn": SAML}, {"clientCertificateArn": CERTIFICATE}])
def test_one_way_to_authenticate_is_enough(way: dict[str, Any]) -> None:
    assert keys(parsed(**{"clientCertificateArn": None, **way})) == []


@pytest.mark.parametrize(
    ("cidr", "count"), [("10.20.0.0/22", 1), ("192.168.0.0/16", 1), ("10.16.0.0/12", 1), ("10.0.0.0/12", 1)]
)
def test_clients_get_addresses_apart_from_both_sides(cidr: str, count: int) -> None:
    assert beside(parsed(cidr=cidr)) == ["clientVpn.cidr"] * count


def test_certificates_lie_in_the_region_of_the_stack() -> None:
    assert beside(parsed(), region="us-east-1") == ["clientVpn.serverCertificateArn", "clientVpn.clientCertificateArn"]


def test_clients_reach_ssh_and_the_database_unless_the_stack_file_says_less() -> None:
    assert [parsed().reaches("ssh"), parsed().reaches("database")] == [True, True]
    assert [parsed(reach=["ssh"]).reaches("ssh"), parsed(reach=["ssh"]).reaches("database")] == [True, False]
    assert not ClientVpn().reaches("ssh")
    assert [mistake.key for mistake in all_mistakes(parsed(reach=["ssh", "ssh"]))] == ["reach[1]"]
