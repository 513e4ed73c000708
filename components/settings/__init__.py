"""The settings of a stack: read from its configuration, checked as a whole, handed on as frozen values.

`load` is the only place of the program that reads `pulumi.Config`.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env, is_config_secret
from pydantic import SecretStr

from components.settings.base import Mistake, Section
from components.settings.errors import SettingsError
from components.settings.parse import parse
from components.settings.root import PARTS, Settings
from stackfiles import StackFileError, sharing

__all__ = ["PARTS", "Mistake", "Section", "Settings", "SettingsError", "load", "of_config", "parse"]


def load() -> Settings:
    """The settings of the stack that runs. Raises SettingsError, which tells every mistake of the stack file.

    The stack of a second region takes what it shares with its primary from that one's stack file, where that is beside its own.
    Warns of secrets that the stack file holds in plain text.
    """
    config = pulumi.Config()
    # pulumi.Config answers for names that one knows; a misspelt key is only seen where all of them are.
    given = {**get_config_env(), **CONFIG.get()}
    prefix = f"{config.name}:"
    own = {key: config.get(key.removeprefix(prefix)) for key in given if key.startswith(prefix)}
    settings = of_config(own, pulumi.Config("aws").get("region"), project=config.name, stack=pulumi.get_stack())
    for name, part in PARTS.items():
        if not is_config_secret(f"{prefix}{part.key}") and any(_secrets(getattr(settings, name))):
            fix = f"set it again with `pulumi config set --secret --path '{prefix}{part.key}...'`"
            pulumi.log.warn(f"{prefix}{part.key} of Pulumi.{pulumi.get_stack()}.yaml holds a secret in plain text; {fix}")
    return settings


def of_config(config: Mapping[str, Any], region: Any, *, project: str, stack: str, folder: Path | None = None) -> Settings:
    """The settings in the configuration of a stack, by full key, as the CLI hands it to a program.

    What a secondary shares with its primary is taken from the file of that in `folder`, the working directory if none is
    given. Raises SettingsError, which tells every mistake, and RunError for a file that cannot be read.
    """
    prefix = f"{project}:"
    own = {key: _value(value) for key, value in config.items() if key.startswith(prefix)}
    taken = sharing.Shared({key.removeprefix(prefix): value for key, value in own.items()}, {})
    if primary := sharing.primary_of(own, project):
        try:
            theirs = sharing.beside(primary, project, folder or Path.cwd())
            if theirs is not None:
                taken = sharing.shared(own, theirs, primary, project)
        except StackFileError as error:
            raise pulumi.RunError(str(error)) from error
    return parse(taken.values, region, project=project, stack=stack, origin=taken.origin)


def _value(text: Any) -> Any:
    """What a value of the stack file was before the CLI made text of it: objects, numbers and booleans arrive as JSON."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _secrets(value: Any) -> Iterator[SecretStr]:
    if isinstance(value, SecretStr):
        yield value
    elif isinstance(value, Section):
        for name in type(value).model_fields:
            yield from _secrets(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item)
