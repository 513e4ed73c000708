"""Whoever set up the VM of a File Gateway gave it the disk that the stack file names."""

from rehearsal.emulator import ACCOUNT, Emulator
from rehearsal.extensions.storagegateway import gateways
from rehearsal.monitor import Node
from rehearsal.outside import AFTER
from rehearsal.stackfile import StackFile


def disk_attached(aws: Emulator, node: Node, stack: StackFile) -> None:
    """The second disk of a VM is at the gateway's `cacheDiskPath`, and known as `cacheDiskId` if that is given.

    Further ones are at `moreCacheDiskPaths`.
    """
    storage = stack.values.get(f"{stack.project}:storage", {})
    further = {one.get("name"): one for one in storage.get("fileGateways", [])}
    settings = further.get(node.inputs["gatewayName"]) or storage.get("fileGateway", {})
    path, disk_id = settings.get("cacheDiskPath", gateways.FIRST_DISK["DiskPath"]), settings.get("cacheDiskId")
    more = settings.get("moreCacheDiskPaths", [])
    gateways.attach(ACCOUNT, node.region, node.id, path=path, disk_id=disk_id, more=more)


AFTER["aws:storagegateway/gateway:Gateway"] = disk_attached
