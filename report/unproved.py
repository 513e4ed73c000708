"""What none of this proves: in general, and of these stacks."""

from collections import Counter
from collections.abc import Iterator

from report.collect import Evidence
from report.inventory import short

GENERAL = (
    "That AWS takes a value which its API model allows: capacity in a zone, quotas, service control policies of the account.",
    "That a carrier's circuit, a router, a DNS server or a File Gateway VM does what is taken for granted of it.",
    "That a container starts and answers, and that an image is what its tag says.",
    "How fast anything is, and how long AWS takes: times are those that AWS publishes, or follow from the configuration.",
    "That people do what waits for them, and do it in time.",
    "That the data survive: restores are for an exercise of your own, as `docs/disaster-recovery.md` has it.",
    "What is beside these stacks in the account: other networks, users, roles, CloudTrail, Config, GuardDuty.",
    "Pulumi's state, where passwords lie under the secrets provider of each stack.",
)
"""Of every rehearsal."""


def unproved(evidence: Evidence) -> Iterator[str]:
    """Each in one sentence; those of these stacks come first."""
    for one in evidence.stacks:
        nodes = one.rehearsal.nodes
        for fidelity, told in FIDELITIES.items():
            types = Counter(short(node.type) for node in nodes if node.fidelity == fidelity)
            if types:
                listed = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in sorted(types.items()))
                yield f"{one.stack.stack}: {told}: {listed}."
    yield from GENERAL


FIDELITIES = {
    "gaps": "that AWS keeps the fields which the emulator drops",
    "model-checked": "that what was checked against the API model alone reads back as asked",
    "unknown": "anything of what the emulator does not know",
    "failed": "anything of what could not be made",
}
"""Fidelity -> what it leaves open."""
