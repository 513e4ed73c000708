"""The stages, steps and gates that the report tells are those of the command and of docs/migration.md."""

import re
from pathlib import Path

import pytest

from cli.commands.migrate import Step
from components.stages import STANDING
from migration import journey
from migration.check import left_behind
from migration.plan import Way

DOCS = (Path(__file__).parents[2] / "docs" / "migration.md").read_text(encoding="utf-8")


def table(first: str) -> list[tuple[str, ...]]:
    """The rows of the table of the page whose first heading is this one."""
    (found,) = re.findall(rf"^\| {first} \|.*\n\|[-|]+\n((?:\|.*\n)+)", DOCS, re.MULTILINE)
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in found.splitlines()]


def test_the_page_tells_the_same_stages() -> None:
    told = [(one.stage, one.there, one.meanwhile, one.onward, one.back) for one in journey.STAGES]
    assert [(row[0].strip('`"'), *row[1:]) for row in table("stage")] == told
    assert {one.stage for one in journey.STAGES} == STANDING | {"off", "done"}


def test_the_page_tells_the_same_steps_and_the_command_has_them() -> None:
    assert [(row[0].strip("`"), *row[1:]) for row in table("step")] == [
        (one.name, one.writes, one.does) for one in journey.STEPS
    ]
    assert {one.value for one in Step} - {one.name for one in journey.STEPS} == {"tables", "indexes", "tighten"}


def test_natively_no_stage_tells_of_dms() -> None:
    assert {one.stage for one in journey.NATIVE} <= {one.stage for one in journey.STAGES}
    for now in ("replicate", "cutover"):
        told = journey.stages("native", now)
        assert [one.stage for one in told] == ["off", "prepare", now, "done"]
        assert not [text for one in told for text in (one.there, one.onward, one.back) if re.search("task|assess|load", text)]


@pytest.mark.parametrize("way", ["dms", "native"])
def test_a_route_is_of_steps_and_stages_that_there_are(way: Way) -> None:
    route = journey.route(way)
    stages = [one.removeprefix(journey.STAGE) for one in route if one.startswith(journey.STAGE)]
    steps = [one.split()[0] for one in route if not one.startswith(journey.STAGE)]
    assert {*steps} <= {one.name for one in journey.STEPS} and ("native" in steps) == (way == "native")
    order = [str(one.stage) for one in journey.stages(way, "prepare")]
    assert stages == [one for one in order if one in stages] and stages[-1] == "done"


def test_what_each_way_leaves_behind_is_what_the_check_asks_for() -> None:
    dms, native = (dict(left_behind(way)) for way in ("dms", "native"))
    assert any("sequences" in what for what in dms) and any("sequences" in what for what in native)
    assert [what for what in dms if "28 digits that DMS keeps" in what] and not [what for what in native if "DMS keeps" in what]
    assert not [text for told in (dms, native) for pair in told.items() for text in pair if "{" in text]
