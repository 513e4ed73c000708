"""What is wrong with a YAML file in the words of the person who wrote it: PyYAML tells it in those of its grammar."""

import re

import yaml

WORDS: tuple[tuple[str, str], ...] = (
    (
        r"expected <block end>, but found '?(-|<block sequence)|expected '-' indicator",
        "this is not in the column of the dashes{beside}",
    ),
    (
        r"expected <block end>, but found|did not find expected key",
        "this is not in the column of its neighbours{beside}; indent what belongs together alike, and put a value that begins "
        "with a quote but goes on after it in quotes as a whole",
    ),
    (
        r"mapping values are not allowed",
        "a colon cannot stand here: indent this line like its neighbours, or put a value with a colon in quotes",
    ),
    (r"sequence entries are not allowed", "a list cannot begin here; put each dash on a line of its own, below the key"),
    (r"(mapping|block) keys are not allowed", "a key cannot begin here; put it on a line of its own"),
    (r"could not find expected ':'", "this line has no `key:`; write one, or indent it below the key that it belongs to"),
    (
        r"character.* that cannot start any token|found a tab",
        "a value cannot begin with {char}; put it in quotes, and indent with spaces, not with tabs",
    ),
    (r"found unexpected end of stream|found unexpected document", "a quote that is opened{since} is never closed"),
    (r"found undefined alias", "* stands for an anchor (&) above, and there is none of this name; put text in quotes"),
    (r"second occurrence|found duplicate anchor", "this anchor (&) is there twice; give the second one another name"),
    (r"expected ',' or '\]'", "a list in brackets is not closed{since}: a comma or ] is missing before this"),
    (r"expected ',' or '\}'", "a mapping in braces is not closed{since}: a comma or } is missing before this"),
    (r"expected (the )?node content|expected alphabetic or numeric", "a value is missing here, or has to be put in quotes"),
    (r"unexpected ':'", "a colon at the end, within brackets, is text to some and a key to others; put it in quotes"),
    (r"whitespace|expected ' '|expected tag|tag handle", "! begins a tag, and this is none; put text in quotes"),
    (r"unknown escape character|hexadecimal|escape sequence", "this backslash stands for nothing; use single quotes"),
    (r"expected '?<document start>", "this belongs to no key; does it begin too far to the left, or is a quote missing?"),
    (
        r"expected a single document|but found another document",
        "a second document begins here, which Pulumi ignores; remove it",
    ),
    (r"special characters are not allowed|control characters", "there is a character that no text file holds; remove it"),
)
"""A problem of PyYAML's -> the same for everybody. `{char}` is the character there, `{beside}` and `{since}` tell where its
context begins."""


def told(text: str, error: yaml.YAMLError) -> str:
    """The place, what is wrong there, and the line itself."""
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    lines = text.splitlines()
    if mark is None:
        position = getattr(error, "position", None)  # of a character that cannot be read
        if not isinstance(position, int):
            return _words(problem, "", "", "")
        line, column = text.count("\n", 0, position), position - text.rfind("\n", 0, position) - 1
    else:
        # What is missing at the end is missing in the last line.
        line, column = min(mark.line, len(lines) - 1), mark.column
    there = lines[line] if 0 <= line < len(lines) else ""
    beside = since = ""
    if context is not None and context.line != line:
        beside = f" (column {column + 1}, they begin in {context.column + 1} from line {context.line + 1} on)"
        since = f" in line {context.line + 1}"
    shown = f"\n  {line + 1} | {_printable(there)}" if there.strip() else ""
    return f"line {line + 1}, column {column + 1}: {_words(problem, there[column : column + 1], beside, since)}{shown}"


def _words(problem: str, char: str, beside: str, since: str) -> str:
    for pattern, words in WORDS:
        if re.search(pattern, problem):
            char = "a tab" if char == "\t" else char
            return words.replace("{char}", char).replace("{beside}", beside).replace("{since}", since)
    return problem


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else " " for char in line.rstrip())
