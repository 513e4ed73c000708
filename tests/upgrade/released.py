"""What the last release leaves standing of prod and dr: Pulumi's states, by the real engine; secrets are placeholders."""

import json
import lzma
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pulumi.automation import Deployment as Exported

from engine import state
from engine.account import Account, Standing
from engine.graph import deployment_of
from engine.run import Engine
from rehearsal.life import Thing
from rehearsal.run import Rehearsal
from rehearsal.stackfile import read
from tests.rehearsal.support import ROOT

FILE = Path(__file__).with_name("released.json.xz")
STACKS = ("prod", "dr")
VOLATILE = ("created", "modified")
"""Of a resource in a state: when it was written."""
FORMAT = 3
"""Version of the deployments that the CLI exports."""


def released() -> dict[str, dict[str, Any]]:
    """The exported state of each stack."""
    stacks = json.loads(lzma.decompress(FILE.read_bytes()))["stacks"]
    return {name: stacks[name] for name in STACKS}


def write(version: str, folder: Path) -> None:
    """Bring the shipped stacks up by the real engine, in an empty folder, and keep them. Raises ValueError where one fails."""
    stacks = {}
    with Engine(ROOT, folder) as engine:
        for name in STACKS:
            outcome = engine.up(read(name, ROOT))
            if not outcome.good:
                raise ValueError(f"{name} does not come up: {'; '.join(outcome.problems)}")
            deployment = dict(engine.workspace.export_stack(name).deployment or {})
            stacks[name] = {"resources": [_lasting(one) for one in deployment["resources"]]}
    text = json.dumps({"version": version, "stacks": stacks}, sort_keys=True, separators=(",", ":"))
    FILE.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def rehearsals(states: Mapping[str, Mapping[str, Any]]) -> list[Rehearsal]:
    """Exported states in the form in which a rehearsal leaves its stacks."""
    return [_rehearsal(name, state.resources(deployment)) for name, deployment in states.items()]


def restore(folder: Path) -> None:
    """Let the stacks of the release stand in the folder of an engine, in which nothing stands yet."""
    with Engine(ROOT, folder) as engine:
        for name, deployment in released().items():
            engine.workspace.create_stack(name)
            file = engine.work / f"Pulumi.{name}.yaml"
            kept = yaml.safe_load(file.read_text(encoding="utf-8"))
            sealed = {"type": "passphrase", "state": {"salt": kept["encryptionsalt"]}}
            engine.workspace.import_stack(name, Exported(FORMAT, {**deployment, "secrets_providers": sealed}))
            values = {**kept, "config": dict(read(name, ROOT).values)}
            file.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")


def _lasting(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key not in VOLATILE}


def _rehearsal(name: str, found: list[state.Resource]) -> Rehearsal:
    file = read(name, ROOT)
    made = {
        one.seed: Standing(Thing(one.type, one.name, one.seed, file.region, {}), "emulated", []) for one in found if one.made
    }
    return Rehearsal(deployment_of(Account({name: file}, made), name, found), [])
