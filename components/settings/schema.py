"""Writes everything that is generated from the settings models: `python -m components.settings.schema [--check]`.

schema/stack.schema.json   what editors complete and check the stack files with
Pulumi.yaml                its `config:` part: every key with type, default and description
docs/configuration.md      the reference, in the repository of Hybridge itself
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from components.settings.describe import Schema
from components.settings.project import completed, may_be_left_out
from components.settings.reference import reference
from components.settings.root import PARTS, REGIONS, Settings
from components.settings.sizes import SIZES
from stackfiles import document
from stackfiles.sharing import SECTIONS

ROOT = Path(__file__).resolve().parents[2]

NULLABLE = "x-nullable"
PROVIDERS = ("aws", "aws-native", "awsx", "docker", "docker-build", "pulumi", "random", "tls")
"""Namespaces of config that a stack file may have beside the project's own."""

SECURE: Schema = {
    "type": "object",
    "description": "A secret as `pulumi config set --secret --path` writes it.",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}


def stack_schema(project: str = "hybridge") -> Schema:
    """The JSON Schema of a `Pulumi.<stack>.yaml` of a project, of draft 7: the newest that editors know in full."""
    models = Settings.model_json_schema(by_alias=True)
    for part in PARTS.values():
        _sized(models["$defs"][part.model.__name__], [defaults.get(part.key, {}) for defaults in SIZES.values()], models)
    keys = {f"{project}:{key}": _draft_7(node) for key, node in models["properties"].items() if key != "region"}
    required = [part.key for part in PARTS.values() if not may_be_left_out(part)]
    secondary = {"properties": {f"{project}:role": {"const": "secondary"}}, "required": [f"{project}:role"]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A stack of Hybridge",
        "description": "Written by `make schema` from components/settings.",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "description": "The settings of this stack; docs/configuration.md describes every key.",
                "properties": {
                    "aws:region": {"type": "string", "enum": list(REGIONS), "description": "AWS region of the stack."},
                    **keys,
                },
                # Keys of providers, whose schemas are not known here. Any other namespace is a misspelt one.
                "patternProperties": {f"^({'|'.join(PROVIDERS)}):.+$": {}},
                "additionalProperties": False,
                "required": ["aws:region", *(f"{project}:{key}" for key in required if key not in SECTIONS)],
                # A secondary takes these from the file of its primary.
                "if": secondary,
                "else": {"required": [f"{project}:{key}" for key in required if key in SECTIONS]},
            },
            "encryptionsalt": {"type": "string", "description": "Written by the CLI where a passphrase seals the secrets."},
            "secretsprovider": {"type": "string", "description": "Written by the CLI where a key service seals the secrets."},
            "encryptedkey": {"type": "string", "description": "Written by the CLI along with secretsprovider."},
            "environment": {"description": "Pulumi ESC environments that the stack imports."},
        },
        "required": ["config"],
        "additionalProperties": False,
        "definitions": {name: _draft_7(node) for name, node in sorted(models["$defs"].items())},
    }


def _sized(node: Schema, sizes: list[dict[str, Any]], models: Schema) -> None:
    """Take from `required` what every size has a default for, and note where null undoes what a size stands for."""
    for key, unresolved in node.get("properties", {}).items():
        defaults = [size[key] for size in sizes if key in size]
        if len(defaults) == len(sizes) and key in node.get("required", []):
            node["required"].remove(key)
        if defaults and "anyOf" in unresolved:
            unresolved[NULLABLE] = True
        groups = [default for default in defaults if isinstance(default, dict)]
        for option in unresolved.get("anyOf", [unresolved]) if groups else ():
            if "$ref" in option:
                _sized(models["$defs"][option["$ref"].rsplit("/", 1)[-1]], groups, models)


def _draft_7(node: Schema) -> Schema:
    """The node in draft 7: without titles and nulls, and with a sealed value where a secret is expected."""
    if node.get("format") == "password":
        return SECURE | {key: value for key, value in node.items() if key == "description"}
    result: Schema = {}
    for key, value in node.items():
        if key in {"title", "$defs", NULLABLE} or (key == "default" and (value is None or "$ref" in node)):
            continue
        if key == "$ref":
            # draft 7 ignores whatever stands beside a reference
            result["allOf"] = [{"$ref": value.replace("#/$defs/", "#/definitions/")}]
        elif key == "anyOf":
            options = [_draft_7(option) for option in value if option.get("type") != "null" or NULLABLE in node]
            # what stands beside the alternatives comes last, so that its description wins
            result |= options[0] if len(options) == 1 else {"anyOf": options}
        elif key in {"properties", "patternProperties"}:
            result[key] = {name: _draft_7(child) for name, child in value.items()}
        else:
            result[key] = _draft_7(value) if isinstance(value, dict) and key != "default" else value
    if "allOf" in result:
        result.pop("default", None)
    return result


def written(root: Path | None = None) -> dict[Path, str]:
    """Every generated file of a project's folder with its text. Raises StackFileError where there is no project."""
    root = root or ROOT
    project = root / "Pulumi.yaml"
    schema = stack_schema(str(document(project).get("name") or "hybridge"))
    return {
        root / "schema" / "stack.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n",
        project: completed(project.read_text(encoding="utf-8")),
    } | ({root / "docs" / "configuration.md": reference()} if root == ROOT else {})


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or with --check only compare them; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m components.settings.schema", description="Write what the settings generate."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is not what would be written")
    check: bool = parser.parse_args(arguments).check
    stale = {path: text for path, text in written().items() if not path.is_file() or path.read_text(encoding="utf-8") != text}
    for path, text in stale.items():
        print(f"{path.relative_to(ROOT)}: {'not what components/settings says; run hybridge schema' if check else 'written'}")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
