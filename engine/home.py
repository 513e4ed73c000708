"""What the Pulumi CLI wants around it: found, and kept away from everything that is the user's own."""

import json
import shlex
import shutil
import stat
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from rehearsal.stackfile import StackFile
from rehearsal.usage import UsageError

PACKAGES = {"aws": "pulumi-aws", "random": "pulumi-random", "awsx": "pulumi-awsx"}
"""Pulumi packages that the engine is answered for -> the Python packages whose version each has."""
BROUGHT_ALONG = {"docker": "pulumi-docker", "docker-build": "pulumi-docker-build"}
"""Packages that awsx brings along, of which no resource is made."""
WHERE = "https://www.pulumi.com/docs/iac/download-install/"
PASSPHRASE = "rehearsed"
"""What the secrets of the private state are encrypted with. They are placeholders."""

PACK = """#!/bin/sh
# The engine runs this as a policy pack and passes its address. It does what the language host of Python does for a pack.
cd {folder} || exit 1
export PULUMI_PROJECT={project} PULUMI_STACK={stack} PULUMI_DRY_RUN=false PULUMI_CONFIG={config}
exec {python} -u -m pulumi.policy "$1" .
"""


def versions() -> dict[str, str]:
    """The versions of the packages that the engine is answered for."""
    return {package: version(name) for package, name in PACKAGES.items()}


def check(operation: str) -> None:
    """Whether the Pulumi CLI is there. Raises UsageError with where to get it."""
    if shutil.which("pulumi") is None:
        raise UsageError(f"{operation} needs the Pulumi CLI, which is not on PATH: get it from {WHERE}; all else goes without")


def prepare(folder: Path) -> None:
    """Make the private home, with a stub for each plugin that the engine looks for before it connects to ours."""
    plugins = folder / "plugins"
    for package, name in {**PACKAGES, **BROUGHT_ALONG}.items():
        stub = plugins / f"resource-{package}-v{version(name)}" / f"pulumi-resource-{package}"
        _script(stub, "#!/bin/sh\necho 'served by the rehearsal' >&2\nexit 1\n")


def policy_pack(folder: Path, pack: Path, stack: StackFile) -> Path:
    """What the engine runs to have a policy pack in Python judge a stack."""
    script = folder / "packs" / f"{stack.stack}-{pack.name}"
    values = {
        "folder": pack.resolve(),
        "project": stack.project,
        "stack": stack.stack,
        "config": json.dumps(dict(stack.config)),
        "python": sys.executable,
    }
    _script(script, PACK.format(**{key: shlex.quote(str(value)) for key, value in values.items()}))
    return script


def environment(folder: Path, state: Path, ports: Mapping[str, int]) -> dict[str, str]:
    """The variables that a `pulumi` is started with: its home, its backend, our providers; nothing that leads to the user's."""
    return {
        "PULUMI_HOME": str(folder),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_DEBUG_PROVIDERS": ",".join(f"{package}:{port}" for package, port in ports.items()),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # The state is written once, at the end, and not after each resource: a command that dies has changed nothing, for the
        # account it worked on died with it.
        "PULUMI_EXPERIMENTAL": "true",
        "PULUMI_SKIP_CHECKPOINTS": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
        # Whoever is logged in elsewhere stays out of this.
        "PULUMI_ACCESS_TOKEN": "",
        "PULUMI_CONFIG_PASSPHRASE_FILE": "",
        "PULUMI_STACK": "",
    }


def _script(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
