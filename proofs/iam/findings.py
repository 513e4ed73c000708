"""What a lint finds, and the reasons why what looks wrong is right."""

from collections.abc import Iterator
from dataclasses import dataclass

from proofs.iam.documents import Document, Statement


@dataclass(frozen=True, order=True)
class Finding:
    """Something wrong with a policy document."""

    rule: str
    """Which rule does not hold: `star-resource`, `privilege-escalation`, ..."""
    urn: str
    """The resource that holds the document."""
    document: str
    """The property that is the document; empty where it is several documents together."""
    sid: str
    """The statement; empty where it is the document as a whole."""
    message: str
    """What was found, what is allowed, what to do."""


Findings = Iterator[Finding]


def finding(rule: str, document: Document, statement: Statement | None, message: str) -> Finding:
    """A finding in a statement of a document, or in the document as a whole."""
    return Finding(rule, document.urn, document.path, statement.sid if statement else "", message)
