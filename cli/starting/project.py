"""The folder of a project of one's own: what `hybridge new` writes where there is none yet."""

import json
import re
from pathlib import Path

from components.settings.project import MARK, completed
from components.settings.schema import stack_schema
from hybridge import __version__
from rehearsal.usage import UsageError

NAME = r"[A-Za-z][A-Za-z0-9_.-]{0,99}"

HEAD = """name: {name}
description: Containers, a database and files over a data centre and AWS
requiredPulumiVersion: ">=3.190.0"
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: .venv

"""
PROGRAM = '''"""{name}: Hybridge, and what is ours beside it."""

import hybridge

stack = hybridge.deploy()

# Own resources go below, and take what they need from what was made: stack.network.vpc_id, stack.platform.cluster_name,
# stack.settings.region. An update of Hybridge touches nothing of this folder.
'''
REQUIREMENTS = """# The version of Hybridge; docs/updating.md of the project says what to look at before it is raised.
hybridge[rehearsal]=={version}
"""
IGNORED = ".venv/\nbuild/\n__pycache__/\n"


def name_of(folder: Path, asked: str) -> str:
    """The name of a new project: what was asked for, or what the folder's name makes. Raises UsageError."""
    name = asked or re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.resolve().name).strip("-.")
    if not re.fullmatch(NAME, name):
        raise UsageError(
            f"--project {name!r}: a letter, then letters, digits, hyphens, dots and underscores; choose another name"
        )
    return name


def files(name: str) -> dict[str, str]:
    """The files of a new project, by path."""
    return {
        "Pulumi.yaml": completed(HEAD.format(name=name) + MARK),
        "__main__.py": PROGRAM.format(name=name),
        "requirements.txt": REQUIREMENTS.format(version=__version__),
        ".gitignore": IGNORED,
        "schema/stack.schema.json": json.dumps(stack_schema(name), indent=2, ensure_ascii=False) + "\n",
    }


def write(folder: Path, name: str) -> list[str]:
    """Write the files of a new project; those that are there already stay as they are. Returns what was written."""
    written = []
    for path, text in files(name).items():
        target = folder / path
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            written.append(path)
    return written
