"""Carriers: circuits that a stack file adopts exist before the program, those it calls `available` are built once ordered."""

from rehearsal.emulator import ACCOUNT, Emulator
from rehearsal.extensions import directconnect
from rehearsal.monitor import Node
from rehearsal.outside import AFTER, adopted
from rehearsal.stackfile import StackFile


@adopted(r"dx(con|lag)-[a-z0-9]{4,32}")
def connection(aws: Emulator, identifier: str, region: str) -> None:
    """A connection or link aggregation group named by its id is up."""
    directconnect.adopt(ACCOUNT, region, identifier)


def circuit_built(aws: Emulator, node: Node, stack: StackFile) -> None:
    """A connection is ordered long before its state in the stack file becomes `available`; a rehearsal does both at once."""
    circuits = stack.values.get(f"{stack.project}:directConnect", {}).get("connections", [])
    for circuit in circuits:
        if circuit.get("state") == "available" and node.name.endswith(f"-direct-connect-{circuit['name']}"):
            directconnect.complete(ACCOUNT, node.region, node.id)


AFTER["aws:directconnect/connection:Connection"] = circuit_built
