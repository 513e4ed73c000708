"""docs/first-environment.md, typed as it stands there: three routers, two sites and 24 services of a compose file."""

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml

from tests.own.project import ROOT, hybridge, project

PAGE = (ROOT / "docs" / "first-environment.md").read_text(encoding="utf-8")
SERVICES = 24


def blocks(language: str) -> list[str]:
    """The fenced blocks of the page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project where the page's first command was typed; what it writes is rehearsed once, with the rest of the page."""
    folder = project(tmp_path_factory.mktemp("first"), stacks=())
    services = {f"service-{number:02}": {"image": "nginx:1.27.5", "ports": [8000 + number]} for number in range(SERVICES)}
    (folder / "compose.yaml").write_text(yaml.safe_dump({"services": services}))
    typed = shlex.split(blocks("sh")[0].replace("\\\n", " "))
    assert typed[:2] == ["hybridge", "new"]
    done = hybridge(folder, *typed[1:], "--no-rehearse")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_what_the_page_has_typed_rehearses_green_with_the_blocks_that_it_shows(written: Path) -> None:
    sites, workloads = (yaml.safe_load(block) for block in blocks("yaml"))
    path = written / "Pulumi.acme-prod.yaml"
    stack = yaml.safe_load(path.read_text())
    assert len(stack["config"]["hybridge:workloads"]) == SERVICES
    routers = [router for site in sites["hybridge:onPremises"]["sites"] for router in site["routers"]]
    assert stack["config"]["hybridge:onPremises"]["routers"] == routers
    stack["config"] |= sites
    stack["config"]["hybridge:workloads"] += workloads["hybridge:workloads"]
    path.write_text(yaml.safe_dump(stack, sort_keys=False))
    # The commands of the page's third section are a rehearsal, and a diff of an edit of the same file.
    rehearse, compare = (shlex.split(line, comments=True) for line in blocks("sh")[1].splitlines())
    assert rehearse[0] == compare[0] == "hybridge"
    done = hybridge(written, *rehearse[1:])
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "everything holds" in done.stdout
    drills = json.loads((written / "build" / "rehearsal" / "acme-prod" / "proofs.json").read_text())["drills"]["results"]
    lost = {one["failure"]["subject"] for one in drills if one["failure"]["kind"] == "data centre"}
    assert lost == {site["name"] for site in sites["hybridge:onPremises"]["sites"]}
