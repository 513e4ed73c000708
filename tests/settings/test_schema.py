"""What is generated from the models is current, right, and what editors and the Pulumi CLI accept."""

import copy
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from components.settings import SettingsError, parse, schema
from components.settings.keys import keys_of
from components.settings.parse import merged
from components.settings.project import MARK
from components.settings.reference import reference
from components.settings.root import PARTS, General
from components.settings.sizes import SIZES
from stackfiles import StackFileError
from tests.settings.stack_files import ROOT, in_editor, paths, raw, without
from tests.settings.test_parse import REGION, VALID

STACK_FILES = sorted([*ROOT.glob("Pulumi.*.yaml"), *(ROOT / "tests" / "rehearsal" / "stacks").glob("*.yaml")])
PROJECT: dict[str, Any] = in_editor(ROOT / "Pulumi.yaml")
STACK_SCHEMA = schema.stack_schema()


def complaints(file: Any) -> list[str]:
    """What an editor would underline: the path of each."""
    return sorted(error.json_path for error in Draft7Validator(STACK_SCHEMA).iter_errors(file))


def dev() -> dict[str, Any]:
    content: dict[str, Any] = in_editor(ROOT / "tests" / "samples" / "Pulumi.dev.yaml")
    return content


def test_the_generated_files_are_current() -> None:
    stale = [path.name for path, text in schema.written().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run `make schema`"


def test_a_stale_file_fails_the_check_until_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("docs", "schema"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=lambda folder, names: [n for n in names if n.endswith(".png")])
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n" + MARK + "config: {}\n", encoding="utf-8")
    (tmp_path / "docs" / "configuration.md").unlink()
    monkeypatch.setattr(schema, "ROOT", tmp_path)
    assert schema.main(["--check"]) == 1
    assert capsys.readouterr().out == (
        "schema/stack.schema.json: not what components/settings says; run hybridge schema\n"
        "Pulumi.yaml: not what components/settings says; run hybridge schema\n"
        "docs/configuration.md: not what components/settings says; run hybridge schema\n"
    )
    assert schema.main([]) == 0
    assert capsys.readouterr().out == (
        "schema/stack.schema.json: written\nPulumi.yaml: written\ndocs/configuration.md: written\n"
    )
    assert schema.main(["--check"]) == 0
    assert (tmp_path / "Pulumi.yaml").read_text(encoding="utf-8").startswith("name: mine\n")


def test_the_reference_lists_the_regions_once() -> None:
    assert reference().count("af-south-1, ap-east-1") == 1


def test_a_project_file_without_the_mark_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n", encoding="utf-8")
    monkeypatch.setattr(schema, "ROOT", tmp_path)
    with pytest.raises(StackFileError, match=r"Pulumi\.yaml has no line '# Written by `hybridge schema`"):
        schema.main([])


def test_the_schema_is_one_of_draft_7_without_traces_of_python() -> None:
    Draft7Validator.check_schema(STACK_SCHEMA)
    text = json.dumps(STACK_SCHEMA)
    assert "$defs" not in text and '"title": "A stack of Hybridge"' in text
    assert text.count('"title"') == 1


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_the_stack_files_follow_the_schema_and_the_settings(path: Path) -> None:
    assert complaints(in_editor(path)) == []
    values, region = raw(path)
    assert parse(values, region).region == region


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_an_editor_finds_the_schema_of_a_stack_file(stack: str) -> None:
    first = (ROOT / "tests" / "samples" / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=schema/stack.schema.json"
    assert (ROOT / first.split("=")[1]).is_file()


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no region": ({"aws:region": None}, ["$.config['aws:region']", "$.config['aws:region']"]),
    "a region that does not exist": ({"aws:region": "moon-1"}, ["$.config['aws:region']"]),
    "an unknown key of ours": ({"hybridge:netwrok": {}}, ["$.config"]),
    "an unknown key within": ({"hybridge:storage": {"hotDay": 1}}, ["$.config['hybridge:storage']"]),
    "a wrong type": ({"hybridge:containers": {"minInstances": "two"}}, ["$.config['hybridge:containers'].minInstances"]),
    "a number out of range": ({"hybridge:database": {"storageGiB": 1}}, ["$.config['hybridge:database'].storageGiB"]),
    "a choice that is none": ({"hybridge:size": "huge"}, ["$.config['hybridge:size']"]),
    "a secret in plain text": (
        {"hybridge:containers": {"pullThroughCache": {"accessToken": "dckr_pat_example"}}},
        ["$.config['hybridge:containers'].pullThroughCache.accessToken"],
    ),
    "a secret and more": (
        {"hybridge:containers": {"pullThroughCache": {"accessToken": {"secure": "v1:a:b", "plain": "x"}}}},
        ["$.config['hybridge:containers'].pullThroughCache.accessToken"],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_editor_underlines(case: str) -> None:
    change, expected = WRONG[case]
    file = dev()
    file["config"] = merged(file["config"], change)
    assert complaints(file) == expected


def test_an_editor_accepts_sealed_secrets_and_what_belongs_to_the_cli_or_to_providers() -> None:
    file = dev() | {"encryptionsalt": "v1:abc", "secretsprovider": "awskms://alias/pulumi", "environment": ["shared"]}
    file["config"] |= {"aws:allowedAccountIds": ["123456789012"], "pulumi:disable-default-providers": ["*"]}
    file["config"]["hybridge:containers"]["pullThroughCache"] = {"username": "me", "accessToken": {"secure": "v1:abc:def"}}
    file["config"]["hybridge:management"]["backup"]["restoreTesting"] = None
    assert complaints(file) == []


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_schema_is_never_stricter_than_the_settings(stack: str) -> None:
    """Whatever key is left out: what the settings accept, the editor does not underline."""

    original = in_editor(ROOT / "tests" / "samples" / f"Pulumi.{stack}.yaml")
    for path in paths(original["config"]):
        if path[0] == "aws:region" or path[-1] == "secure":
            continue
        (values, region), file = raw(stack), copy.deepcopy(original)
        without(file["config"], path)
        without(values, (str(path[0]).removeprefix("hybridge:"), *path[1:]))
        try:
            parse(values, region)
        except SettingsError:
            continue
        assert complaints(file) == [], path


def test_the_project_is_run_by_the_environment_that_make_sets_up() -> None:
    assert PROJECT["name"] == "hybridge"
    assert PROJECT["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}}
    assert "VENV := .venv" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_project_declares_every_key_of_its_namespace_and_no_other() -> None:
    """The CLI takes no type for a key of another namespace, so that aws:region is not among them."""
    assert list(PROJECT["config"]) == [
        *(field.alias or name for name, field in General.model_fields.items()),
        *(part.key for part in PARTS.values()),
    ]


TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
"""What the CLI's own schema of project files allows as a type, and what a default must be then."""


@pytest.mark.parametrize("key", PROJECT["config"])
def test_the_cli_accepts_the_declaration_of(key: str) -> None:
    declared = PROJECT["config"][key]
    assert declared.keys() <= {"type", "items", "default", "description"}
    assert declared["type"] in TYPES
    assert ("items" in declared) == (declared["type"] == "array")
    assert declared.get("items", {"type": "object"}) == {"type": "object"}
    assert isinstance(declared.get("default", TYPES[declared["type"]]()), TYPES[declared["type"]])
    assert len(declared["description"]) > 40


def test_only_what_has_no_default_must_be_in_a_stack_file() -> None:
    """A key without a default is one that the CLI misses in a stack file. A secondary takes onPremises from its primary's."""
    assert [key for key, declared in PROJECT["config"].items() if "default" not in declared] == ["network"]
    config = STACK_SCHEMA["properties"]["config"]
    assert config["required"] == ["aws:region", "hybridge:network"]
    assert config["if"]["properties"] == {"hybridge:role": {"const": "secondary"}}
    assert config["else"] == {"required": ["hybridge:onPremises"]}


@pytest.mark.parametrize("size", SIZES)
def test_the_defaults_of_the_project_are_those_of_the_models(size: str) -> None:
    """The CLI hands the defaults of the project to the program, as if the stack file had them."""
    defaults = {key: declared["default"] for key, declared in PROJECT["config"].items() if "default" in declared}
    assert parse({**defaults, **VALID, "size": size}, REGION) == parse({**VALID, "size": size}, REGION)


@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.key)
def test_project_and_reference_tell_every_key_with_its_meaning(part: Any) -> None:
    description = " ".join(PROJECT["config"][part.key]["description"].split())
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {part.key}\n")[2].partition("\n## ")[0]
    keys = list(keys_of(part.model, part.key))
    assert len(keys) >= len(part.model.model_fields)
    for key in keys:
        assert key.meaning, f"{part.key}.{key.path} has no description"
        assert f" {key.path} (" in description
        assert f"| `{key.path}` | " in section


def test_the_reference_has_what_every_size_stands_for() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert "| `containers.instanceType` | t3.large | m6i.xlarge | m6i.4xlarge |" in text
    assert "| `database.multiAz` | false | true | true |" in text
    assert "| `management.backup.restoreTesting` | none | with its defaults | with its defaults |" in text


def test_the_reference_begins_with_what_is_in_it() -> None:
    text = reference()
    listed = re.search(r"^Sections: (.*)\.$", text, re.MULTILINE)
    assert listed
    assert re.findall(r"\[(\w+)\]", listed[1]) == re.findall(r"^## (\w+)$", text, re.MULTILINE)
