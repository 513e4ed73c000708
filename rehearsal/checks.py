"""After a deployment: every id and ARN in any input must exist in the emulated account, or be a named exception."""

import fnmatch
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rehearsal import wire
from rehearsal.emulator import Emulator, Refused
from rehearsal.monitor import Deployment

_ID = re.compile(
    r"\b(?:vpc|subnet|sg|rtb|igw|nat|eni|eipalloc|vgw|cgw|vpn|tgw|tgw-attach|tgw-rtb|vpce|acl|ami|lt|i|fs|fsap|dxcon|dxvif|dxlag"
    r"|pl|rslvr-in|rslvr-out|rslvr-rr|rslvr-rrassoc|cvpn-endpoint|sgw|share|pb|mw|d|dopt)-[0-9a-f]{8,}\b"
)
_ARN = re.compile(r"\barn:aws:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12}|aws)?:[^\s\"'\\,}\]]+")

EXCEPTIONS: dict[str, str] = {
    r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:\d{12}:\*": "anything of a service in this account: a source condition",
    r"arn:aws:backup:[a-z0-9-]+:(?!123456789012:)\d{12}:backup-vault:.*": "a vault of another account, for copies",
    r"arn:aws:iam::\d{12}:root": "the account itself, as a principal in policies",
    r"arn:aws:iam::\d{12}:role/aws-service-role/.*": "service-linked roles, which AWS makes by itself",
    r"arn:aws:s3:::(aws-ssm|patch-baseline-snapshot|aws-windows-downloads|amazon-ssm|aws-patch-manager)-.*": (
        "buckets of Systems Manager"
    ),
    r"arn:aws:s3:::(prod-\S+-starport-layer-bucket|amazonlinux\S*|al2023-repos-\S*)(/\*)?": (
        "AWS's buckets of ECR layers and of Amazon Linux packages"
    ),
    r"arn:aws:s3:::(amazoncloudwatch-agent|amazon-ecs-agent|mountpoint-s3-release|\S+-birdwatcher-prod)[a-z0-9-]*(/\*)?": (
        "AWS's buckets of agents"
    ),
    r"arn:aws:ecs:[a-z0-9-]+:\d{12}:(container-instance|task)/[^/]+/\*": "hosts and tasks that ECS will have in a cluster",
    r"arn:aws:ecr:[a-z0-9-]+:\d{12}:repository/docker-hub/\*": "repositories that the pull-through cache makes when it pulls",
    r"arn:aws:logs:[a-z0-9-]+:\d{12}:log-group:/aws/vendedlogs/[a-z0-9-]+\*": "logs of VPNs, of which there may be none",
    r"arn:aws:rds:[a-z0-9-]+:\d{12}:db:[a-z0-9-]+-restored-\d+": "the instance to which backups are restored once it is needed",
    r"arn:aws:ssm:[a-z0-9-]+:\d{12}:session/\$\{aws:userid": "sessions, each named after whoever opened it",
    r"arn:aws:ssm:[a-z0-9-]+:\d{12}:automation-execution/\*": "executions, each named as it begins",
    r"arn:aws:ssm:[a-z0-9-]+:\d{12}:automation-definition/[A-Za-z0-9_.-]+:\*": "the versions of a runbook, as IAM names them",
    r"arn:aws:scheduler:::aws-sdk:[a-z0-9]+:[A-Za-z0-9]+": "operations of AWS that a schedule calls by itself",
    r"arn:aws:scheduler:[a-z0-9-]+:\d{12}:schedule-group/default": "the group of schedules that every region has",
    r"arn:aws:ssm:[a-z0-9-]+::parameter/aws/service/.*": "public parameters of AWS",
    r"arn:aws:ssm:[a-z0-9-]*:(\d{12})?:document/(AWS|Amazon)[A-Za-z0-9-]*": "documents of AWS",
    r"arn:aws:ssm:[a-z0-9-]+:\d{12}:document/SSM-SessionManagerRunShell": (
        "the preferences of Session Manager, which another stack of the account makes, or people"
    ),
    r"arn:aws:ssm:[a-z0-9-]+:\d{12}:opsitem:[1-4].*": "the alarm action that opens an OpsItem",
    r"arn:aws:ssm:[a-z0-9-]+:\d{12}:servicesetting/.*": "settings that every account has",
    r"arn:aws:(ec2|ssm):[a-z0-9-]+:\d{12}:(managed-)?instance/\*": "hosts by the tag that a condition asks for",
}
"""Pattern of a reference that nothing in the account answers to -> the reason why it is right all the same."""


@dataclass(frozen=True)
class Dangling:
    """A reference to something that does not exist."""

    urn: str
    path: str
    reference: str


def dangling_references(aws: Emulator, deployment: Deployment, others: list[Deployment]) -> list[Dangling]:
    """The references of a deployment that lead nowhere, sorted. `others` are the stacks already in the account."""
    known: set[str] = set()
    for one in (deployment, *others):
        for node in one.nodes.values():
            known.add(node.id)
            asked = node.inputs
            known.update(_strings({key: wire.unwrap(value) for key, value in node.outputs.items() if asked.get(key) != value}))
    arns = _Arns(text for text in known if text.startswith("arn:"))
    managed: dict[str, bool] = {}
    found = []
    for node in deployment.nodes.values():
        if node.fidelity == "component":
            continue
        for path, text in _paths(wire.unwrap(node.inputs), ""):
            for reference in _references(text):
                if reference in known or reference in arns or _is_exception(reference):
                    continue
                if reference.startswith("arn:aws:iam::aws:policy/"):
                    if reference not in managed:
                        managed[reference] = _managed_policy(aws, reference)
                    if managed[reference]:
                        continue
                if reference.startswith("arn:aws:secretsmanager:") and _replicated_secret(aws, reference):
                    continue
                if reference in aws.adopted or (reference.startswith("ami-") and _image(aws, reference, node.region)):
                    continue
                found.append(Dangling(node.urn, path, reference))
    return sorted(found, key=lambda one: (one.urn, one.path, one.reference))


def _references(text: str) -> Iterator[str]:
    yield from (match.group() for match in _ARN.finditer(text))
    yield from (match.group() for match in _ID.finditer(_ARN.sub(" ", text)))


class _Arns:
    """What exists. An ARN is `in` it that names it, what it is a part of (`bucket/*`, `log-group:*`), or a pattern of it."""

    def __init__(self, arns: Iterable[str]) -> None:
        self.all = sorted(arns)
        # Some references stand in a thousand policies: none is looked for among thousands of ARNs more than once.
        self.whole = set(self.all)
        self.begun = {arn[:end] for arn in self.all for end, mark in enumerate(arn) if mark == ":"}
        self.found: dict[str, bool] = {}

    def __contains__(self, reference: str) -> bool:
        if reference not in self.found:
            self.found[reference] = self._find(reference)
        return self.found[reference]

    def _find(self, reference: str) -> bool:
        if not reference.startswith("arn:"):
            return False
        ends = [*(end for end, mark in enumerate(reference) if mark in "/:"), len(reference)]
        if reference in self.begun or any(reference[:end] in self.whole for end in ends):
            return True
        return ("*" in reference or "?" in reference) and bool(fnmatch.filter(self.all, reference))


def _is_exception(reference: str) -> bool:
    return any(re.fullmatch(pattern, reference) for pattern in EXCEPTIONS)


def _image(aws: Emulator, image: str, region: str) -> bool:
    """Whether an AMI exists: most are AWS's own, named by a public parameter."""
    try:
        return bool(aws.call("ec2", "DescribeImages", {"ImageIds": [image]}, region=region)["Images"])
    except Refused:
        return False


def _managed_policy(aws: Emulator, arn: str) -> bool:
    try:
        aws.call("iam", "GetPolicy", {"PolicyArn": arn}, region="us-east-1")
    except Refused:
        return False
    return True


def _replicated_secret(aws: Emulator, arn: str) -> bool:
    """Whether a secret is there in the region that its ARN names: a replica is nobody's output."""
    try:
        aws.call("secretsmanager", "DescribeSecret", {"SecretId": arn}, region=arn.split(":")[3])
    except Refused:
        return False
    return True


def _strings(value: Any) -> Iterator[str]:
    yield from (text for _, text in _paths(value, ""))


def _paths(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _paths(item, f"{path}[{position}]")
    elif isinstance(value, str):
        yield path, value
