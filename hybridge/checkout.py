"""The packages of a checkout below the name that they have in a wheel."""

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
NAME = HERE.name


def is_one() -> bool:
    """Whether this is a checkout: in a wheel the packages are right here."""
    return not (HERE / "components").is_dir()


def packages(root: Path = HERE.parent) -> list[str]:
    """The packages that a wheel has below `hybridge`."""
    found = {path.parent.name for path in root.glob("*/__init__.py")}
    return sorted(found - {NAME, "bench", "tests"})


class _Shared(MetaPathFinder, Loader):
    """Finds `hybridge.components.database` as the module `components.database`."""

    def __init__(self, names: list[str]) -> None:
        self._names = tuple(f"{NAME}.{name}" for name in names)
        self._specs: dict[str, ModuleSpec | None] = {}

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """A spec for what stands at the top of the checkout."""
        if any(name == one or name.startswith(f"{one}.") for one in self._names):
            return ModuleSpec(name, self)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module itself, imported by its name in the checkout."""
        module = importlib.import_module(spec.name.removeprefix(f"{NAME}."))
        self._specs[spec.name] = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is left to do, but to undo that Python took it for a module of the other name."""
        spec = module.__spec__
        if spec and spec.name in self._specs:
            module.__spec__ = self._specs.pop(spec.name)


def share_names() -> None:
    """Let `hybridge.components` and its neighbours be found in a checkout."""
    if is_one() and not any(isinstance(finder, _Shared) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Shared(packages()))
