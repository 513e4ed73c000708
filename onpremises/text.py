"""Templates, and the files that they become."""

from ipaddress import IPv4Network
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def environment(folder: Path) -> Environment:
    """Templates that fail on what they do not have, and leave no blank lines of their own."""
    made = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    made.filters["netmask"] = lambda cidr: str(IPv4Network(cidr).netmask)
    made.filters["address"] = lambda cidr: str(IPv4Network(cidr).network_address)
    return made
