"""The page: one HTML document that needs nothing from elsewhere."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from migration import journey
from onpremises import facts
from proofs.drills import DrillReport
from proofs.drills.graph import Graphs
from proofs.reachability import ASSUMPTIONS
from proofs.run import StackProofs
from rehearsal.screen import FIDELITIES
from report import (
    bill,
    compared,
    data,
    databases,
    drills,
    inventory,
    matrix,
    network_team,
    people,
    plan,
    quotas,
    reachability,
    second_region,
)
from report.collect import Evidence
from report.picture import Picture, svg
from report.picture.region import counted
from report.principals import principals, roles
from report.provenance import Provenance
from report.since import Changes
from report.summary import Grade, signed, toll, verdict
from report.unproved import unproved

FOLDER = Path(__file__).parent / "templates"
STYLE = (FOLDER / "page.css").read_text(encoding="utf-8")
FROM_INTERNET = "internet-reaches-nothing"
"""The statement that comes first."""
KINDS = {
    "identity": "what a principal may do",
    "trust": "who may assume a role",
    "resource": "who may use a resource",
    "itself": "who may use the resource it is part of",
    "endpoint": "what a VPC endpoint lets through",
}


@dataclass(frozen=True)
class Section:
    """A part of the page, in a template of its own."""

    id: str
    title: str


@dataclass(frozen=True)
class Tile:
    """A result at a glance."""

    title: str
    figure: str
    text: str
    grade: Grade
    target: str
    """Id of the section that tells more."""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return self.grade != "bad"


def templates() -> Environment:
    """Where the parts of the page are."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["code"] = code
    return environment


def page(
    evidence: Evidence, picture: Picture, made: datetime, about: Provenance | None = None, since: Changes | None = None
) -> str:
    """The report as HTML. `about`: where it comes from; `since`: what changed since an earlier one."""
    names = " and ".join(one.stack.called for one in evidence.stacks)
    links = network_team.links(evidence) if evidence.drills else []
    moves = databases.moves(evidence) if evidence.drills else []
    found = [*wrong(evidence)]
    judged = verdict(evidence, len(found))
    day = made.astimezone(UTC).strftime("%d %B %Y, %H:%M UTC")
    others = {"wrong": found, "changes": since, "architecture": picture.shapes, "network-team": links, "databases": moves}
    told: dict[str, object] = {
        "style": Markup(STYLE),
        "names": names,
        "running": _running(names, judged.text, day, about),
        "command": f"hybridge report {' '.join(one.stack.called for one in evidence.stacks)}",
        "made": day,
        "provenance": about,
        "verdict": judged,
        "sections": [*sections(evidence.drills is not None, others)],
        "tiles": [*tiles(evidence)],
        "picture": Markup(svg.drawn(picture, f"Architecture of {names}")) if picture.shapes else "",
        "evidence": evidence,
        "several": len(evidence.stacks) > 1,
        "wrong": found,
        "changes": since,
        "fidelities": FIDELITIES,
        "inventory": inventory,
        "facts": facts,
        "links": links,
        "moves": moves,
        "gates": journey.GATES,
        "acts": journey.ACTS,
        "network_team": network_team,
        "unproved": [*unproved(evidence)],
    }
    proved = _of_proofs(evidence) | _of_graphs(Graphs(evidence.rehearsals), evidence.drills) if evidence.drills else {}
    return templates().get_template("page.html.j2").render(told | proved)


def _of_proofs(evidence: Evidence) -> dict[str, object]:
    """What only proofs tell."""
    return {
        "signed": [*signed(evidence)],
        "bills": bill.beside_each_other(evidence.rehearsals),
        "drills": [*drilled(evidence)],
        "assumptions": ASSUMPTIONS,
        "kinds": KINDS,
        "compared": compared,
        "reachability": reachability,
        "matrix": matrix,
    }


def _of_graphs(graphs: Graphs, drilled_: DrillReport) -> dict[str, object]:
    """What is derived from deployments that are whole."""
    known = principals(graphs)
    return {
        "data": data.data(graphs, known),
        "roles": roles(known),
        "plans": plan.plans(graphs),
        "quotas": quotas.quotas(graphs),
        "called": people.called(graphs),
        "waiting": people.waiting(graphs),
        "second_regions": [*second_region.second_regions(drilled_, graphs)],
        "beside": second_region.side_by_side(drilled_, graphs),
    }


def _running(names: str, judged: str, day: str, about: Provenance | None) -> dict[str, Markup]:
    """What each printed page bears, as strings of CSS."""
    commit = f", commit {about.commit[:12]}{' and changes' if about.dirty else ''}" if about and about.commit else ""
    told = {"title": f"Hybridge: {names}", "verdict": judged, "made": f"Made on {day}{commit}"}
    return {key: Markup(re.sub(r"[^\w .,:;()-]", lambda found: f"\\{ord(found[0]):x} ", text)) for key, text in told.items()}


TITLES = {
    "wrong": "What does not hold",
    "summary": "What survives",
    "changes": "What changed",
    "architecture": "Architecture",
    "reachability": "Reachability",
    "drills": "Failure drills",
    "data": "Data",
    "network": "Network plan",
    "network-team": "For the network team",
    "databases": "The database's way",
    "bill": "Bill of quantities",
    "people": "People",
    "policies": "Policies",
    "iam": "IAM and secrets",
    "unproved": "Not proved",
    "inventory": "Inventory",
    "outputs": "Outputs",
}
"""The parts of the page, in their order."""
ALWAYS, PROVED = (
    {"unproved", "inventory", "outputs"},
    {"summary", "reachability", "drills", "data", "network", "bill", "people"},
)
PROVED |= {"policies", "iam"}


def sections(proved: bool, others: Mapping[str, object]) -> Iterator[Section]:
    """The parts of the page that have something to say: of `others` those that are not empty."""
    for name, title in TITLES.items():
        if name in ALWAYS or (proved and name in PROVED) or others.get(name):
            yield Section(name, title)


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
    proofs = [one.proofs for one in evidence.stacks if one.proofs]
    if len(proofs) < len(evidence.stacks) or evidence.drills is None:
        yield Tile("Proofs", "none", "what failed to rehearse is not proved", "bad", "wrong")
    else:
        yield from _proved(evidence, proofs, evidence.drills)
    made = sum(node.fidelity != "component" for one in rehearsals for node in one.nodes)
    broken = sum(len(one.problems) + len(one.dangling) for one in rehearsals)
    text = "resources made" + (f", {counted(broken, 'thing')} wrong" if broken else "")
    yield Tile("Rehearsal", f"{made}", text, _grade(not broken), "inventory")


def _proved(evidence: Evidence, proofs: Sequence[StackProofs], report: DrillReport) -> Iterator[Tile]:
    holes = sum(failure.proof == FROM_INTERNET for proof in proofs for failure in proof.reachability.failures)
    figure, text = (f"{holes}", "ways in that nobody asked for") if holes else ("nothing", "can be reached")
    yield Tile("From the internet", figure, text, _grade(not holes), "reachability")
    found = toll(report)
    grade: Grade = "bad" if found.lost else "warn" if found.accepted else "good"
    rest = ", ".join(found.text.split(", ")[1:])
    yield Tile("Failures", f"{found.survived} survived", rest or "none takes anything down", grade, "accepted")
    statements = [one["holds"] for proof in proofs for one in proof.reachability.as_json()["proofs"]]
    yield Tile(
        "Reachability", f"{sum(statements)}/{len(statements)}", "statements hold", _grade(all(statements)), "reachability"
    )
    asked = sum(len(proof.policies) for proof in proofs)
    violated = sum(len({one.policy for one in proof.violations}) for proof in proofs)
    running = all(not proof.pack_error for proof in proofs)
    text = "policies hold" if running else "the policy pack did not run"
    yield Tile("Policies", f"{asked - violated}/{asked}", text, _grade(running and not violated), "policies")
    documents = sum(sum(one.documents.values()) for one in evidence.stacks)
    findings = sum(len(proof.findings) + len(proof.leaks) for proof in proofs)
    text = f"documents, {counted(findings, 'finding') if findings else 'no findings'}"
    yield Tile("IAM and secrets", f"{documents}", text, _grade(not findings), "iam")


def _grade(holds: bool) -> Grade:
    return "good" if holds else "bad"


def code(text: str) -> Markup:
    """A text whose parts in backticks are shown as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)  # a backtick without its other
    return Markup("").join(Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts))
