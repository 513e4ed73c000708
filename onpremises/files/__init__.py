"""The sheet for whoever runs the File Gateway's virtual machine, and for the clients of its shares."""

from pathlib import Path

from onpremises.facts import Facts, Region
from onpremises.text import environment

ENVIRONMENT = environment(Path(__file__).parent / "templates")


def files(of: Facts) -> dict[str, str]:
    """A page for each gateway; and the mount unit for servers."""
    region = of.primary
    storage = region.settings.storage
    pages = {"README.md": storage.file_gateway} | {f"{one.name}.md": one for one in storage.file_gateways}
    sheet = ENVIRONMENT.get_template("README.md.j2")
    place = mounted(region)
    shown = {
        **place,
        "request": str(region.outputs.get("fileGatewayActivationRequest") or ""),
        "bucket": str(region.outputs.get("bucketName") or "the bucket of the stack"),
        "vpc": region.cidr,
        "inside": region.settings.on_premises.cidrs,
    }
    return {
        **{
            name: sheet.render(gateway=gateway, key=f"storage.{key}", first=name == "README.md", **shown)
            for (name, gateway), key in zip(pages.items(), storage.gateways, strict=True)
        },
        place["unit"]: mount_unit(region),
    }


def mounted(region: Region) -> dict[str, str]:
    """Where clients have the files, and by which name of systemd and of the share."""
    mount = str(region.outputs.get("filesMountPath") or "/mnt/files")
    gateway = region.settings.storage.file_gateway
    # systemd's name of a path: slashes become hyphens, hyphens are spelled out.
    unit = mount.strip("/").replace("-", "\\x2d").replace("/", "-") + ".mount"
    return {"mount": mount, "unit": unit, "share": gateway.nfs.share_name}


def mount_unit(region: Region) -> str:
    """For systemd, with GATEWAY where the address of the VM belongs."""
    return ENVIRONMENT.get_template("mount.j2").render(**mounted(region))
