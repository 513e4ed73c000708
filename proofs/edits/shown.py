"""What an edit does to people, for people: a line for each function that is touched, and one for all that are not."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape

from proofs.drills.render import MARKS, STYLES
from proofs.edits.drilled import Effect
from rehearsal.lines import tell

SIGNS = {**MARKS, "gone": "-", "new": "+"}
LOOKS = {**STYLES, "gone": "red", "new": "green"}
ORDER = ("down", "gone", "degraded", "new", "unaffected")


def show(console: Console, effects: Sequence[Effect]) -> None:
    """Print what people notice while the edit is carried out."""
    if not effects:
        return
    console.print("While it is carried out (what is replaced or removed is drilled as a failure):", highlight=False)
    for outcome, text in told(effects):
        tell(console, f"[{LOOKS[outcome]}]{SIGNS[outcome]}[/] {escape(text)}", indent=2)


def told(effects: Sequence[Effect]) -> Iterator[tuple[str, str]]:
    """Outcome and sentence, the worst first; functions that fare alike together."""
    alike: dict[tuple[str, str], list[Effect]] = defaultdict(list)
    for effect in effects:
        alike[effect.outcome, _fate(effect)].append(effect)
    for (outcome, fate), found in sorted(alike.items(), key=lambda item: ORDER.index(item[0][0])):
        yield outcome, f"{_names(found, effects)}: {fate}"


def _names(found: list[Effect], effects: Sequence[Effect]) -> str:
    """The functions; of a kind all of whose functions fare alike, the kind."""
    several = len({effect.function.stack for effect in effects}) > 1
    of_kind: dict[tuple[str, str], int] = defaultdict(int)
    for effect in effects:
        of_kind[effect.function.stack, effect.function.kind] += 1
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for effect in found:
        groups[effect.function.stack, effect.function.kind].append(effect.function.subject)
    names = []
    for (stack, kind), subjects in groups.items():
        called = [subject for subject in subjects if subject]
        whole = len(subjects) == of_kind[stack, kind] or not called
        names.append((kind if whole else f"{kind} ({', '.join(called)})") + (f" of {stack}" if several else ""))
    return ", ".join(names)


def _fate(effect: Effect) -> str:
    if effect.outcome in ("gone", "new", "unaffected"):
        return {"gone": "gone for good", "new": "new"}.get(effect.outcome, "unaffected")
    why = "; ".join(dict.fromkeys(figure.mechanism for figure in effect.figures))
    causes = f" ({', '.join(effect.causes)})" if effect.causes else ""
    if effect.outcome == "down":
        return f"down{_for(effect)}: {why}{causes}"
    by = f" by {', '.join(effect.by)}" if effect.by else ""
    return f"goes on{by}{'' if by else f': {why}'}{causes}"


def _for(effect: Effect) -> str:
    """How long, where that is known; what Pulumi does by itself in between is counted as nothing."""
    known = [figure for figure in effect.figures if figure.seconds]
    if not known or any(figure.by_hand for figure in effect.figures):
        return ""
    longest = max(known, key=lambda figure: figure.seconds or 0)
    bound = "up to" if "timeouts" in longest.source else "about"
    time = longest.seconds or 0
    return f" {bound} {time:.0f} s" if time < 120 else f" {bound} {time / 60:.0f} min"
