"""The sheet for whoever runs the Backup gateway, by which AWS Backup covers virtual machines of the data centre."""

from pathlib import Path

from onpremises.facts import Facts
from onpremises.text import environment


def files(of: Facts) -> dict[str, str]:
    """One page."""
    region = of.primary
    settings = region.settings
    told = {
        "region": settings.region,
        "wanted": settings.management.backup.enabled and "VirtualMachine" in settings.management.backup.resource_types,
        "endpoint": "backup-gateway" in settings.network.endpoints,
        "role": str(region.outputs.get("backupMachinesRoleArn") or "ARN"),
        "vault": str(region.outputs.get("backupVaultName") or "VAULT"),
        "tag": region.backup_tag,
    }
    env = environment(Path(__file__).parent / "templates")
    return {"README.md": env.get_template("README.md.j2").render(**told)}
