"""What a team's `own/` says of the proofs: losses that it accepts, and (own/statements.py) who else is to reach whom."""

import datetime
import difflib
from pathlib import Path
from typing import Any

from proofs.drills import kinds
from proofs.drills.accepted import Accepted
from rehearsal import own
from rehearsal.own import OwnError

NEEDED = ("failures", "functions", "reason", "owner", "date")
KEYS = (*NEEDED, "stacks")


def accepted(root: Path) -> tuple[Accepted, ...]:
    """The losses of own/accepted.yaml. Raises OwnError with everything that is wrong with them."""
    found: list[Accepted] = []
    wrong: list[str] = []
    for number, entry in enumerate(own.entries(root, "losses")):
        mistakes = _mistakes(entry)
        wrong += [f"losses[{number}]{mistake}" for mistake in mistakes]
        if not mistakes:
            found.append(
                Accepted(
                    tuple(entry["failures"]),
                    tuple(entry["functions"]),
                    " ".join(entry["reason"].split()),
                    owner=entry["owner"],
                    date=entry["date"],
                    stacks=tuple(entry.get("stacks") or ("*",)),
                )
            )
    if wrong:
        raise OwnError("\n  ".join(["own/accepted.yaml:", *wrong]))
    return tuple(found)


def _mistakes(entry: Any) -> list[str]:
    if not isinstance(entry, dict):
        return [f" is {entry!r}; write a mapping with {', '.join(NEEDED)}"]
    found = [f" has no {key}; every accepted loss says {', '.join(NEEDED)}" for key in NEEDED if not entry.get(key)]
    found += [f".{key}: there is no such key; {_near(key, KEYS)}" for key in entry if key not in KEYS]
    for key in ("failures", "functions", "stacks"):
        value = entry.get(key)
        if value and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
            found.append(f".{key} is {value!r}; write a list of names")
            continue
        for one in value or ():
            if key == "failures" and one not in kinds.FAILURES:
                found.append(f".failures: {one!r} is no kind of failure; {_near(one, kinds.FAILURES)}")
            if key == "functions" and not any(one.startswith((f"{kind}:", kind)) or "*" in one for kind in kinds.FUNCTIONS):
                found.append(f".functions: {one!r} is no function; {_near(one, tuple(kinds.FUNCTIONS))}")
    for key in ("reason", "owner"):
        if entry.get(key) and not isinstance(entry[key], str):
            found.append(f".{key} is {entry[key]!r}; write text, in quotes if need be")
    if (date := entry.get("date")) and not _is_day(date):
        found.append(f'.date is {date!r}; write a day as "2026-03-31"')
    return found


def _near(name: object, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"


def _is_day(text: object) -> bool:
    try:
        datetime.date.fromisoformat(str(text))
    except ValueError:
        return False
    return isinstance(text, str)
