"""The stack files of a new environment: what differs from the defaults, and a comment where a choice waits."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from cli.starting.answers import Answers

PLAIN = 100
"""Characters of a line, past which a workload is written over several."""
EXAMPLE: list[dict[str, Any]] = [{"name": "hello", "image": "nginx:1.27.5-alpine", "ports": [80], "route": {}}]


def primary(answers: Answers, project: str) -> str:
    """The stack file of the environment itself."""
    lines = [
        *_head(f"{answers.stack}, begun with `hybridge new`.", f"hybridge rehearse {_together(answers)}"),
        f"  aws:region: {answers.region}",
        *_size(answers, project),
    ]
    if answers.secondary_region:
        lines += [
            f"  # Copies of backups, images and secrets go there; Pulumi.{answers.secondary}.yaml is its stack.",
            f"  {project}:secondaryRegion: {answers.secondary_region}",
        ]
    lines += [*_tags(answers.stack, project), ""]
    lines += [f"  {project}:network:", *_network(answers.cidr, answers.zones, answers.private_zone)]
    lines += ["", *_on_premises(answers, project), "", *_circuits(answers, project), ""]
    lines += [*_containers(answers.certificate, answers.size, project)]
    lines += [*_workloads(answers, project), "", *_management(answers, project)]
    if answers.secondary_region:
        lines += ["", f"  {project}:disasterRecovery:", f"    secondaryCidr: {answers.secondary_cidr}"]
    return "\n".join(lines) + "\n"


def secondary(answers: Answers, project: str) -> str:
    """The stack file of the second region: all that it does not share with the primary."""
    lines = [
        *_head(
            f"The second region of {answers.stack}. docs/disaster-recovery.md has the failover, which is an edit of `mode`.",
            f"hybridge rehearse {_together(answers)}",
            f"What both have in common is in Pulumi.{answers.stack}.yaml alone; a key here wins over it.",
        ),
        f"  aws:region: {answers.secondary_region}",
        f"  {project}:role: secondary",
        f"  {project}:primaryStack: {answers.stack}",
        f"  {project}:mode: pilot-light",
        *_size(answers, project),
        *_tags(answers.secondary, project),
        "",
        f"  {project}:network:",
        *_network(answers.secondary_cidr, answers.secondary_zones, ""),
        f"    amazonAsn: {answers.secondary_asn()} # another than in {answers.stack}",
        "",
        *_containers(answers.secondary_certificate, answers.size, project),
        *_management(answers, project),
    ]
    if not answers.circuits:
        lines += ["", f"  {project}:disasterRecovery:", "    directConnect: false # until the primary has circuits"]
    return "\n".join(lines) + "\n"


def _together(answers: Answers) -> str:
    return f"{answers.stack} {answers.secondary}" if answers.secondary_region else answers.stack


def _head(title: str, command: str, *more: str) -> list[str]:
    return [
        "# yaml-language-server: $schema=schema/stack.schema.json",
        "#",
        f"# {title}",
        *(f"# {line}" for line in more),
        "# What is not set here has the default of the size; docs/configuration.md describes every key.",
        f"# After every edit: {command}",
        "config:",
    ]


def _size(answers: Answers, project: str) -> list[str]:
    return [f"  {project}:size: {answers.size or 'small'} # small, medium or large: instance types, counts, switches"]


def _tags(stack: str, project: str) -> list[str]:
    return [f"  {project}:tags: {{Environment: {scalar(stack)}}} # of every resource; Owner and CostCenter, for example"]


def _network(cidr: str, zones: Sequence[str], private_zone: str) -> Iterator[str]:
    yield f"    cidr: {cidr} # cannot be changed later"
    yield f"    zones: [{', '.join(zones)}]"
    if private_zone:
        yield f"    privateZone: {private_zone} # workloads are <name>.{private_zone}"


def _on_premises(answers: Answers, project: str) -> Iterator[str]:
    yield f"  {project}:onPremises:"
    yield f"    cidrs: [{', '.join(answers.on_premises)}]"
    if answers.domain:
        yield f"    domain: {answers.domain}"
        yield f"    dnsServers: [{', '.join(answers.dns_servers)}]"
    if answers.routers:
        yield "    routers: # where the VPN ends, which is the way to AWS until there are circuits, and their backup then"
        for router in answers.routers:
            yield f"      - {{name: {scalar(router.name)}, publicIp: {router.public_ip}, asn: {router.asn}}}"
    else:
        yield "    # Without routers there is no VPN, and without circuits no way to AWS at all."
        yield "    # routers:"
        yield "    #   - {name: office-1, publicIp: 203.0.113.10, asn: 65010}"


def _circuits(answers: Answers, project: str) -> Iterator[str]:
    if not answers.circuits:
        yield "  # Direct Connect, when it is to be ordered: two circuits at two locations, else one digger cuts both."
        yield f"  # {project}:directConnect:"
        yield "  #   connections:"
        yield "  #     - {name: east, location: <aws directconnect describe-locations>, bandwidth: 10Gbps}"
        return
    yield "  # On order. Once AWS shows one as available: state, vlan, bgpAsn and both addresses (docs/operations.md)."
    yield f"  {project}:directConnect:"
    yield "    connections:"
    for circuit in answers.circuits:
        yield f"      - {{name: {scalar(circuit.name)}, location: {scalar(circuit.location)}, bandwidth: {circuit.bandwidth}}}"


def _containers(certificate: str, size: str, project: str) -> Iterator[str]:
    if certificate:
        yield f"  {project}:containers:"
        yield f"    certificateArn: {certificate}"
        yield ""
    elif size not in ("", "small"):
        yield "  # Only a small stack may do without TLS: a certificate of ACM in this region."
        yield f"  # {project}:containers:"
        yield "  #   certificateArn: arn:aws:acm:..."
        yield ""


def _workloads(answers: Answers, project: str) -> Iterator[str]:
    yield "  # Each on AWS unless `placement` says onPremises or both; `route: {}` puts it behind the load balancer."
    yield f"  {project}:workloads:"
    for workload in answers.workloads or EXAMPLE:
        line = f"    - {flow(workload)}"
        if len(line) <= PLAIN:
            yield line
        else:
            text = yaml.safe_dump([workload], sort_keys=False, default_flow_style=None, width=PLAIN, allow_unicode=True)
            yield from (f"    {one}" for one in text.splitlines())


def _management(answers: Answers, project: str) -> Iterator[str]:
    yield f"  {project}:management:"
    yield f"    timeZone: {answers.time_zone}"
    if answers.emails:
        yield f"    alarms: {{emails: [{', '.join(map(scalar, answers.emails))}]}} # each confirms a mail of AWS once"
    else:
        yield "    # alarms: {emails: [oncall@corp.example]} # nobody is told of anything without"


def scalar(text: str) -> str:
    """A text as YAML writes it: in quotes where it would be something else."""
    return yaml.safe_dump(text, allow_unicode=True, width=1000).removesuffix("\n...\n").removesuffix("\n")


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value) if isinstance(value, str) else json.dumps(value)
