"""Failure drills: what happens to each function of a deployed system when any one part of it dies."""

from proofs.drills.drill import DrillReport, Result, drill
from proofs.drills.render import show
from proofs.drills.terms import Terms, terms_of

__all__ = ["DrillReport", "Result", "Terms", "drill", "show", "terms_of"]
