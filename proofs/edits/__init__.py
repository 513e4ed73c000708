"""What an edit does to people while it is carried out: what it replaces or removes is drilled as a failure."""

from proofs.edits.drilled import Effect, drilled
from proofs.edits.shown import show, told

__all__ = ["Effect", "drilled", "show", "told"]
