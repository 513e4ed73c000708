"""What every step is given: which source, where both servers are, and who is asked."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console

from migration.plan import Plan
from migration.words import Ask, Said, asked


@dataclass(frozen=True)
class Job:
    """One step for one source."""

    said: Said
    plan: Plan
    source: str
    """DSN of the server on-premises."""
    target: str = ""
    """DSN of the server in AWS; empty where a step does without."""
    ask: Ask = asked
    folder: Path = field(default_factory=lambda: Path("build/migration"))
    """Where what has to outlive a step is kept: `build/migration/<stack>/<source>`."""

    def silently(self, step: str) -> "Job":
        """The same for a step within another one: it says nothing, and asks nobody again."""
        return replace(self, said=Said(step, Console(quiet=True)), ask=lambda _: True)
