"""`make release`: what has to be so before this version is published, and the states that the next one is tried on."""

import datetime
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from engine.home import check
from hybridge import __version__
from rehearsal.usage import UsageError
from tests.rehearsal.support import ROOT
from tests.upgrade.released import FILE, write

CHANGES = ROOT / "CHANGELOG.md"
NOT_YET = "not released yet"


def dated(changes: str, version: str, today: datetime.date) -> str:
    """CHANGELOG.md with the day at this version's heading. Raises UsageError where the newest heading is not this version's."""
    newest = re.search(r"^## (\S+) \((.*)\)$", changes, re.MULTILINE)
    if newest is None or newest[1] != version:
        raise UsageError(
            f"CHANGELOG.md: the newest heading is {newest[1] if newest else 'missing'}, hybridge/__init__.py says {version}; "
            f"write '## {version} ({NOT_YET})' and what changed below it, or set __version__"
        )
    return changes.replace(f"## {version} ({NOT_YET})", f"## {version} ({today.isoformat()})")


def main() -> None:
    """Check, date, renew; then say what a person does."""
    check("make release")
    tag = f"v{__version__}"
    if subprocess.run(["git", "tag", "--list", tag], cwd=ROOT, capture_output=True, text=True, check=True).stdout:
        raise UsageError(f"{tag} is released: raise __version__ in hybridge/__init__.py, and begin its section in CHANGELOG.md")
    text = dated(CHANGES.read_text(encoding="utf-8"), __version__, datetime.date.today())
    print("bringing up prod and dr by the real engine ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        write(__version__, Path(folder))
    CHANGES.write_text(text, encoding="utf-8")
    print(
        f"{FILE.relative_to(ROOT)} and CHANGELOG.md are those of {__version__}. Now, once `make test` has passed:\n"
        f"  git commit -am 'Release {__version__}'\n"
        f"  git tag -a {tag} -m {__version__}\n"
        f"  git push origin HEAD {tag}\n"
        "  make package                     # dist/, to be published\n"
        "then raise __version__ in hybridge/__init__.py, and begin its section in CHANGELOG.md"
    )


if __name__ == "__main__":
    try:
        main()
    except (UsageError, ValueError) as error:
        sys.exit(str(error))
