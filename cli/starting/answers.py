"""What a person says of a new environment, and what follows from it."""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import islice
from typing import Any

from components.settings.addresses import PRIVATE
from components.settings.nights import TIME_ZONES

PRIMARY_ASN, FIRST_SECONDARY_ASN = 64512, 64514
"""The default of `network.amazonAsn`, and where the secondary's is looked for: 64513 is that of the Direct Connect gateway."""
SECONDARY_SUFFIX = "-dr"


@dataclass(frozen=True)
class Router:
    """A router that a VPN ends at, as it is written in a flag: `NAME=ADDRESS/ASN`."""

    name: str
    public_ip: str
    asn: int

    @classmethod
    def parse(cls, text: str) -> "Router":
        """Read a flag. Raises ValueError, which says how to write it."""
        found = re.fullmatch(r"([^=/]+)=([^=/]+)/(\d+)", text.strip())
        if not found:
            raise ValueError(f"router {text!r}: write NAME=ADDRESS/ASN, for example office-1=203.0.113.10/65010")
        return cls(found[1], found[2], int(found[3]))


@dataclass(frozen=True)
class Circuit:
    """A Direct Connect connection to order, as it is written in a flag: `NAME=LOCATION/BANDWIDTH`."""

    name: str
    location: str
    bandwidth: str

    @classmethod
    def parse(cls, text: str) -> "Circuit":
        """Read a flag. Raises ValueError, which says how to write it."""
        found = re.fullmatch(r"([^=/]+)=([^=/]+)/([^=/]+)", text.strip())
        if not found:
            raise ValueError(f"circuit {text!r}: write NAME=LOCATION/BANDWIDTH, for example east=EqFA5/10Gbps")
        return cls(found[1], found[2], found[3])


@dataclass
class Answers:
    """Everything that is asked. An empty value stands for what the settings have as default, or for nothing at all."""

    stack: str
    region: str = ""
    size: str = ""
    cidr: str = ""
    zones: list[str] = field(default_factory=list)
    on_premises: list[str] = field(default_factory=list)
    domain: str = ""
    dns_servers: list[str] = field(default_factory=list)
    routers: list[Router] = field(default_factory=list)
    circuits: list[Circuit] = field(default_factory=list)
    time_zone: str = ""
    emails: list[str] = field(default_factory=list)
    secondary_region: str = ""
    secondary_cidr: str = ""
    secondary_zones: list[str] = field(default_factory=list)
    certificate: str = ""
    secondary_certificate: str = ""
    workloads: list[dict[str, Any]] = field(default_factory=list)

    @property
    def secondary(self) -> str:
        """The name of the stack in the second region."""
        return f"{self.stack}{SECONDARY_SUFFIX}"

    @property
    def private_zone(self) -> str:
        """The zone for names in AWS; empty for the default, where on-premises has no domain to put it under."""
        return f"aws.{self.domain}" if self.domain else ""

    def secondary_asn(self) -> int:
        """An ASN of AWS's side in the second region that nothing else has."""
        taken = {router.asn for router in self.routers}
        return next(asn for asn in range(FIRST_SECONDARY_ASN, 65535) if asn not in taken)


def next_block(cidr: str, taken: list[str]) -> str:
    """The next block of the same size and private range that meets no network that is taken; empty if there is none."""
    try:
        block, others = IPv4Network(cidr), [IPv4Network(one) for one in taken]
    except ValueError:
        return ""
    for range_ in PRIVATE:
        if block.subnet_of(range_):
            size, first = block.num_addresses, int(range_.network_address)
            for number in range(1, range_.num_addresses // size):
                address = first + (int(block.network_address) - first + number * size) % range_.num_addresses
                following = IPv4Network((address, block.prefixlen))
                if not any(following.overlaps(other) for other in others):
                    return str(following)
    return ""


def zones_of(region: str, size: str) -> list[str]:
    """The availability zones to begin with: two for a small environment, else three. Empty for a region that is not known."""
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend  # noqa: PLC0415 - takes a second

    known = RegionsAndZonesBackend.zones.get(region, [])
    return [zone.name for zone in islice(known, 2 if size in ("", "small") else 3)]


def missing(answers: Answers) -> list[str]:
    """The options without which nothing can be written."""
    needed = {"--region": answers.region, "--cidr": answers.cidr, "--on-premises": answers.on_premises}
    if answers.domain:
        needed["--dns-server"] = answers.dns_servers
    return [flag for flag, answer in needed.items() if not answer]


def completed(answers: Answers) -> None:
    """Give what was left out what follows from the rest."""
    answers.zones = answers.zones or zones_of(answers.region, answers.size)
    answers.time_zone = answers.time_zone or TIME_ZONES.get(answers.region, "Etc/UTC")
    if answers.secondary_region:
        answers.secondary_cidr = answers.secondary_cidr or next_block(answers.cidr, answers.on_premises)
        answers.secondary_zones = answers.secondary_zones or zones_of(answers.secondary_region, answers.size)
