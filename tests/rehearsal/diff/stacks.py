"""Small deployments by hand, for what a diff makes of them."""

from typing import Any

from rehearsal.diff import Standing, of_graph

RULE = "aws:lb/listenerRule:ListenerRule"
SUBNET = "aws:ec2/subnet:Subnet"
VPC = "aws:ec2/vpc:Vpc"
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
INTERFACE = "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:test::hybridge::{type_}::{name}"


def node(type_: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A node of a graph; its id is the name unless told otherwise."""
    known = {"urn": urn(type_, name), "type": type_, "name": name, "id": name, "fidelity": "emulated", "inputs": inputs}
    return {**known, **more}


def stands(*nodes: dict[str, Any], **outputs: Any) -> Standing:
    return of_graph({"nodes": list(nodes), "outputs": outputs})
