"""The sheet for whoever runs the Backup gateway, by which AWS Backup covers virtual machines of the data centre."""

from pathlib import Path

from onpremises.facts import Facts
from onpremises.text import environment


def files(of: Facts) -> dict[str, str]:
    """One page."""
    region = of.primary
    env = environment(Path(__file__).parent / "templates")
    told = {"region": region.settings.region, "vpc": region.cidr, "tag": f"{region.stack}", "stack": region.stack}
    return {"README.md": env.get_template("README.md.j2").render(**told)}
