"""The settings of a rehearsed stack, where the program is Hybridge's: any other has config that is not theirs."""

from components.settings import PARTS, Settings, parse
from rehearsal.stackfile import StackFile


def is_hybridge(stack: StackFile) -> bool:
    """Whether the settings are those of the stack's program, by the keys that its Pulumi.yaml declares, if that was read."""
    return stack.declared is None or {f"{stack.project}:{part.key}" for part in PARTS.values()} <= stack.declared


def settings_of(stack: StackFile) -> Settings:
    """The settings of a stack, with what it takes from its primary's file. Raises SettingsError."""
    prefix = f"{stack.project}:"
    raw = {key.removeprefix(prefix): value for key, value in stack.values.items() if key.startswith(prefix)}
    return parse(raw, stack.region, project=stack.project, stack=stack.stack, origin=stack.origin)
