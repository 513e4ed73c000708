"""Security group rules: moto keeps the description of a rule between groups, but tells only that of a rule with a CIDR.

It names the account of a referenced group too. Tools that were told not to ask for the number of the account, as is usual with
an emulator, would take it for a group of somebody else's.
"""

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule


def _description(self: Any) -> str | None:
    """Of whichever source the rule has."""
    found: str | None = self.ip_range.get("Description") or self.source_group.get("Description")
    return found


SecurityGroupRule.description = property(_description)  # type: ignore[method-assign,assignment]


def _referenced(self: Any) -> dict[str, str] | None:
    """A group of this account by its id alone."""
    if not self.source_group:
        return None
    own = self.source_group.get("UserId") == self.owner_id
    return {key: value for key, value in self.source_group.items() if not (own and key == "UserId")}


SecurityGroupRule.referenced_group_info = property(_referenced)  # type: ignore[method-assign,assignment]
