"""The files of a report: the page with its picture, and the picture of the README."""

import json
from datetime import UTC, datetime
from pathlib import Path

from report import picture
from report.collect import Evidence
from report.page import page
from report.picture import Picture, svg
from report.provenance import Provenance
from report.since import Changes

DOCUMENT = Path("docs/architecture")
"""The picture in the README, as .svg, and what it shows, as .json."""


def write_page(evidence: Evidence, folder: Path, about: Provenance | None = None, since: Changes | None = None) -> Path:
    """Write the page about stacks and its picture, named after the stacks; returns the path without its suffix."""
    name = "-".join(one.stack.stack for one in evidence.stacks)
    drawing = picture.derive(evidence.rehearsals)
    (folder / f"{name}.html").write_text(page(evidence, drawing, datetime.now(UTC), about, since), encoding="utf-8")
    (folder / f"{name}.svg").write_text(svg.drawn(drawing, f"Architecture of {name}"), encoding="utf-8")
    return folder / name


def write_picture(drawing: Picture, path: Path, names: str) -> None:
    """Write a picture as `path`.svg, and what it shows as `path`.json, by which a test can tell whether it is current."""
    path.with_suffix(".svg").write_text(svg.drawn(drawing, f"Architecture of {names}") + "\n", encoding="utf-8")
    path.with_suffix(".json").write_text(json.dumps(drawing.as_json(), indent=1) + "\n", encoding="utf-8")
