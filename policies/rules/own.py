"""The policies that a team has added: `POLICIES` of `own/policies.py`, beside the folder of the pack."""

import importlib.util
import os
import sys
from pathlib import Path

from pulumi_policy import Policy

ROOT = Path(os.environ.get("HYBRIDGE_ROOT") or Path(__file__).resolve().parents[2])
"""The project's folder. A rehearsal tells it; the Pulumi CLI starts the pack where it lies."""
FILE = ROOT / "own" / "policies.py"


def policies() -> list[Policy]:
    """The team's policies; none without the file. Raises ImportError for a file that has no list of them."""
    if not FILE.is_file() or os.environ.get("HYBRIDGE_WITHOUT_OWN"):
        return []
    sys.path.append(str(ROOT))
    spec = importlib.util.spec_from_file_location("own_policies", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = getattr(module, "POLICIES", None)
    if not isinstance(found, list):
        raise ImportError(f"{FILE} has no list POLICIES; write `POLICIES = [resource_policy(...)]`, see docs/own.md")
    return found
