"""Fixed ports of the hosts, counted before AWS counts them."""

from typing import Any

import pytest

from components.settings.client_vpn import ClientVpn
from components.settings.network import Network
from components.settings.on_premises import OnPremises
from components.settings.rule_quota import mistakes_with
from components.settings.workloads import Workload
from tests.settings.test_client_vpn import CLIENT_VPN


def found(
    ports: int, cidrs: int, clients: dict[str, Any] | None = None, others: tuple[str, ...] = (), **changed: Any
) -> list[str]:
    on_premises = OnPremises.model_validate({"cidrs": [f"10.{number}.0.0/16" for number in range(cidrs)], **changed})
    workload = {
        "name": "many",
        "image": "acme/many:1.0.0",
        "ports": [{"containerPort": 2000 + number, "hostPort": 20000 + number} for number in range(ports)],
    }
    network = Network.model_validate(
        {"cidr": "10.200.0.0/16", "zones": ["ap-northeast-2a", "ap-northeast-2b"], "otherNetworks": others}
    )
    section = ClientVpn.model_validate(clients or {})
    return [one.key for one in mistakes_with(on_premises, network, section, [Workload.model_validate(workload)])]


@pytest.mark.parametrize(("cidrs", "most"), [(1, 29), (4, 11), (14, 3)])
def test_as_many_ports_as_there_are_rules_for_are_taken_and_no_more(cidrs: int, most: int) -> None:
    assert found(most, cidrs) == []
    assert found(most + 1, cidrs) == ["workloads"]


def test_ssh_takes_rules_from_each_network_that_it_comes_from_and_from_clients() -> None:
    assert found(7, 7) == ["workloads"]
    assert found(7, 7, sshCidrs=["10.1.0.0/16"]) == []
    assert found(11, 4) == []
    assert found(11, 4, CLIENT_VPN) == ["workloads"]


def test_other_vpcs_take_rules_as_on_premises_does() -> None:
    assert found(9, 4, others=("10.201.0.0/16",)) == []
    assert found(10, 4, others=("10.201.0.0/16",)) == ["workloads"]
