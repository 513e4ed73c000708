"""Network with what test_network.py leaves off."""

from components.network import Network
from tests.rehearsal.support import rehearsed
from tests.rehearsal.test_network import CERTIFICATE, arguments


def test_a_network_behind_a_transit_gateway_with_federated_clients_rehearses_too() -> None:
    saml = "arn:aws:iam::123456789012:saml-provider/corp"
    client_vpn = {"enabled": True, "cidr": "10.254.0.0/22", "server_certificate_arn": CERTIFICATE, "saml_provider_arn": saml}
    args = arguments(hub="transitGateway", nat_gateways="None", client_vpn=client_vpn)
    with rehearsed(lambda: Network("network", args), {"hybridge:adopts": [CERTIFICATE, saml]}) as made:
        assert made.good, made.report
        assert {node.name: node.gaps for node in made.deployment.nodes.values() if node.gaps} == {}
