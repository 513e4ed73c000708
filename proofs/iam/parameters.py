"""Whether a host can read the parameters of workloads: whoever is root on a server of either side has what its role has."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from proofs.iam.documents import Document
from proofs.iam.findings import Finding, Findings
from proofs.iam.reasons import READERS
from rehearsal import wire
from rehearsal.run import Rehearsal

RULE = "parameters-of-workloads"
ACTIONS = frozenset({"ssm:GetParameter", "ssm:GetParameters"})
OF_AWS = ":parameter/aws/"
"""Where AWS's own parameters are, which everybody may read."""


def parameters(rehearsal: Rehearsal, found: list[Document]) -> Findings:
    """A managed policy of AWS that gives every parameter stands beside a statement that takes those of workloads away again."""
    taken: dict[str, set[str]] = defaultdict(set)
    for document in found:
        if document.type == "aws:iam/rolePolicy:RolePolicy":
            role = str(wire.unwrap(rehearsal.deployment.nodes[document.urn].inputs.get("role")))
            for statement in document.content["Statement"]:
                taken[role] |= _takes_away(statement)
    for node in rehearsal.created("aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
        inputs = wire.unwrap(node.inputs)
        role, name = str(inputs.get("role")), str(inputs.get("policyArn")).partition(":iam::aws:policy/")[2]
        if name in READERS and not taken[role] >= ACTIONS:
            message = (
                f"{name} lets its holder read every parameter of the account, those of other workloads too; allowed: beside a "
                f"Deny of {' and '.join(sorted(ACTIONS))} on all but AWS's own; add it to the role"
            )
            yield Finding(RULE, node.urn, "policyArn", "", message)


def _takes_away(statement: Mapping[str, Any]) -> set[str]:
    """Which of the actions a statement denies on every parameter but those of AWS."""
    spared, listed = statement.get("NotResource", []), statement.get("Action", [])
    spared = [spared] if isinstance(spared, str) else spared
    whole = all(OF_AWS in one for one in spared) if spared else statement.get("Resource") == "*"
    if statement.get("Effect") != "Deny" or statement.get("Condition") or not whole:
        return set()
    return {listed} if isinstance(listed, str) else set(listed)
