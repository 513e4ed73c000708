"""What a person sees of the proofs: a line for what holds, and everything that does not."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from proofs.drills import DrillReport
from proofs.drills import show as show_drills
from proofs.run import StackProofs
from rehearsal.lines import say, tell


def show(console: Console, proofs: StackProofs, seconds: float) -> None:
    """The proofs of one stack."""
    for proof, where, what in proofs.failed():
        console.print(f"\n[red]proof[/] {escape(proof)}", highlight=False)
        for text in (where, what):
            say(console, text, indent=2, hanging=2)
    reach = proofs.reachability.as_json()["proofs"]
    held = sum(one["holds"] for one in reach)
    ways = len(proofs.reachability.matrix)
    reached = sum(row.reachable for row in proofs.reachability.matrix)
    parts = [
        f"reachability {held} of {len(reach)} statements hold ({reached} ways open, {ways - reached} shut)"
        if reach
        else "reachability not asked, for its statements are of Hybridge's settings",
        f"policies {len(proofs.policies)} asked, {_count(proofs.violations, 'violation')}",
        f"IAM {_count(proofs.findings, 'finding')}",
        f"secrets {_count(proofs.leaks, 'leak')}",
    ]
    state = "[green]hold[/]" if proofs.good else "[red]fail[/]"
    tell(console, f"{proofs.stack}: proofs {state} in {seconds:.1f} s: {escape('; '.join(parts))}")


def show_all_drills(console: Console, report: DrillReport) -> None:
    """The drills of all stacks."""
    console.print()
    show_drills(console, report)


def _count(found: Sequence[object], what: str) -> str:
    return f"{len(found) or 'no'} {what}{'s' * (len(found) != 1)}"
