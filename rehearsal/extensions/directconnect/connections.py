"""Circuits: ordered, built, adopted, cancelled."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.directconnect.common import ERROR, connection_of, connections, known_connections, tag

DEDICATED = {"1Gbps", "10Gbps", "100Gbps", "400Gbps"}


def complete(account: str, region: str, connection: str) -> None:
    """What the carrier does: the circuit is built."""
    connections(account, region)[connection]["connectionState"] = "available"


def adopt(account: str, region: str, connection: str) -> None:
    """A connection or link aggregation group that is there before the program starts."""
    connections(account, region)[connection] = {
        **_circuit(account, region, connection),
        "connectionName": connection,
        "bandwidth": "10Gbps",
        "location": "Kinx1",
        "connectionState": "available",
    }


def _circuit(account: str, region: str, connection: str) -> dict[str, Any]:
    return {
        "connectionId": connection,
        "ownerAccount": account,
        "region": region,
        "jumboFrameCapable": True,
        "macSecCapable": False,
        "hasLogicalRedundancy": "unknown",
        "awsDevice": "rehearsal",
        "awsDeviceV2": "rehearsal",
        "awsLogicalDeviceId": "rehearsal",
    }


@operation("directconnect", "CreateConnection")
def create_connection(call: Call) -> dict[str, Any]:
    """Order a dedicated connection."""
    if call.params["bandwidth"] not in DEDICATED:
        raise Refuse(ERROR, f"{call.params['bandwidth']} is not a bandwidth of dedicated connections: {sorted(DEDICATED)}")
    macsec = call.params.get("requestMACSec", False)
    if macsec and call.params["bandwidth"] == "1Gbps":
        raise Refuse(ERROR, "MACsec needs a bandwidth of 10Gbps or more")
    connection = call.new_id("dxcon-", 8)
    made = {
        **_circuit(call.account, call.region, connection),
        **call.params,
        "macSecCapable": macsec,
        "connectionState": "requested",
    }
    connections(call.account, call.region)[connection] = made
    tag(call, f"dxcon/{connection}", call.params)
    return made


@operation("directconnect", "DescribeConnections")
def describe_connections(call: Call) -> dict[str, Any]:
    """The connections of the region."""
    return {"connections": known_connections(call, call.params.get("connectionId"))}


@operation("directconnect", "DeleteConnection")
def delete_connection(call: Call) -> dict[str, Any]:
    """Cancel the order, or cut the circuit; refused while something is attached to it."""
    connection = connection_of(call)
    if any(vif["connectionId"] == connection["connectionId"] for vif in call.state["interfaces"].values()):
        raise Refuse(ERROR, f"Connection {connection['connectionId']} has virtual interfaces; delete them first")
    del connections(call.account, call.region)[connection["connectionId"]]
    return {**connection, "connectionState": "deleting"}


@operation("directconnect", "AssociateMacSecKey")
def associate_mac_sec_key(call: Call) -> dict[str, Any]:
    """Give a port that was ordered with MACsec a key; moto does not know the connections that are made here."""
    connection = connection_of(call)
    if not connection["macSecCapable"]:
        raise Refuse(ERROR, f"Connection {connection['connectionId']} is not MACsec capable")
    key = {"ckn": call.params.get("ckn", ""), "state": "associated"}
    connection.setdefault("macSecKeys", []).append(key)
    return {"connectionId": connection["connectionId"], "macSecKeys": connection["macSecKeys"]}


@operation("directconnect", "UpdateConnection")
def update_connection(call: Call) -> dict[str, Any]:
    """Name and encryption, which wants a port that can."""
    connection = connection_of(call)
    if "encryptionMode" in call.params and not connection["macSecCapable"]:
        raise Refuse(ERROR, f"Connection {connection['connectionId']} is not MACsec capable")
    connection.update({key: call.params[key] for key in ("connectionName", "encryptionMode") if key in call.params})
    return connection


@operation("directconnect", "ConfirmConnection")
def confirm_connection(call: Call) -> dict[str, Any]:
    """Accept a hosted connection, which a partner has made; a dedicated one waits for nobody."""
    connection = connection_of(call)
    if connection["connectionState"] != "ordering":
        raise Refuse(ERROR, f"Connection {connection['connectionId']} is {connection['connectionState']}, not ordering")
    connection["connectionState"] = "available"
    return {"connectionState": "pending"}
