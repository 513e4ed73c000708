"""The package: built, installed into an empty environment, imported whole, and used from an empty folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import hatch_build
from hybridge import __version__
from tests.rehearsal.support import ROOT

SITE = next(path for path in map(Path, sys.path) if path.name == "site-packages")


def run(*command: str, cwd: Path, **environment: str) -> str:
    kept = {
        key: value for key, value in os.environ.items() if key != "PYTHONPATH" and not key.startswith(("AWS_", "HYBRIDGE_"))
    }
    done = subprocess.run(
        command, cwd=cwd, env={**kept, **environment}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the source distribution, as whoever has only that would."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder), cwd=ROOT)
    (source,) = folder.glob("*.tar.gz")
    shutil.unpack_archive(source, folder)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=folder / f"hybridge-{__version__}")
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and what it depends on, and nothing of the checkout; returns its Python."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", str(folder), cwd=folder)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel), cwd=folder)
    (own,) = folder.glob("lib/*/site-packages")
    # The dependencies are those of the environment that runs the tests.
    (own / "dependencies.pth").write_text(f"{SITE}\n", encoding="utf-8")
    return python


def test_everything_is_below_one_name(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"hybridge", f"hybridge-{__version__}.dist-info"}
    assert f"hybridge-{__version__}.dist-info/licenses/LICENSE" in names
    here = {path.relative_to(ROOT).as_posix() for name in hatch_build.packages(ROOT) for path in (ROOT / name).rglob("*.*")}
    here = {path for path in here if (ROOT / path).is_file() and not path.endswith(".pyc")}
    there = {name.removeprefix("hybridge/") for name in names}
    missing = {path for path in here if path.removeprefix("hybridge/") not in there}
    assert missing == set(), "a file that a package reads is not in the wheel"


def test_the_metadata_asks_for_what_was_tried(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = Metadata.from_email(archive.read(f"hybridge-{__version__}.dist-info/METADATA"), validate=False)
    assert (metadata.name, str(metadata.version), metadata.license_expression) == ("hybridge", __version__, "Apache-2.0")
    asked = {canonicalize_name(one.name): one for one in metadata.requires_dist or []}
    pinned = [Requirement(line) for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line]
    tried = {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in pinned}
    assert {"pulumi", "pulumi-aws", "pydantic", "typer", "moto", "jinja2"} <= asked.keys() <= tried.keys()
    assert not {"pytest", "ruff", "hatchling"} & asked.keys()
    assert [name for name, one in asked.items() if not one.specifier.contains(tried[name])] == []
    specifiers = {str(name): str(one.specifier) for name, one in asked.items()}
    assert specifiers["pulumi-aws"].startswith("~="), "a library leaves room for a later version"
    assert specifiers["moto"].startswith("=="), "the rehearsal reaches into the emulator"


IMPORT_ALL = """
import importlib, pkgutil, sys
import hybridge
skipped = ("hybridge.program", "hybridge.policies", "hybridge.proofs.drills.document")
for module in pkgutil.walk_packages(hybridge.__path__, "hybridge."):
    if not module.name.endswith("__main__") and not module.name.startswith(skipped):
        importlib.import_module(module.name)
names = {names!r}
print(sorted(set(names) & set(sys.modules)), len([name for name in sys.modules if name.startswith("hybridge.")]) > 300)
"""


def test_every_module_is_imported_and_none_by_its_name_in_the_checkout(environment: Path, tmp_path: Path) -> None:
    names = [name for name in hatch_build.packages(ROOT) if name != "hybridge"]
    assert run(str(environment), "-c", IMPORT_ALL.format(names=names), cwd=tmp_path) == "[] True\n"


def test_from_an_empty_folder_to_a_rehearsed_environment_of_its_own(environment: Path, tmp_path: Path) -> None:
    command = str(environment.with_name("hybridge"))
    assert run(command, "--version", cwd=tmp_path) == f"hybridge {__version__}\n"
    place = ["--region", "ap-northeast-2", "--cidr", "10.200.0.0/16", "--on-premises", "10.10.0.0/16"]
    said = run(command, "new", "prod", "--project", "acme", *place, cwd=tmp_path)
    assert "everything holds" in said
    # Own resources, and nothing else of the folder is anybody's but the team's.
    program = (tmp_path / "__main__.py").read_text()
    queue = 'import pulumi_aws as aws\naws.sns.Topic("orders", region=stack.settings.region, tags=stack.common["tags"])\n'
    (tmp_path / "__main__.py").write_text(program + queue)
    assert "deployed" in run(command, "rehearse", "prod", "--without-proofs", cwd=tmp_path)
    assert '"name": "orders"' in (tmp_path / "build/rehearsal/prod/graph.json").read_text()
    # After an update the declared keys are written anew.
    assert run(command, "schema", "--check", cwd=tmp_path) == ""


def test_a_component_is_used_from_a_program_of_ones_own(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: mine\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  aws:region: ap-northeast-2\n")
    (tmp_path / "__main__.py").write_text((ROOT / "examples" / "one-component" / "__main__.py").read_text())
    command = str(environment.with_name("hybridge"))
    assert "deployed" in run(command, "rehearse", "dev", "--without-proofs", cwd=tmp_path)


def test_an_import_that_no_wheel_could_have_stops_the_build() -> None:
    with pytest.raises(ValueError, match=r"a\.py:1: write `from \.\.\. import \.\.\.`"):
        hatch_build.below("import components.database\n", ["components"], "a.py")
    assert (
        hatch_build.below("from components import names\n", ["components"], "a.py") == "from hybridge.components import names\n"
    )
