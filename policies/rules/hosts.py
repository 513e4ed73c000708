"""How hosts are set up."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import ResourceValidationArgs, Severity

from .making import resource_policy
from .reading import UNKNOWN, get


def _tokens(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Iterator[str]:
    value = get(resource, "metadataOptions.httpTokens")
    if value is not UNKNOWN and value != "required":
        yield f"metadataOptions.httpTokens is {value}; allowed: required (IMDSv2); set it"


POLICIES = [
    resource_policy(
        "metadata-needs-a-token",
        "Hosts give their role's credentials only to who asks with a token, which a forged request cannot have.",
        {"aws:ec2/instance:Instance": _tokens, "aws:ec2/launchTemplate:LaunchTemplate": _tokens},
        severity=Severity.HIGH,
    )
]
