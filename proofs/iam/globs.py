"""Patterns with `*` and `?`, as ARNs in policies are."""

import functools

FIELDS = 6
"""`arn:partition:service:region:account:resource`."""


@functools.cache
def arns_overlap(one: str, other: str) -> bool:
    """Whether some ARN matches both patterns."""
    fields, others = one.split(":", FIELDS - 1), other.split(":", FIELDS - 1)
    if len(fields) == len(others) == FIELDS:
        # Field by field is quicker, and no field but the last may hold a colon.
        return all(overlap(*pair) for pair in zip(fields, others, strict=True))
    return overlap(one, other)


@functools.cache
def overlap(one: str, other: str) -> bool:
    """Whether some text matches both patterns."""
    if "*" not in one + other and "?" not in one + other:
        return one == other
    # reachable[j]: whether what was read of `one` and the first j characters of `other` match some text both.
    reachable = [True]
    for mark in other:
        reachable.append(mark == "*" and reachable[-1])
    for letter in one:
        before, reachable = reachable, [letter == "*" and reachable[0]]
        for position, mark in enumerate(other, start=1):
            if "*" in (letter, mark):
                reachable.append(before[position] or reachable[position - 1])
            else:
                reachable.append(before[position - 1] and (letter == mark or "?" in (letter, mark)))
    return reachable[-1]
