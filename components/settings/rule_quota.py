"""How many rules the security group of the hosts would have: AWS takes 60, and says so only in the middle of a deployment."""

from collections.abc import Iterator, Sequence

from components.settings.base import Mistake
from components.settings.client_vpn import ClientVpn
from components.settings.errors import Unshown
from components.settings.network import Network
from components.settings.on_premises import OnPremises
from components.settings.workloads import Workload

MAX_RULES = 60
"""Inbound rules of one security group; more by a request to AWS, which divides what a network card can have.

https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
"""


def mistakes_with(
    on_premises: OnPremises, network: Network, client_vpn: ClientVpn, workloads: Sequence[Workload]
) -> Iterator[Mistake]:
    """More fixed ports than rules are left for. Keys are seen from the root."""
    fixed = {
        (port.protocol, port.host_port)
        for workload in workloads
        if workload.placement != "onPremises"
        for port in workload.ports
        if port.host_port
    }
    clients = len(on_premises.cidrs) + len(network.other_networks)
    # One more is for the load balancer.
    others = 1 + len(on_premises.ssh_cidrs) + client_vpn.reaches("ssh")
    most = (MAX_RULES - others) // (1 + clients)
    if len(fixed) > most:
        allowed = (
            f"up to {most} fixed ports (hostPort) beside {clients} networks of on-premises and others: each port takes a "
            f"rule for each of them and one for the VPC, and a security group takes {MAX_RULES} rules"
        )
        fix = "Leave hostPort out where a route or a name does, or summarize neighbouring onPremises.cidrs."
        yield Mistake("workloads", Unshown(f"{len(fixed)} fixed ports"), allowed, fix)
