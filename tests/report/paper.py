"""A PDF, page by page, as poppler reads it."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

MARGIN = 45
"""Points at the upper and the lower side of a page, where every page has the same."""


@dataclass(frozen=True)
class Page:
    """A page."""

    text: str
    filled: float
    """How far down its words go, of its height; without what every page bears."""


def read(pdf: Path) -> list[Page]:
    """The pages. Without poppler the test is skipped, but in CI, which has to have it."""
    program = shutil.which("pdftotext")
    if program is None:
        message = (
            "no pdftotext is installed (Debian: apt-get install poppler-utils), so that nobody has read the printed report"
        )
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    told = subprocess.run([program, "-bbox", str(pdf), "-"], capture_output=True, encoding="utf-8", check=True).stdout
    return [
        _page(float(high), words)
        for high, words in re.findall(r'<page width="[^"]+" height="([^"]+)">(.*?)</page>', told, re.S)
    ]


def _page(high: float, words: str) -> Page:
    found = re.findall(r'yMin="([^"]+)" xMax="[^"]+" yMax="([^"]+)">(.*?)</word>', words)
    ends = [float(end) for start, end, _ in found if float(start) > MARGIN and float(end) < high - MARGIN]
    return Page(" ".join(unescape(word) for _, _, word in found), max(ends, default=0.0) / high)
