"""The page: one HTML document that needs nothing from elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from rehearsal.screen import FIDELITIES
from report import drills, inventory, matrix, reachability
from report.collect import Evidence, StackEvidence
from report.picture import Picture, svg
from report.picture.region import counted

FOLDER = Path(__file__).parent / "templates"
STYLE = (FOLDER / "page.css").read_text(encoding="utf-8")
KINDS = {
    "identity": "what a principal may do",
    "trust": "who may assume a role",
    "resource": "who may use a resource",
    "itself": "who may use the resource it is part of",
    "endpoint": "what a VPC endpoint lets through",
}


@dataclass(frozen=True)
class Tile:
    """A result at a glance."""

    title: str
    figure: str
    text: str
    good: bool
    target: str
    """Id of the section that tells more."""


def templates() -> Environment:
    """Where the parts of the page are."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["code"] = code
    return environment


def page(evidence: Evidence, picture: Picture, made: datetime) -> str:
    """The report as HTML."""
    names = " and ".join(one.stack.called for one in evidence.stacks)
    return (
        templates()
        .get_template("page.html.j2")
        .render(
            style=Markup(STYLE),
            names=names,
            command=" ".join(one.stack.called for one in evidence.stacks),
            made=made.astimezone(UTC).strftime("%d %B %Y, %H:%M UTC"),
            good=evidence.good,
            tiles=list(tiles(evidence)),
            picture=Markup(svg.drawn(picture, f"Architecture of {names}")) if picture.shapes else "",
            evidence=evidence,
            several=len(evidence.stacks) > 1,
            wrong=[*wrong(evidence)],
            proved=evidence.drills is not None,
            drills=[*drilled(evidence)],
            fidelities=FIDELITIES,
            kinds=KINDS,
            reachability=reachability,
            matrix=matrix,
            inventory=inventory,
            violations=violations,
        )
    )


def drilled(evidence: Evidence) -> Iterator[drills.Drills]:
    """The drills of each stack that has functions of its own: a secondary's are its primary's."""
    for one in evidence.stacks if evidence.drills else ():
        assert evidence.drills
        found = drills.of_stack(evidence.drills, one.stack.stack)
        if found.count:
            yield found


def wrong(evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    """Everything that does not hold: what it is, where it was found, what was found."""
    for one in evidence.stacks:
        for problem in one.rehearsal.problems:
            yield f"{one.stack.stack}: rehearsal", problem.urn, problem.message
        for dangling in one.rehearsal.dangling:
            message = f"{dangling.path} refers to {dangling.reference}, which does not exist in the emulated account"
            yield f"{one.stack.stack}: reference", dangling.urn, message
        for proof, where, what in one.proofs.failed() if one.proofs else ():
            yield f"{one.stack.stack}: {proof}", where, what
    for result in evidence.drills.failures if evidence.drills else ():
        yield f"{result.function.stack}: drill", result.failure.name, f"{result.function.name} goes down: {result.mechanism}"


def tiles(evidence: Evidence) -> Iterator[Tile]:
    """What the page says first."""
    rehearsals = evidence.rehearsals
    made = sum(node.fidelity != "component" for one in rehearsals for node in one.nodes)
    broken = sum(len(one.problems) + len(one.dangling) for one in rehearsals)
    text = "resources made" + (f", {counted(broken, 'thing')} wrong" if broken else "")
    yield Tile("Rehearsal", f"{made}", text, not broken, "inventory")
    proofs = [one.proofs for one in evidence.stacks if one.proofs]
    if len(proofs) < len(evidence.stacks) or evidence.drills is None:
        yield Tile("Proofs", "none", "what failed to rehearse is not proved", False, "wrong")
        return
    statements = [one["holds"] for proof in proofs for one in proof.reachability.as_json()["proofs"]]
    yield Tile("Reachability", f"{sum(statements)}/{len(statements)}", "statements hold", all(statements), "reachability")
    failures, lost = len({result.failure for result in evidence.drills.results}), len(evidence.drills.failures)
    text = "failures drilled" + (", all survived or accepted" if all(evidence.drills.promises.values()) else "")
    text = f"failures drilled, {counted(lost, 'loss', 'losses')} not accepted" if lost else text
    yield Tile("Drills", f"{failures}", text, not lost, "drills")
    asked = sum(len(proof.policies) for proof in proofs)
    violated = sum(len({one.policy for one in proof.violations}) for proof in proofs)
    running = all(not proof.pack_error for proof in proofs)
    text = "policies hold" if running else "the policy pack did not run"
    yield Tile("Policies", f"{asked - violated}/{asked}", text, running and not violated, "policies")
    documents = sum(sum(one.documents.values()) for one in evidence.stacks)
    findings = sum(len(proof.findings) + len(proof.leaks) for proof in proofs)
    text = f"documents, {counted(findings, 'finding') if findings else 'no findings'}"
    yield Tile("IAM and secrets", f"{documents}", text, not findings, "iam")


def code(text: str) -> Markup:
    """A text whose parts in backticks are shown as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)  # a backtick without its other
    return Markup("").join(Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts))


def violations(one: StackEvidence, policy: str) -> list[tuple[str, str]]:
    """What violates a policy: resource and message."""
    found = one.proofs.violations if one.proofs else []
    return [(violation.urn, violation.message) for violation in found if violation.policy == policy]
