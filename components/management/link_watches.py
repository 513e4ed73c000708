"""What is watched between the data centre and AWS: circuits, VPN connections, resolver endpoints.

https://docs.aws.amazon.com/directconnect/latest/UserGuide/monitoring-cloudwatch.html
"""

from collections.abc import Iterator
from typing import Any, Literal

import pulumi

from components.management.args import ManagementArgs
from components.management.watch import ABOVE, AT_MOST, BELOW, Metric, Missing, Watch

BUSY = 0.8
"""Part of a port's speed above which queues build up; and with two circuits, each above half cannot stand in for the other."""
PREFIXES = 80
"""Of the 100 networks that AWS takes over one BGP session; with one more the session goes down.

https://docs.aws.amazon.com/directconnect/latest/UserGuide/limits.html
"""


def links(args: ManagementArgs) -> Iterator[Watch]:
    """Direct Connect: the circuit, and the BGP session over it.

    Only connections that have a virtual interface are watched: until then a circuit is still being built.
    """
    connections, lags = args.get("connection_ids") or {}, args.get("lag_names") or ()
    for name, interface in (args.get("virtual_interface_ids") or {}).items():
        if name not in lags:
            yield from _circuit(name, connections[name], (args.get("port_gbits") or {}).get(name))
        dimensions = {"ConnectionId": connections[name], "VirtualInterfaceId": interface, "IpAddressFamily": "ipv4"}
        yield _session(
            f"bgp-{name}",
            f"The BGP session over {name} is down. Compare the router's log, its key and addresses with the virtual interface.",
            Metric("AWS/DX", "VirtualInterfaceBgpStatus", dimensions, "Minimum"),
            threshold=1,
            comparison=BELOW,
            missing="breaching",
            severity=2,
            lag=name in lags,
        )
        yield _session(
            f"prefixes-{name}",
            f"On-premises announces more than {PREFIXES} networks over {name}. At 101 AWS closes the session: summarize them.",
            Metric("AWS/DX", "VirtualInterfaceBgpPrefixesAccepted", dimensions, "Maximum"),
            threshold=PREFIXES,
            severity=2,
            lag=name in lags,
        )


def _circuit(name: str, connection: pulumi.Input[str], gbits: float | None) -> Iterator[Watch]:
    """A connection, for a link aggregation group has none of these metrics: they are of its members."""
    dimensions = {"ConnectionId": connection}
    yield Watch(
        f"circuit-{name}",
        f"The Direct Connect connection {name} is down. Traffic goes over the other circuits or the VPN: call the carrier.",
        Metric("AWS/DX", "ConnectionState", dimensions, "Minimum"),
        threshold=1,
        comparison=BELOW,
        periods=2,
        # The metric comes as long as the connection exists, so its end is an outage too.
        missing="breaching",
        severity=2,
    )
    yield Watch(
        f"errors-{name}",
        f"The Direct Connect connection {name} counts errors on the line: have the optics and the cross connect checked.",
        Metric("AWS/DX", "ConnectionErrorCount", dimensions, "Sum"),
        threshold=0,
        category="Performance",
    )
    if gbits is not None:
        yield Watch(
            f"bandwidth-{name}",
            f"The Direct Connect connection {name} carries more than {BUSY:.0%} of its {gbits:g} Gbit/s in one direction.",
            Metric("AWS/DX", "ConnectionBpsEgress", dimensions),
            others={"inbound": Metric("AWS/DX", "ConnectionBpsIngress", dimensions)},
            expression="MAX([first, inbound])",
            threshold=BUSY * gbits * 1e9,
            category="Performance",
        )


def _session(
    name: str,
    description: str,
    metric: Metric,
    *,
    threshold: float,
    comparison: str = ABOVE,
    missing: Missing = "notBreaching",
    severity: Literal[2, 3],
    lag: bool,
) -> Watch:
    """A watch of a virtual interface. Of one on a link aggregation group, AWS does not say which connection its metrics are
    under, so that they are asked for by the interface alone."""
    query: dict[str, Any] = {}
    if lag:
        aggregate = {"Minimum": "MIN", "Maximum": "MAX"}[metric.statistic]
        query["expression"] = pulumi.Output.concat(
            f'SELECT {aggregate}({metric.name}) FROM "{metric.namespace}" WHERE VirtualInterfaceId = \'',
            metric.dimensions["VirtualInterfaceId"],
            "'",
        )
    return Watch(
        name,
        description,
        None if lag else metric,
        threshold=threshold,
        comparison=comparison,
        periods=2,
        missing=missing,
        severity=severity,
        **query,
    )


def tunnels(args: ManagementArgs) -> Iterator[Watch]:
    """Site-to-Site VPN: a connection without any tunnel, and one that has lost one of its two."""
    for name, connection in (args.get("vpn_connection_ids") or {}).items():
        dimensions = {"VpnId": connection}
        yield Watch(
            f"vpn-{name}",
            f"Both tunnels of the VPN to {name} are down: there is no backup of the circuits over this router.",
            # The metric of a connection lies between 0 and 1 while only one tunnel's BGP session stands.
            # https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-cloudwatch-vpn.html
            Metric("AWS/VPN", "TunnelState", dimensions, "Maximum"),
            threshold=0,
            comparison=AT_MOST,
            missing="breaching",
            severity=2,
        )
        yield Watch(
            f"tunnel-{name}",
            f"One tunnel of the VPN to {name} is down. AWS maintains tunnels one at a time; past that, look at the router.",
            Metric("AWS/VPN", "TunnelState", dimensions, "Minimum"),
            threshold=1,
            comparison=BELOW,
            # Maintenance of a tunnel by AWS takes less than half an hour.
            periods=6,
            missing="breaching",
        )


def names(args: ManagementArgs) -> Iterator[Watch]:
    """Route 53 Resolver: an address that no longer answers, of an endpoint that one side asks the other's names by."""
    for direction, endpoint in (args.get("resolver_endpoint_ids") or {}).items():
        yield Watch(
            f"resolver-{direction}",
            f"An address of the {direction} resolver endpoint does not answer. AWS tries to bring it back; the others go on.",
            Metric("AWS/Route53Resolver", "EndpointUnhealthyENICount", {"EndpointId": endpoint}, "Minimum"),
            threshold=0,
            # Recovery by itself is a matter of minutes.
            periods=2,
            severity=2,
        )
