"""What a person sees of the real engine: live progress, then each step in Pulumi's own signs, then everything wrong."""

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from engine.steps import CHANGING, Outcome, Step

MOST = 60
"""New or deleted resources that are listed one by one; more are counted by type."""
SIGNS = {"create": "[green]+ [/]", "update": "[yellow]~ [/]", "replace": "[magenta]+-[/]", "delete": "[red]- [/]"}
DOING = {"up": "bringing up", "preview": "previewing", "refresh": "refreshing", "destroy": "destroying"}
DONE = {
    "preview": {"create": "to create", "update": "to update", "replace": "to replace", "delete": "to delete"},
    "up": {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted"},
}
FIELDS = 8
"""Changed inputs of a resource that are named."""


class Live:
    """The progress of a command: a moving line on a terminal, one line at its beginning elsewhere."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.doing = ""
        self.bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("{task.completed} resources"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )

    def __enter__(self) -> "Live":
        if self.console.is_terminal:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def begin(self, operation: str, stack: str) -> None:
        """Another command begins."""
        self.doing = f"{DOING.get(operation, operation)} {stack}"
        for task in self.bar.task_ids:
            self.bar.remove_task(task)
        self.task = self.bar.add_task(self.doing, total=None)
        if not self.console.is_terminal:
            self.console.print(f"{self.doing} ...")

    def step(self, name: str) -> None:
        """One more resource is worked on."""
        self.bar.update(self.task, advance=1, description=f"{self.doing}: {escape(name)}")


def show(console: Console, outcome: Outcome) -> None:
    """What was done or would be done, and everything wrong."""
    changed = outcome.changed
    for kind in ("create", "delete"):
        alike = [step for step in changed if step.kind == kind]
        if len(alike) > MOST:
            for type_, count in sorted(Counter(step.type for step in alike).items()):
                console.print(f" {SIGNS[kind]} {count:3} {short(type_)}", highlight=False)
            changed = [step for step in changed if step.kind != kind]
    for step in changed:
        named = f"{short(step.type)} [bold]{escape(step.name)}[/]"
        console.print(f" {SIGNS[step.kind]} {named}{_remark(outcome, step)}", highlight=False)
    for urn, fields in sorted(outcome.untold.items()):
        differs = f"{urn.split('::')[-1]} [{', '.join(fields)}] differs, and the state cannot say how: up leaves it as it is"
        console.print(f" [yellow]? [/] {escape(differs)}", highlight=False)
    for violation in outcome.violations:
        where = f"{violation.urn.split('::')[-1]}: " if violation.urn else ""
        console.print(
            f"\n[red]policy[/] {escape(violation.policy)} ({violation.level})\n  {escape(where + violation.message)}",
            highlight=False,
        )
    for problem in outcome.problems:
        console.print(f"\n[red]problem[/] {escape(problem)}", highlight=False)
    words = DONE["preview" if outcome.previewed else "up"]
    told = [f"{outcome.counts[kind]} {words[kind]}" for kind in CHANGING if outcome.counts[kind]]
    if outcome.counts["same"]:
        told.append(f"{outcome.counts['same']} unchanged")
    state = "[green]done[/]" if outcome.good else "[red]failed[/]"
    if outcome.good and outcome.previewed:
        state = "[green]can be done[/]"
    console.print(
        f"{outcome.stack}: {outcome.operation} {state} in {outcome.seconds:.1f} s: {', '.join(told) or 'nothing to do'}",
        highlight=False,
    )


def short(type_: str) -> str:
    """`aws:ecs/service:Service` as people say it: `ecs.Service`."""
    parts = type_.split(":")
    return f"{parts[1].split('/')[0]}.{parts[2]}" if len(parts) == 3 else type_


def _remark(outcome: Outcome, step: Step) -> str:
    """What differs, what of it makes the resource anew, and how faithfully a change was carried out."""
    if step.kind not in ("update", "replace"):
        return ""
    named = step.because if step.kind == "replace" and step.because else step.fields
    fields = ", ".join(named[:FIELDS]) + (f" and {len(named) - FIELDS} more" if len(named) > FIELDS else "")
    how = ""
    if step.kind == "update" and not outcome.previewed and outcome.operation == "up":
        left = outcome.rebuilt.get(step.urn)
        how = f" [yellow]rebuilt[/] ({escape(', '.join(left))})" if left else " [green]applied[/]"
    return escape(f" [{fields}]") + how
