"""What the stack of a second region takes from the stack file of its primary, so that it is written once.

Only plain values are shared: a secret is sealed with the key of the stack that it was written for.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple

from stackfiles import StackFileError, config_of, document, file_of, is_sealed

SECTIONS = ("onPremises", "workloads")
"""What is taken as a whole. Keys of a mapping that the secondary has itself win one by one, a list wins as a whole."""

SAME: tuple[tuple[str, str], ...] = (
    ("network.cidr", "disasterRecovery.primaryCidr"),
    ("network.hub", "network.hub"),
    ("network.privateZone", "network.privateZone"),
    ("containers.repositories", "containers.repositories"),
    ("database.name", "database.name"),
    ("database.username", "database.username"),
    ("database.users", "database.users"),
    ("database.engineVersion", "database.engineVersion"),
    ("database.instanceClass", "database.instanceClass"),
    ("database.storageGiB", "database.storageGiB"),
    ("database.maxStorageGiB", "database.maxStorageGiB"),
    ("disasterRecovery.database", "disasterRecovery.database"),
    ("storage.mountPath", "storage.mountPath"),
    ("storage.fileGateway.nfs.prefix", "storage.fileGateway.nfs.prefix"),
)
"""Single keys: where the primary has each, and where the secondary would. They have to agree, or what takes over needs them."""

Config = Mapping[str, Any]

_beside: ContextVar[Mapping[str, Config]] = ContextVar("beside")


class Shared(NamedTuple):
    """The values of a stack by top-level key, without its namespace, and which of them came from elsewhere."""

    values: dict[str, Any]
    origin: dict[str, str]
    """Key, as `network.hub` -> the file that it was taken from."""


@contextmanager
def known(configs: Mapping[str, Config]) -> Iterator[None]:
    """Within the block, these are the configs of stacks, by name and full key: files that were edited for a rehearsal."""
    token = _beside.set(configs)
    try:
        yield
    finally:
        _beside.reset(token)


def primary_of(config: Config, project: str) -> str | None:
    """The name of the primary's stack in this project, if the config by full key is that of a secondary."""
    name = config.get(f"{project}:primaryStack")
    if config.get(f"{project}:role") != "secondary" or not isinstance(name, str) or not name:
        return None
    *elsewhere, stack = name.split("/")
    return stack if not elsewhere or elsewhere[-1] == project else None


def beside(stack: str, project: str, folder: Path) -> Config | None:
    """The config of another stack of the project, by full key; None if there is no file of it. Raises StackFileError."""
    configs = _beside.get({})
    if stack in configs:
        return configs[stack]
    path = file_of(stack, folder)
    return config_of(path, document(path), project) if path.is_file() else None


def shared(own: Config, primary: Config, stack: str, project: str) -> Shared:
    """A secondary's values with those that it takes from its primary's, both by full key. Raises StackFileError.

    An empty value stands for none: the project's defaults are empty, and a program cannot tell them from what a file says.
    """
    file = f"Pulumi.{stack}.yaml"
    values = {key: value for key, value in own.items() if key.startswith(f"{project}:")}
    values = {key.split(":", 1)[1]: value for key, value in values.items()}
    theirs = {key.split(":", 1)[1]: value for key, value in primary.items() if key.startswith(f"{project}:")}
    origin: dict[str, str] = {}
    for section in SECTIONS:
        if taken := theirs.get(section):
            values[section] = _laid_over(taken, values.get(section), section, file, origin)
    for there, here in SAME:
        value = _at(theirs, there)
        if value is not None and _at(values, here) is None and _set(values, here, value):
            origin[here] = file
    for key in origin:
        if sealed := next(_sealed(_at(values, key), key), None):
            raise StackFileError(
                f"{project}:{sealed} of {file} is a secret, which no other stack can open. Set {key.split('.')[0]} in this "
                "stack's file too, with a secret of its own."
            )
    return Shared(values, origin)


def _laid_over(taken: Any, own: Any, key: str, file: str, origin: dict[str, str]) -> Any:
    if own in (None, "", {}, []):
        origin[key] = file
        return taken
    if isinstance(taken, Mapping) and isinstance(own, Mapping):
        missing = {name: value for name, value in taken.items() if name not in own}
        origin.update(dict.fromkeys((f"{key}.{name}" for name in missing), file))
        return {**missing, **own}
    return own


def _at(values: Any, path: str) -> Any:
    for part in path.split("."):
        values = values.get(part) if isinstance(values, Mapping) else None
    return values


def _set(values: dict[str, Any], path: str, value: Any) -> bool:
    """Set what lies at a path, copying what leads there; False if something there is no mapping."""
    *above, last = path.split(".")
    for part in above:
        below = values.get(part)
        if below not in (None, "") and not isinstance(below, Mapping):
            return False
        values[part] = dict(below or {})
        values = values[part]
    values[last] = value
    return True


def _sealed(value: Any, key: str) -> Iterator[str]:
    if is_sealed(value):
        yield key
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _sealed(item, f"{key}.{name}")
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _sealed(item, f"{key}[{position}]")
