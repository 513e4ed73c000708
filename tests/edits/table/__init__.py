"""The edits as data, by topic, and the one reader of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

Outcome = Literal["in place", "made anew", "refused", "clash"]
"""`in place`: nothing that stays is made anew. `made anew`: something that stays is. `refused`: by the settings, the program,
Pulumi, the provider or AWS. `clash`: something is asked for while another still has it."""
TOPICS = ("links", "containers", "database", "files", "management", "regions")
"""The files, in the order of the page."""


@dataclass(frozen=True)
class Edit:
    """One edit of a stack that stands."""

    stack: str
    """What stands, as on the command line: with edits of its own where it needs them. `dr` stands beside `prod`."""
    edit: str
    """As on the command line, without the plus before it."""
    what: str
    """What it means, in the words of whoever makes it."""
    outcome: Outcome
    words: str = ""
    """What is said of a refusal or a clash, or a part of it."""
    note: str = ""
    """What neither the words nor the drills tell, and people should know."""
    fails: tuple[str, ...] = ()
    """The proofs that do not hold afterwards; empty: all of them hold."""

    @property
    def after(self) -> str:
        """The stack that it leads to, as on the command line."""
        return f"{self.stack}+{self.edit}"

    @property
    def called(self) -> str:
        """For the name of a test."""
        return f"{self.stack.split('+')[0].rsplit('/', maxsplit=1)[-1]}: {self.what}"


@dataclass(frozen=True)
class Topic:
    """Edits of one part of a stack."""

    name: str
    title: str
    edits: tuple[Edit, ...]


def topics() -> list[Topic]:
    """Every edit, by topic. Raises ValueError where the table says what cannot be."""
    return [_topic(name) for name in TOPICS]


def _topic(name: str) -> Topic:
    values = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))
    return Topic(name, values["title"], tuple(_edit(name, one) for one in values["edits"]))


def _edit(topic: str, values: dict[str, Any]) -> Edit:
    edit = Edit(**{**values, "fails": tuple(values.get("fails", ()))})
    if edit.outcome not in get_args(Outcome):
        raise ValueError(f"{topic}: {edit.what}: outcome is {edit.outcome!r}; allowed: {', '.join(get_args(Outcome))}")
    if edit.outcome in ("refused", "clash") and not edit.words:
        raise ValueError(f"{topic}: {edit.what}: say in `words` what is said of it")
    return edit
