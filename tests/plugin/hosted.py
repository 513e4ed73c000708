"""Programs in other languages, and the real engine with the folder `plugin` as the provider of their components."""

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.run import Engine
from hybridge import __version__
from plugin.host import COMPONENTS
from rehearsal.stackfile import StackFile, read
from tests.rehearsal.support import REGION, ROOT

NEEDS_NODE = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node on PATH")
EXAMPLES = ROOT / "examples"
Resources = dict[str, tuple[str, dict[str, Any]]]
"""Name -> type, and properties in which `${name.output}` refers to a resource before."""
SHORT = {"aws:ec2:Vpc": "aws:ec2/vpc:Vpc", "aws:ec2:Subnet": "aws:ec2/subnet:Subnet"}

STAND_IN = """
export const asked = { resources: {}, outputs: {} };
const made = (token) => class {
    constructor(name, properties) {
        asked.resources[name] = [token, properties];
        return new Proxy(this, { get: (_, key) => "${" + name + "." + String(key) + "}" });
    }
};
"""


def of_yaml(folder: Path) -> tuple[Resources, dict[str, Any]]:
    """What a program in YAML asks for."""
    program = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    resources = {name: (SHORT.get(one["type"], one["type"]), one["properties"]) for name, one in program["resources"].items()}
    return resources, program["outputs"]


def of_typescript(folder: Path, work: Path) -> tuple[Resources, dict[str, Any]]:
    """What a program in TypeScript asks for: run by Node, with classes in place of the SDK's that write it down.

    Node takes it as it stands as long as it says no types of its own.
    """
    work.mkdir()
    sdk = work / "node_modules" / "@pulumi" / "hybridge"
    sdk.mkdir(parents=True)
    (sdk / "package.json").write_text('{"type": "module", "main": "index.js"}')
    classes = [f'export const {name} = made("hybridge:index:{name}");' for name in (one.__name__ for one in COMPONENTS)]
    (sdk / "index.js").write_text("\n".join([STAND_IN, *classes]))
    shutil.copyfile(folder / "index.ts", work / "index.mjs")
    (work / "told.mjs").write_text(
        'import * as outputs from "./index.mjs";\nimport { asked } from "@pulumi/hybridge";\n'
        "console.log(JSON.stringify({ ...asked, outputs: { ...outputs } }));\n"
    )
    said = subprocess.run(["node", "told.mjs"], cwd=work, capture_output=True, text=True, timeout=60, check=True).stdout
    program = json.loads(said)
    return program["resources"], program["outputs"]


def project(folder: Path, resources: Resources, outputs: dict[str, Any]) -> tuple[Path, StackFile]:
    """A project whose program asks for those resources, and its stack."""
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: theirs\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text(f"config:\n  aws:region: {REGION}\n")
    (folder / "program.json").write_text(json.dumps({"resources": resources, "outputs": outputs}))
    shutil.copyfile(Path(__file__).with_name("program.py"), folder / "__main__.py")
    return folder, read(str(folder / "Pulumi.dev.yaml"), folder)


@contextlib.contextmanager
def engine(root: Path) -> Iterator[Engine]:
    """The real engine over a project, which starts the plugin as the CLI's language host of Python would."""
    with Engine(root, root / "engine") as found:
        start = root / "engine" / "home" / "plugins" / f"resource-hybridge-v{__version__}" / "pulumi-resource-hybridge"
        start.parent.mkdir(parents=True)
        start.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -u {ROOT / "plugin"} "$@"\n')
        start.chmod(0o755)
        yield found
