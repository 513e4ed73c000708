"""The README tells of every stack output, and of none that is gone."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def exported() -> set[str]:
    """The keys that `__main__` exports."""
    calls = [node for node in ast.walk(ast.parse((ROOT / "__main__.py").read_text())) if isinstance(node, ast.Call)]
    (export,) = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "export"]
    (outputs,) = export.args
    assert isinstance(outputs, ast.Dict)
    return {key.value for key in outputs.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def test_the_readme_has_every_stack_output_and_no_other() -> None:
    section = (ROOT / "README.md").read_text().split("\n## Outputs\n")[1].split("\n## ")[0]
    told = [name for line in section.splitlines() for name in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")]
    assert sorted(told) == sorted(exported())
