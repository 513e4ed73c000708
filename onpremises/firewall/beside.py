"""What must be open beside the links: hosts of the internet that a join, a patch or an image needs; the VMs of gateways.

Which of AWS's services go by the internet follows from the stack's endpoints; S3 always has one.
"""

from collections.abc import Iterator

from components.settings import Settings
from components.settings.file_shares import Nfs
from components.settings.network import PRIVATE_HOST_SERVICES
from onpremises.firewall.opening import Opening

JOIN = (
    ("amazon-ecs-agent.s3.amazonaws.com", "AWS's installer, and its signature"),
    ("raw.githubusercontent.com", "the key that the installer is verified by, and the installer's own"),
    ("download.docker.com", "Docker, where it is not installed yet"),
)
"""What the installer gets from elsewhere than the bucket of the region.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-anywhere-registration.html"""
CALLED = {
    "ecs-agent": "ecs-a-*.{region}.amazonaws.com",
    "ecs-telemetry": "ecs-t-*.{region}.amazonaws.com",
    "ecr.api": "api.ecr.{region}.amazonaws.com",
    "ecr.dkr": "*.dkr.ecr.{region}.amazonaws.com",
}
"""What a service is called where that is not its own name. https://docs.aws.amazon.com/general/latest/gr/ecs-service.html"""
DOCKER_HUB = ("registry-1.docker.io", "auth.docker.io", "production.cloudflare.docker.com")
"""https://docs.docker.com/desktop/setup/allow-list/"""
TIME = "a time server, unless the data centre has one"
NFS = (("tcp", "2049"), ("udp", "2049"), ("tcp", "111"), ("udp", "111"), ("tcp", "20048"), ("udp", "20048"))
"""https://docs.aws.amazon.com/filegateway/latest/files3/Requirements.html; what the other VM wants:
https://docs.aws.amazon.com/aws-backup/latest/devguide/configure-infrastructure-bgw.html"""


def beside(settings: Settings) -> Iterator[Opening]:
    """All of it."""
    inside = tuple(settings.on_premises.cidrs)
    yield from _of_servers(settings, inside)
    yield from _of_gateways(settings, inside)
    yield from _of_backup(settings, inside)


def _of_servers(settings: Settings, inside: tuple[str, ...]) -> Iterator[Opening]:
    local = [one for one in settings.workloads if one.placement != "aws"]
    if not settings.containers.on_premises_servers.count and not local:
        return

    def out(host: str, why: str, needed: str, protocol: str = "tcp", ports: str = "443") -> Opening:
        return Opening("to the internet", "servers", inside, host, (), protocol, ports, why, needed)

    for host, why in JOIN:
        yield out(host, why, "join")
    for service in PRIVATE_HOST_SERVICES:
        if service not in settings.network.endpoints:
            host = CALLED.get(service, service + ".{region}.amazonaws.com").format(region=settings.region)
            yield out(host, f"{service}, of which the stack has no endpoint", "always")
    for port in ("80", "443"):
        yield out("the distribution's mirrors", "jq and curl; patches", "join and patching", ports=port)
    yield out(TIME, "AWS refuses what is signed five minutes off", "always", "udp", "123")
    cached = settings.containers.pull_through_cache.enabled
    for host in sorted({host for one in local for host in _registry(one.image)} - (set(DOCKER_HUB) if cached else set())):
        yield out(host, "images of containers", "whenever a container starts")


def _registry(image: str) -> tuple[str, ...]:
    first, slash, _ = image.partition("/")
    if not slash or ("." not in first and ":" not in first):
        return DOCKER_HUB
    return () if first.endswith(".amazonaws.com") else (first,)


def _of_gateways(settings: Settings, inside: tuple[str, ...]) -> Iterator[Opening]:
    storage = settings.storage
    for key, gateway in storage.gateways.items():
        vm = f"the VM of the File Gateway {gateway.name}" if storage.file_gateways else "the File Gateway's VM"
        shares = {name: share for name, share in gateway.shares.items() if isinstance(share, Nfs)}
        for protocol, port in NFS:
            for name, share in shares.items():
                clients, why = tuple(share.clients or inside), f"storage.{key}.{name}"
                yield Opening("inside", "clients", clients, vm, (), protocol, port, why, "always")
        if gateway.smb:
            yield Opening("inside", "clients", inside, vm, (), "tcp", "445", f"storage.{key}.smb", "always")
        yield from _of_vm(vm, inside)


def _of_backup(settings: Settings, inside: tuple[str, ...]) -> Iterator[Opening]:
    backup = settings.management.backup
    if not backup.enabled or "VirtualMachine" not in backup.resource_types:
        return
    vm, why = "the Backup gateway's VM", "management.backup.resourceTypes"
    yield Opening("inside", vm, (), "vCenter and every ESXi host", (), "tcp", "443", why, "always")
    yield Opening("inside", vm, (), "every ESXi host", (), "tcp", "902", why, "always")
    yield from _of_vm(vm, inside)


def _of_vm(vm: str, inside: tuple[str, ...]) -> Iterator[Opening]:
    yield Opening("inside", "whoever activates it", inside, vm, (), "tcp", "80", "it tells its activation key", "activation")
    yield Opening("inside", vm, (), "the name servers", (), "udp", "53", "endpoints of AWS have private names", "always")
    yield Opening("to the internet", vm, (), TIME, (), "udp", "123", "an activation fails with a wrong clock", "always")
