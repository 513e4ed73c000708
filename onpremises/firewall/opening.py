"""One line of the matrix."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Opening:
    """Who may begin to talk to whom, by what."""

    direction: str
    """Who begins: `from AWS`, `to AWS`, `both ways` between the ends of a link, `inside` the data centre, `to the internet`."""
    who: str
    from_networks: tuple[str, ...]
    to_whom: str
    to_networks: tuple[str, ...]
    protocol: str
    """`tcp`, `udp`, `esp`, `icmp`, or `any`."""
    ports: str
    """`443`, `1026-1028`; empty for all."""
    why: str
    """The key of the stack file, or what it is for."""
    needed: str
    """When: always, at a join, at an activation, for patching, during the migration."""
