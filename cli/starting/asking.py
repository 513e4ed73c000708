"""The questions of `hybridge new`, asked one after the other on a terminal; a wrong answer is asked for again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.starting import check
from cli.starting.answers import Answers, Circuit, Router, next_block, zones_of
from components.settings.errors import entries
from components.settings.nights import TIME_ZONES


@dataclass(frozen=True)
class Question:
    """One thing to ask."""

    field: str
    text: str
    read: Callable[[str], Any]
    keys: tuple[str, ...]
    """The keys of the stack file whose mistakes are this answer's."""
    default: Callable[[Answers], str] = lambda answers: ""
    asked: Callable[[Answers], bool] = lambda answers: True


def split(text: str) -> list[str]:
    """The parts of a text between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _zones(answers: Answers) -> str:
    return ", ".join(zones_of(answers.region, answers.size))


QUESTIONS = (
    Question("region", "AWS region", str.strip, ("aws:region",)),
    Question(
        "size", "Size (small: one of most things; medium, large: nothing single)", str.strip, ("size",), lambda _: "small"
    ),
    Question("on_premises", "Networks of the data centre (10.10.0.0/16, ...)", split, ("onPremises.cidrs",)),
    Question("cidr", "Network in AWS, apart from them, /16 to /23", str.strip, ("network.cidr", "onPremises.cidrs")),
    Question("zones", "Availability zones", split, ("network.zones",), _zones),
    Question("domain", "Domain of the data centre (empty: none)", str.strip, ("onPremises.domain", "network.privateZone")),
    Question(
        "dns_servers",
        "DNS servers that know it",
        split,
        ("onPremises.dnsServers", "onPremises.domain"),
        asked=lambda answers: bool(answers.domain),
    ),
    Question(
        "routers",
        "Routers for the VPN, NAME=PUBLIC-ADDRESS/ASN, ... (empty: none)",
        lambda text: [Router.parse(part) for part in split(text)],
        ("onPremises.routers",),
    ),
    Question(
        "circuits",
        "Direct Connect circuits to order, NAME=LOCATION/BANDWIDTH, ... (empty: none)",
        lambda text: [Circuit.parse(part) for part in split(text)],
        ("directConnect",),
    ),
    Question(
        "time_zone",
        "Time zone of nights and weekends",
        str.strip,
        ("management.timeZone",),
        lambda answers: TIME_ZONES.get(answers.region, "Etc/UTC"),
    ),
    Question("emails", "Who gets alarms by e-mail (a@b.example, ...; empty: nobody)", split, ("management.alarms.emails",)),
    Question(
        "certificate",
        "ARN of a certificate for the load balancer (empty: later)",
        str.strip,
        ("containers.certificateArn",),
        asked=lambda answers: answers.size != "small",
    ),
    Question("secondary_region", "Second region, which takes over (empty: none)", str.strip, ("secondaryRegion",)),
    Question(
        "secondary_cidr",
        "Network there",
        str.strip,
        ("disasterRecovery.secondaryCidr",),
        lambda answers: next_block(answers.cidr, answers.on_premises),
        asked=lambda answers: bool(answers.secondary_region),
    ),
)


def ask(console: Console, answers: Answers, project: str) -> None:
    """Ask for whatever has no answer yet. A wrong answer is told as the settings tell it, and asked for again."""
    console.print(f"[bold]{escape(answers.stack)}[/]: a few questions; Return takes what stands in brackets.", highlight=False)
    for question in QUESTIONS:
        if getattr(answers, question.field) or not question.asked(answers):
            continue
        while wrong := _asked(question, answers, project):
            console.print(f"[red]{escape(wrong)}[/]", highlight=False)


def _asked(question: Question, answers: Answers, project: str) -> str:
    """Ask once; returns what is wrong with the answer."""
    default = question.default(answers)
    text = typer.prompt(question.text, default=default, show_default=bool(default))
    try:
        setattr(answers, question.field, question.read(text))
    except ValueError as error:
        return str(error)
    wrong = check.about(question.keys, check.mistakes(answers, project), answers, project)
    return "\n".join(entries(wrong, {}))
