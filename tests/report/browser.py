"""Headless Chromium, asked what it shows of a page: what is cut, what overlaps, what is too pale to read."""

import html
import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = (Path(__file__).parent / "look.js").read_text()
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
SECONDS = 60


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    width: int
    """Pixels."""
    dark: bool = False
    printed: bool = False
    opened: bool = False
    """Whether all that folds is unfolded."""


def browser() -> str:
    """The browser; without one the test is skipped, but in CI, which has to have one."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        message = "no Chromium is installed (Debian: apt-get install chromium), so that nobody has looked at the report"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


def faults(page: str, look: Look, pdf: Path | None = None) -> list[str]:
    """Everything that is wrong with how a page looks. The same run prints it to `pdf`, if there is to be one."""
    shown = SCRIPT.replace("PRINTED", json.dumps(look.printed)).replace("OPENED", json.dumps(look.opened))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(page.replace("</body>", f"<script>{shown}</script></body>"), encoding="utf-8")
        command = [
            browser(),
            *FLAGS,
            f"--user-data-dir={folder}/profile",
            f"--window-size={look.width},900",
            f"--blink-settings=preferredColorScheme={0 if look.dark else 1}",
            *(("--no-pdf-header-footer", f"--print-to-pdf={pdf}") if pdf else ()),
            "--dump-dom",
            file.as_uri(),
        ]
        dumped = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False)
    told = re.search(r'<pre id="faults"[^>]*>(.*?)</pre>', dumped.stdout, re.DOTALL)
    assert told, f"the browser told nothing: {dumped.stderr[-2000:]}"
    result = json.loads(html.unescape(told[1]))
    assert result["width"] == look.width and result["dark"] == look.dark, "the browser did not look as it was told to"
    return list(result["faults"])
