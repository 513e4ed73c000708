"""Security group rules: moto keeps the description of a rule between groups, but tells only that of a rule with a CIDR."""

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule


def _description(self: Any) -> str | None:
    """Of whichever source the rule has."""
    found: str | None = self.ip_range.get("Description") or self.source_group.get("Description")
    return found


SecurityGroupRule.description = property(_description)  # type: ignore[method-assign,assignment]
