"""What PostgreSQL itself says of its parameters: name, type, range, and whether one waits for a restart."""

import difflib
import json
from functools import cache
from pathlib import Path
from typing import Any

KNOWN = Path(__file__).with_suffix(".json")
FORMULA = "{"
"""RDS computes a value from the instance's memory by `{DBInstanceClassMemory/...}`."""
BOOLEAN = frozenset({"0", "1", "on", "off", "true", "false"})


@cache
def _known() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(KNOWN.read_text(encoding="utf-8"))["parameters"]
    return found


def is_static(name: str) -> bool:
    """Whether a change waits for a restart. Those of RDS and of extensions are taken for static where nothing is known of
    them."""
    return bool(_known().get(name, {"static": "." in name})["static"])


def problem_with(name: str, value: str, major: int) -> str:
    """What is wrong with a value in a major version, as the end of "allowed: ..."; empty if nothing is.

    Of parameters of RDS and of extensions, which have a dot, the names are not known here.
    """
    known = _known().get(name)
    if known is None:
        near = difflib.get_close_matches(name, _known(), 1)
        return "" if "." in name else "a parameter of PostgreSQL" + (f"; did you mean {near[0]}?" if near else "")
    if known["since"] > major:
        return f"a parameter of PostgreSQL {major}: this one came with {known['since']}"
    return "" if value.startswith(FORMULA) else _wrong_value(known, value)


def _wrong_value(known: dict[str, Any], value: str) -> str:
    if known["type"] == "bool" and value.lower() not in BOOLEAN:
        return "0 or 1"
    if known["type"] == "enum" and value.lower() not in known["values"]:
        return f"one of {', '.join(known['values'])}"
    return _range(known, value) if known["type"] in {"integer", "real"} else ""


def _range(known: dict[str, Any], value: str) -> str:
    unit = f" ({known['unit']})" if known.get("unit") else ""
    words = f"a number from {known['least']} to {known['most']}{unit}, without a unit"
    try:
        number = float(value)
    except ValueError:
        return words
    return "" if float(known["least"]) <= number <= float(known["most"]) else words
