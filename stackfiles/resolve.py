"""What an unquoted scalar is to the Pulumi CLI, which reads YAML by Go's yaml.v3: neither YAML 1.1 nor 1.2 to the letter.

`on`, `off`, `yes`, `no` and `12:30` are text, `0089` is the number 89, `017` and `0o17` are 15. A date is a time, of which a
program gets `2027-01-01 00:00:00 +0000 UTC`: nobody wants that, so that it is refused here.
Source: https://github.com/go-yaml/yaml/blob/v3.0.1/resolve.go
"""

import math
import re
from datetime import datetime

Scalar = str | int | float | bool | None

CONSTANTS: dict[str, Scalar] = (
    dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
    | dict.fromkeys(("", "~", "null", "Null", "NULL"))
    | dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan)
    | dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf)
    | dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf)
)
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))", re.ASCII)
BASES = (16, 2, 8, 10)
LOWEST, HIGHEST = -(2**63), 2**64 - 1
"""What Go's int64 and uint64 hold; a larger number becomes a float."""
TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d))"
    r"| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?",
    re.ASCII,
)


class Time(str):
    """An unquoted date or time, as it was written."""


def resolve(text: str) -> Scalar | Time:
    """The value of a plain scalar."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] == ".":
        return _float(text) if FLOAT.fullmatch(text) else text
    if text[0] not in "+-0123456789":
        return text
    if _is_time(text):
        return Time(text)
    plain = text.replace("_", "")
    if (integer := _integer(plain)) is not None:
        return integer
    number = _float(plain) if FLOAT.fullmatch(plain) else text
    return text if isinstance(number, str) else number


def _float(plain: str) -> float | str:
    number = float(plain)
    # Go takes for text what no float can hold.
    return plain if math.isinf(number) else number


def _integer(plain: str) -> int | None:
    found = INTEGER.fullmatch(plain)
    if not found:
        return None
    digits, base = next((digits, base) for digits, base in zip(found.groups()[1:], BASES, strict=True) if digits is not None)
    number = int(digits, base) * (-1 if found[1] == "-" else 1)
    signed = bool(found[1])
    return number if LOWEST <= number <= (2**63 - 1 if signed else HIGHEST) else None


def _is_time(text: str) -> bool:
    found = TIME.fullmatch(text)
    if not found:
        return False
    year, month, day, *clock = (int(part) for part in found.groups() if part is not None)
    hour, minute, second = clock or (0, 0, 0)
    try:
        datetime(year or 4, month, day, hour, minute, second)
    except ValueError:
        return False
    return True
