"""Failure drills: what happens to each function of a deployed system when any one part of it dies."""

from proofs.drills.drill import DrillReport, Result, drill, sizes_of
from proofs.drills.render import show

__all__ = ["DrillReport", "Result", "drill", "show", "sizes_of"]
