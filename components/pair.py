"""The stack files of two regions held against each other, before either is deployed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from components.outputs import known_beforehand
from components.primary import contradictions
from components.settings import Settings
from components.settings.base import Mistake
from components.settings.errors import NOT_SET
from components.settings.on_premises import OnPremises

COMPARED = ("image", "placement", "command", "ports")
"""What of a workload is the same in both regions. Copies, environment and scaling may differ."""


def impossible(primary: Settings, secondary: Settings, stack: str, project: str) -> Iterator[Mistake]:
    """What could not be deployed beside the primary's stack, of that name. Keys with their namespace."""
    # The name of the bucket follows from the settings only where they give it one.
    known = {**known_beforehand(primary), "bucketName": primary.storage.bucket_name}
    yield from contradictions(secondary, known, stack, project)


def differences(primary: Settings, secondary: Settings, stack: str, project: str) -> Iterator[Mistake]:
    """What would not be the same after a failover, though it can be deployed. Keys with their namespace."""
    for mistake in _differences(primary, secondary, stack):
        yield replace(mistake, key=f"{project}:{mistake.key}")


def _differences(primary: Settings, secondary: Settings, stack: str) -> Iterator[Mistake]:
    otherwise = "or say in disasterRecovery.acceptDifferences why it has to differ."
    fix = f"Remove workloads from this file, which then has those of Pulumi.{stack}.yaml, {otherwise}"
    theirs = {workload.name: workload for workload in primary.workloads}
    for position, workload in enumerate(secondary.workloads):
        other = theirs.get(workload.name)
        if other is None:
            allowed = f"a workload that {stack} has too: it would run from a failover on, and at no other time"
            yield Mistake(f"workloads[{position}].name", workload.name, allowed, fix)
            continue
        for key in COMPARED:
            mine, that = _plain(getattr(workload, key)), _plain(getattr(other, key))
            if mine != that:
                shown = NOT_SET if that in (None, []) else that
                allowed = f"the same as in {stack}, {shown}: something else would run after a failover"
                yield Mistake(f"workloads[{position}].{key}", mine, allowed, fix)
    here = {workload.name for workload in secondary.workloads}
    for name, workload in theirs.items():
        # What may be down may also be down for as long as a region is lost.
        if name not in here and workload.accept_downtime is None:
            allowed = f"a list with {name}, which {stack} has: nothing would take it over"
            yield Mistake("workloads", f"{len(here)} workloads without {name}", allowed, fix)
    site, other_site = secondary.on_premises, primary.on_premises
    for key, mine, that in (
        ("cidrs", sorted(site.cidrs), sorted(other_site.cidrs)),
        ("sshCidrs", sorted(site.ssh_cidrs), sorted(other_site.ssh_cidrs)),
        ("domain", site.domain, other_site.domain),
        ("dnsServers", sorted(site.dns_servers), sorted(other_site.dns_servers)),
        ("domains", _asked(site), _asked(other_site)),
    ):
        if mine != that:
            shown = NOT_SET if that in (None, []) else ", ".join(that) if isinstance(that, list) else that
            yield Mistake(
                f"onPremises.{key}",
                mine,
                f"the same as in {stack}, {shown}: it is one data centre",
                f"Remove it here, {otherwise}",
            )


def _asked(site: OnPremises) -> list[str]:
    """Domains beside the first, each with its servers."""
    return [f"{one.domain} ({', '.join(one.servers)})" for one in site.forwarded if one.domain != site.domain]


def _plain(value: Any) -> Any:
    """Sections as what they hold, so that they can be compared and shown."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.model_dump(by_alias=True, exclude_defaults=True) if hasattr(value, "model_dump") else value
