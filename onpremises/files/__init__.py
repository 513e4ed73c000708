"""The sheet for whoever runs the File Gateway's virtual machine, and for the clients of its shares."""

from pathlib import Path

from onpremises.facts import Facts
from onpremises.text import environment


def files(of: Facts) -> dict[str, str]:
    """One page; and the mount unit for servers."""
    region = of.primary
    gateway = region.settings.storage.file_gateway
    env = environment(Path(__file__).parent / "templates")
    mount = str(region.outputs.get("filesMountPath") or "/mnt/files")
    told = {
        "gateway": gateway,
        "region": region.settings.region,
        "request": str(region.outputs.get("fileGatewayActivationRequest") or ""),
        "bucket": str(region.outputs.get("bucketName") or "BUCKET"),
        "prefix": str(region.outputs.get("filesPrefix") or ""),
        "mount": mount,
        "vpc": region.cidr,
        "zone": region.settings.network.private_zone,
    }
    return {
        "README.md": env.get_template("README.md.j2").render(**told),
        f"{mount[1:].replace('/', '-')}.mount": env.get_template("mount.j2").render(**told),
    }
