"""The pack and the project agree on what they share without importing each other."""

import ast
from pathlib import Path

import yaml

from components.settings.root import General
from components.settings.sizes import SIZES
from policies.rules.stack import DEFAULT_SIZE, RESILIENT_SIZES
from policies.rules.tags import REQUIRED
from proofs.policies import start_pack
from proofs.shown import resources_of
from tests.rehearsal.support import rehearsed_stack

ROOT = Path(__file__).parents[2]


def pins(path: Path) -> dict[str, str]:
    lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return dict(line.split("==") for line in lines if "==" in line)


def test_the_pack_pins_what_the_project_pins() -> None:
    project = pins(ROOT / "requirements.txt")
    assert pins(ROOT / "policies/requirements.txt").items() <= project.items()


def test_the_pack_runs_in_the_environment_that_make_sets_up() -> None:
    manifest = yaml.safe_load((ROOT / "policies/PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert manifest["runtime"] == {"name": "python", "options": {"virtualenv": "../.venv"}}
    assert "VENV := .venv\n" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_pack_knows_the_sizes_and_the_default_of_the_settings() -> None:
    assert General.model_fields["size"].default == DEFAULT_SIZE
    assert {DEFAULT_SIZE, *RESILIENT_SIZES} == set(SIZES)


def test_the_tags_that_are_demanded_are_those_that_the_program_gives() -> None:
    program = ast.parse((ROOT / "__main__.py").read_text(encoding="utf-8"))
    given = {node.value for node in ast.walk(program) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert set(REQUIRED["required"]["default"]) - {"Name"} <= given


def test_the_pack_refuses_nothing_of_a_stack_that_has_everything() -> None:
    """A rule that a further type or value runs into would end everybody's preview of it."""
    with (
        rehearsed_stack(ROOT / "tests" / "rehearsal" / "stacks" / "everything.yaml") as result,
        start_pack(result.stack) as pack,
    ):
        found = pack.analyze(resources_of(result))
    assert [f"{one.policy}: {one.urn.rpartition('::')[2]}: {one.message}" for one in found if one.level == "mandatory"] == []
