"""Keys, as people call them."""

from dataclasses import dataclass
from typing import Any

from proofs.drills.graph import Graphs

KEY, ALIAS = "aws:kms/key:Key", "aws:kms/alias:Alias"


@dataclass(frozen=True)
class Key:
    """What something is encrypted with."""

    name: str
    changed: str = ""
    """How often; empty where nobody here has a say in it."""


def called(graphs: Graphs, reference: Any, otherwise: str) -> Key:
    """The key that something is encrypted with: one of the stacks by its name, one of AWS by its alias. `otherwise`: what
    encrypts where none is named."""
    if not reference:
        return Key(otherwise)
    text = str(reference)
    for alias in graphs.of(ALIAS):
        if text in (alias.get("name"), alias.get("arn")):
            text = str(alias.get("targetKeyId"))
    for key in graphs.of(KEY):
        if text in {*key.names()} or text == key.get("keyId"):
            return Key(f"own: {key.node.name}", "changed yearly" if key.get("enableKeyRotation") else "never changed")
    return Key(text)
