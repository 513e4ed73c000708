"""What the provider takes of inputs that no create request carries.

AWS's API model, by which all others are checked, never sees them. Most are used at deletion, years after they were mistyped.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

DURATION = re.compile(r"(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
"""One part of a duration as Go reads it: `90m`, `1h30m`, `1.5h`."""


@dataclass(frozen=True)
class Allowed:
    """What one input may be."""

    path: str
    """`deletionWindowInDays`; `instanceRefresh.preferences.minHealthyPercentage` for what lies deeper."""
    says: str
    """In words, after `allowed:`."""
    holds: Callable[[Any], bool]

    def mistakes(self, inputs: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the input, if it is there."""
        for value in _values(inputs, self.path.split(".")):
            if not self.holds(value):
                yield f"{self.path} is {value!r}; allowed: {self.says}"


@dataclass(frozen=True)
class Together:
    """What several inputs may be together."""

    paths: tuple[str, ...]
    says: str
    """A sentence that names the inputs and what to do."""
    holds: Callable[[Mapping[str, Any]], bool]

    def mistakes(self, inputs: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with them."""
        if not self.holds(inputs):
            yield self.says


def whole(path: str, low: int, high: int | None = None, *, also: tuple[int, ...] = ()) -> Allowed:
    """A whole number from `low` to `high`, or one of `also`."""
    upto = f"from {low} to {high}" if high is not None else f"of {low} or more"
    says = " or ".join([*map(str, also), f"a whole number {upto}"])
    return Allowed(path, says, lambda value: _is_whole(value) and (low <= int(value) <= (high or int(value)) or value in also))


def text(path: str, pattern: str, says: str) -> Allowed:
    """A text that matches as a whole."""
    return Allowed(path, says, lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None)


def is_duration(value: Any) -> bool:
    """Whether Go, in which Pulumi and its providers are written, reads this as a span of time."""
    return isinstance(value, str) and (value == "0" or re.fullmatch(f"({DURATION.pattern})+", value) is not None)


def _final_snapshot(inputs: Mapping[str, Any]) -> bool:
    return bool(inputs.get("skipFinalSnapshot") or inputs.get("finalSnapshotIdentifier"))


def _room(inputs: Mapping[str, Any]) -> bool:
    length, least = inputs.get("length"), [inputs.get(f"min{kind}") or 0 for kind in ("Lower", "Upper", "Numeric", "Special")]
    return not _is_whole(length) or sum(least) <= int(length or 0)


REFRESH = "instanceRefresh.preferences"
CHECKS: dict[str, tuple[Allowed | Together, ...]] = {
    "aws:autoscaling/group:Group": (
        Allowed("waitForCapacityTimeout", "a duration such as 10m, or 0", is_duration),
        Allowed("instanceRefresh.strategy", "Rolling", lambda value: value == "Rolling"),
        whole(f"{REFRESH}.minHealthyPercentage", 0, 100),
        whole(f"{REFRESH}.maxHealthyPercentage", 100, 200),
        Allowed(f"{REFRESH}.instanceWarmup", "seconds, a whole number of 0 or more", lambda value: str(value).isdigit()),
    ),
    "aws:directoryservice/directory:Directory": (
        text(
            "type",
            "SimpleAD|MicrosoftAD|ADConnector|SharedMicrosoftAD",
            "SimpleAD, MicrosoftAD, ADConnector, SharedMicrosoftAD",
        ),
    ),
    "aws:kms/key:Key": (whole("deletionWindowInDays", 7, 30),),
    "aws:rds/instance:Instance": (
        text(
            "finalSnapshotIdentifier",
            r"(?!.*--)[A-Za-z][A-Za-z0-9-]*(?<!-)",
            "a letter, then letters, digits and single hyphens, none at the end",
        ),
        Together(
            ("skipFinalSnapshot", "finalSnapshotIdentifier"),
            "finalSnapshotIdentifier is missing, without which the provider deletes nothing; name it, or set skipFinalSnapshot",
            _final_snapshot,
        ),
    ),
    "aws:secretsmanager/secret:Secret": (whole("recoveryWindowInDays", 7, 30, also=(0,)),),
    "aws:ssm/association:Association": (whole("waitForSuccessTimeoutSeconds", 0),),
    "aws:storagegateway/gateway:Gateway": (
        text("gatewayVpcEndpoint", r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "an IPv4 address or a host name"),
    ),
    "random:index/randomId:RandomId": (whole("byteLength", 1),),
    "random:index/randomPassword:RandomPassword": (
        whole("length", 1),
        *(whole(f"min{kind}", 0) for kind in ("Lower", "Upper", "Numeric", "Special")),
        Together(
            ("length", "minLower", "minUpper", "minNumeric", "minSpecial"),
            "length is less than minLower, minUpper, minNumeric and minSpecial together; raise it",
            _room,
        ),
    ),
}
"""By type. Sources: the validation in the provider's schema (hashicorp/terraform-provider-aws, internal/service/...; for random
hashicorp/terraform-provider-random)."""


def mistakes(
    type_: str, inputs: Mapping[str, Any], options: Mapping[str, Any], unknown: frozenset[str] = frozenset()
) -> list[str]:
    """Everything that the provider, or Pulumi, would refuse of what AWS is not sent when the resource is made.

    `unknown` are the inputs that nobody can tell yet.
    """
    checks = [one for one in CHECKS.get(type_, ()) if isinstance(one, Allowed) or not unknown.intersection(one.paths)]
    found = [mistake for check in checks for mistake in check.mistakes(inputs)]
    for step, time in options.get("customTimeouts", {}).items():
        if not is_duration(time):
            found.append(f"customTimeouts.{step} is {time!r}; allowed: a duration such as 90m or 1h30m")
    return found


def _is_whole(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value)


def _values(value: Any, path: list[str]) -> Iterator[Any]:
    """What is at a path, if anything; in each element of a list."""
    if isinstance(value, list):
        for item in value:
            yield from _values(item, path)
    elif not path:
        if value is not None:
            yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _values(value[path[0]], path[1:])
