"""Reading an account through the describe and list operations of AWS: each once, every page."""

from ipaddress import IPv4Network
from typing import Any

from rehearsal.emulator import Emulator

TOKENS = (("NextToken", "NextToken"), ("nextToken", "nextToken"), ("Marker", "Marker"), ("NextMarker", "Marker"))
"""By which member an answer says that there is more, and by which the next request asks for it."""

Item = dict[str, Any]


class Reader:
    """One region of an account. What was read once is not read again."""

    def __init__(self, aws: Emulator, region: str) -> None:
        self._aws, self.region = aws, region
        self._read: dict[str, list[Any]] = {}
        self._elsewhere: dict[str, Reader] = {}

    def all(self, service: str, operation: str, member: str, **params: Any) -> list[Any]:
        """The elements of the list `member` of the answer, of all its pages."""
        key = f"{service} {operation} {params}"
        if key not in self._read:
            found: list[Any] = []
            asked = dict(params)
            while True:
                answer = self._aws.call(service, operation, asked, region=self.region)
                found += answer.get(member) or []
                more = next(((ask, answer[told]) for told, ask in TOKENS if answer.get(told)), None)
                if more is None:
                    break
                asked = {**params, more[0]: more[1]}
            self._read[key] = found
        return self._read[key]

    def elsewhere(self, region: str) -> "Reader":
        """Another region of the same account."""
        if region == self.region:
            return self
        return self._elsewhere.setdefault(region, Reader(self._aws, region))

    def one(self, service: str, operation: str, member: str, **params: Any) -> Item:
        """The structure `member` of the answer."""
        answer = self._aws.call(service, operation, params, region=self.region)
        found: Item = answer[member]
        return found


def name_of(item: Item) -> str:
    """The value of the tag Name; empty without one."""
    tags = item.get("Tags") or item.get("tags") or item.get("TagList") or item.get("TagSet") or []
    return next((str(tag.get("Value", tag.get("value"))) for tag in tags if tag.get("Key", tag.get("key")) == "Name"), "")


def networks(*texts: str | None) -> tuple[IPv4Network, ...]:
    """The given networks, without what is None or empty."""
    return tuple(IPv4Network(text, strict=False) for text in texts if text)


def prefix_list(reader: Reader, identifier: str) -> tuple[IPv4Network, ...]:
    """The IPv4 networks of a prefix list."""
    return networks(*(block for block in _entries(reader, identifier) if ":" not in block))


def ipv6_of(reader: Reader, identifier: str) -> tuple[str, ...]:
    """The IPv6 networks of a prefix list."""
    return tuple(block for block in _entries(reader, identifier) if ":" in block)


def _entries(reader: Reader, identifier: str) -> list[str]:
    entries = reader.all("ec2", "GetManagedPrefixListEntries", "Entries", PrefixListId=identifier)
    return [entry["Cidr"] for entry in entries]
