"""The stages of a migration, each with what there is of it in AWS; settings, components and proofs ask here."""

from typing import Literal

Stage = Literal["off", "prepare", "assess", "load", "replicate", "cutover", "done"]

STANDING: frozenset[str] = frozenset({"prepare", "assess", "load", "replicate", "cutover"})
"""What moves rows is there, or the database's own way to the sources."""
WITH_TASKS: frozenset[str] = STANDING - {"prepare"}
"""DMS has a task for each source."""
RUNNING: frozenset[str] = frozenset({"load", "replicate"})
"""The tasks run: they write into the database."""
