"""What a person sees of a rehearsal: live progress, then a table, then everything wrong."""

from collections import Counter, defaultdict
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from rehearsal.consequences import folded
from rehearsal.documents import PROGRAM, component_of, peak_memory_mib
from rehearsal.lines import say, tell
from rehearsal.monitor import Node
from rehearsal.run import Rehearsal
from rehearsal.stackfile import StackFile

LONGEST_LINE = 600
"""Characters of a message that are shown."""
SAME = 3
"""Further resources that are named with a message that is the same for all of them."""

FIDELITIES = {
    "emulated": "made, and reads back as asked",
    "extended": "made by an operation of ours, and reads back",
    "gaps": "made, but the emulator drops fields",
    "model-checked": "request checked against AWS's API model only",
}


UNMADE = {
    "unknown": "not made: its type has no row",
    "failed": "not made: see below",
}
"""Fidelities of what is in the graph and not in the account."""


class Live:
    """The progress of one stack: a moving line on a terminal, a line for every hundred resources elsewhere."""

    def __init__(self, console: Console, stack: str) -> None:
        self.console, self.stack, self.count = console, stack, 0
        self.bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("{task.completed} resources"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self.task = self.bar.add_task(f"rehearsing {stack}", total=None)

    def __enter__(self) -> "Live":
        if self.console.is_terminal:
            self.bar.start()
        else:
            self.console.print(f"rehearsing {self.stack} ...")
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def step(self, node: Node) -> None:
        """One more resource is made."""
        self.count += 1
        self.bar.update(self.task, completed=self.count, description=f"rehearsing {self.stack}: {escape(node.name)}")
        if not self.console.is_terminal and self.count % 100 == 0:
            self.console.print(f"  {self.count} resources")


def show(console: Console, rehearsal: Rehearsal, seconds: float, written: Path) -> None:
    """The table of a stack, and everything wrong with it."""
    deployment = rehearsal.deployment
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for node in rehearsal.nodes:
        if node.fidelity != "component":
            counts[component_of(rehearsal, node)][node.fidelity] += 1
    title = f"{deployment.stack} in {deployment.region or 'no region'}"
    table = Table(title=title, title_justify="left", show_footer=True)
    total = sum((one for one in counts.values()), Counter[str]())
    table.add_column("component", footer="in all")
    table.add_column("resources", justify="right", footer=str(sum(total.values())))
    shown = {fidelity: meaning for fidelity, meaning in (FIDELITIES | UNMADE).items() if total[fidelity]}
    for fidelity in shown:
        style = "red" if fidelity in UNMADE else None
        table.add_column(fidelity, justify="right", footer=str(total[fidelity] or ""), style=style, footer_style=style or "")
    for component in sorted(counts, key=lambda name: (name == PROGRAM, name)):
        row = counts[component]
        table.add_row(component, str(sum(row.values())), *(str(row[fidelity] or "") for fidelity in shown))
    if counts:
        console.print(table)
        for fidelity, meaning in shown.items():
            console.print(f"  {fidelity:14}{meaning}", style="dim", highlight=False)
    _show_gaps(console, rehearsal)
    show_wrong(console, rehearsal)
    state = "[green]nothing is wrong[/]" if rehearsal.good else f"[red]{_count_wrong(rehearsal)} wrong[/]"
    figures = f"{seconds:.1f} s, {peak_memory_mib():.0f} MiB; graph and summary in {escape(str(written))}"
    tell(console, f"{deployment.stack}: {state}; {figures}")


def show_notes(console: Console, stack: StackFile) -> None:
    """What is to be known of a stack file before it is deployed."""
    for note in stack.notes:
        tell(console, f"[yellow]note[/] {escape(note)}")


def _show_gaps(console: Console, rehearsal: Rehearsal) -> None:
    gaps: dict[str, set[str]] = defaultdict(set)
    for node in rehearsal.nodes:
        if node.fidelity == "gaps":
            gaps[node.type].update(node.gaps)
    for type_ in sorted(gaps):
        say(console, f"gap: {type_}: {', '.join(sorted(gaps[type_]))}", indent=2, hanging=2, style="dim")


def show_wrong(console: Console, rehearsal: Rehearsal) -> None:
    """Everything that is wrong with a stack; nothing if nothing is.

    What follows from something else is counted with it, and the same message is told once.
    """
    for told in folded(rehearsal):
        console.print(f"\n[red]problem[/] {escape(told.urns[0])}", highlight=False)
        for line in told.message.splitlines() or [""]:
            say(console, shortened(line), indent=2, hanging=2)
        if len(told.urns) > 1:
            others = ", ".join(urn.rsplit("::", 1)[-1] for urn in told.urns[1 : SAME + 1])
            more = f" and {len(told.urns) - 1 - SAME} more" if len(told.urns) - 1 > SAME else ""
            say(console, f"the same of {others}{more}", indent=2, hanging=2, style="dim")
        if told.follow:
            say(console, f"{told.follow} more {'follows' if told.follow == 1 else 'follow'} from it", indent=2, style="dim")
    for dangling in rehearsal.dangling:
        console.print(f"\n[red]dangling[/] {escape(dangling.urn)}", highlight=False)
        text = f"{dangling.path} refers to {dangling.reference}, which does not exist in the emulated account"
        say(console, text, indent=2, hanging=2)


def shortened(text: str) -> str:
    """A line that people may read to its end: both its ends, where it is long."""
    if len(text) <= LONGEST_LINE:
        return text
    half = LONGEST_LINE // 2
    return f"{text[:half]} ... {text[-half:]} ({len(text)} characters, whole in summary.json)"


def _count_wrong(rehearsal: Rehearsal) -> str:
    count = len(rehearsal.problems) + len(rehearsal.dangling)
    return f"{count} thing{'s' * (count > 1)}"
