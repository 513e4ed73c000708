"""Every IAM policy document of a deployed stack, linted: what it grants is what is needed, and AWS takes it as it is meant."""

from proofs.iam import escalation, grants, shape
from proofs.iam.documents import Document, documents
from proofs.iam.findings import Finding
from proofs.iam.parameters import parameters
from rehearsal.emulator import ACCOUNT
from rehearsal.run import Rehearsal

__all__ = ["Document", "Finding", "documents", "lint"]


def lint(rehearsal: Rehearsal) -> list[Finding]:
    """Everything wrong with the policy documents of a rehearsed stack, sorted."""
    found = documents(rehearsal)
    wrong = {
        *escalation.escalations(rehearsal, found),
        *escalation.managed_policies(rehearsal),
        *grants.open_endpoints(rehearsal),
        *parameters(rehearsal, found),
    }
    for document in found:
        wrong |= {
            *shape.well_formed(document),
            *shape.known_actions(document),
            *shape.fitting_resources(document),
            *shape.conditions(document),
            *grants.star_resources(document, ACCOUNT),
            *grants.principals(document, ACCOUNT),
            *escalation.permissions(document),
        }
    return sorted(wrong)
