"""A new environment: what is written, what is refused, and what is asked."""

import os
import pty
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import app
from cli.starting import check, text
from cli.starting.answers import Answers, Router, next_block
from components.settings import parse
from components.settings.nights import TIME_ZONES
from components.settings.root import REGIONS
from tests.rehearsal.support import ROOT

SMALL = ["--region", "ap-northeast-2", "--cidr", "10.200.0.0/16", "--on-premises", "10.10.0.0/16", "--no-rehearse"]
SCREEN = 45
"""Lines of a terminal window."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project, and where the command is run."""
    (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def config(path: Path) -> dict[str, object]:
    return dict(yaml.safe_load(path.read_text())["config"])


def test_a_small_environment_fits_on_a_screen_and_says_what_was_asked_for(project: Path) -> None:
    routers = ["--router", "office-1=203.0.113.10/65010", "--domain", "acme.example", "--dns-server", "10.10.0.53"]
    assert app.main(["new", "acme", *SMALL, *routers, "--email", "ops+aws@acme.example"]) == 0
    written = (project / "Pulumi.acme.yaml").read_text()
    assert len(written.splitlines()) <= SCREEN
    assert max(map(len, written.splitlines())) <= 128
    assert config(project / "Pulumi.acme.yaml") == {
        "aws:region": "ap-northeast-2",
        "hybridge:size": "small",
        "hybridge:tags": {"Environment": "acme"},
        "hybridge:network": {
            "cidr": "10.200.0.0/16",
            "zones": ["ap-northeast-2a", "ap-northeast-2b"],
            "privateZone": "aws.acme.example",
        },
        "hybridge:onPremises": {
            "cidrs": ["10.10.0.0/16"],
            "domain": "acme.example",
            "dnsServers": ["10.10.0.53"],
            "routers": [{"name": "office-1", "publicIp": "203.0.113.10", "asn": 65010}],
        },
        "hybridge:workloads": text.EXAMPLE,
        "hybridge:management": {"timeZone": "Asia/Seoul", "alarms": {"emails": ["ops+aws@acme.example"]}},
    }


def test_a_second_region_gets_a_stack_that_shares_what_the_first_says(project: Path) -> None:
    assert app.main(["new", "acme", *SMALL, "--secondary-region", "ap-northeast-1"]) == 0
    first, second = (config(project / f"Pulumi.{stack}.yaml") for stack in ("acme", "acme-dr"))
    assert first["hybridge:secondaryRegion"] == second["aws:region"] == "ap-northeast-1"
    assert first["hybridge:disasterRecovery"] == {"secondaryCidr": "10.201.0.0/16"}
    assert second["hybridge:disasterRecovery"] == {"directConnect": False}
    assert second["hybridge:primaryStack"] == "acme"
    assert not {"hybridge:workloads", "hybridge:onPremises"} & second.keys()


def test_every_mistake_is_told_with_its_option_and_nothing_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = [
        "--cidr",
        "10.10.0.0/16",
        "--router",
        "office-1=203.0.113.10/7224",
        "--domain",
        "acme",
        "--dns-server",
        "10.10.0.53",
    ]
    assert app.main(["new", "acme", *SMALL, *wrong]) == 1
    told = capsys.readouterr().out
    assert "3 mistakes; nothing was written" in told
    for line in (
        "--on-premises: hybridge:onPremises.cidrs[0]",
        "--router: hybridge:onPremises.routers[0].asn",
        "--domain: hybridge:onPremises.domain",
    ):
        assert line in told
    assert list(project.glob("Pulumi.*.yaml")) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["acme"], "not said: --region, --cidr, --on-premises; give these options"),
        (["acme", "--domain", "acme.example", *SMALL], "not said: --dns-server"),
        (["a+b", *SMALL], "choose another name"),
        (["acme", *SMALL, "--router", "office"], "write NAME=ADDRESS/ASN"),
        (["acme", *SMALL, "--circuit", "east"], "write NAME=LOCATION/BANDWIDTH"),
        (["acme", *SMALL, "--compose", "nowhere.yaml"], "--compose nowhere.yaml: No such file"),
    ],
)
def test_a_call_that_cannot_be_done_says_why(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert app.main(["new", *arguments]) == 1
    assert message in capsys.readouterr().out
    assert list(project.glob("Pulumi.*.yaml")) == []


def test_no_file_is_written_over(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "Pulumi.acme-dr.yaml").write_text("config: {}\n")
    assert app.main(["new", "acme", *SMALL, "--secondary-region", "ap-northeast-1"]) == 1
    assert "Pulumi.acme-dr.yaml is there already" in capsys.readouterr().out
    assert not (project / "Pulumi.acme.yaml").exists()


def test_a_project_of_another_name_gets_keys_of_that_name(project: Path) -> None:
    (project / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    assert app.main(["new", "prod", *SMALL]) == 0
    assert "acme:network" in config(project / "Pulumi.prod.yaml")


def test_what_no_option_says_is_asked_for_on_a_terminal_until_it_is_right(project: Path) -> None:
    ours, theirs = pty.openpty()
    said = ["ap-northeast-2", "", "10.10.0.0/16", "10.10.0.0/20", "10.200.0.0/16", "", "", "", "", "", "", ""]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "hybridge", "new", "acme", "--no-rehearse"]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, env=environment, cwd=project, text=True) as process:
        os.write(ours, "\n".join([*said, ""]).encode())
        output, _ = process.communicate(timeout=240)
    assert process.returncode == 0, output
    assert "addresses in both could not be reached" in " ".join(output.split())
    assert config(project / "Pulumi.acme.yaml")["hybridge:network"] == {
        "cidr": "10.200.0.0/16",
        "zones": ["ap-northeast-2a", "ap-northeast-2b"],
    }


def test_every_region_has_a_time_zone_to_propose() -> None:
    assert set(TIME_ZONES) == set(REGIONS)
    assert all(ZoneInfo(zone) for zone in TIME_ZONES.values())


@settings(deadline=None)
@given(st.integers(16, 23), st.integers(0, 255), st.lists(st.integers(0, 255), max_size=3))
def test_the_block_of_the_second_region_meets_no_other(length: int, second: int, taken: list[int]) -> None:
    found = next_block(f"10.{second}.0.0/{length}", [f"10.{other}.0.0/16" for other in taken])
    answers = Answers("acme", region="ap-northeast-2", cidr=f"10.{second}.0.0/{length}")
    answers.zones, answers.on_premises = ["ap-northeast-2a", "ap-northeast-2b"], ["192.168.0.0/16"]
    answers.time_zone, answers.secondary_region, answers.secondary_cidr = "Asia/Seoul", "ap-northeast-1", found
    answers.secondary_zones = ["ap-northeast-1a", "ap-northeast-1c"]
    assert found.split(".")[1] not in map(str, taken)
    assert check.mistakes(answers, "hybridge") == {}


def test_names_that_yaml_would_take_for_something_else_are_quoted() -> None:
    answers = Answers("on", region="ap-northeast-2", cidr="10.200.0.0/16", zones=["ap-northeast-2a", "ap-northeast-2b"])
    answers.on_premises, answers.time_zone = ["10.10.0.0/16"], "Asia/Seoul"
    answers.routers = [Router("no", "203.0.113.10", 65010)]
    raw = yaml.safe_load(text.primary(answers, "hybridge"))["config"]
    assert raw["hybridge:tags"] == {"Environment": "on"}
    values = {key.removeprefix("hybridge:"): value for key, value in raw.items() if key != "aws:region"}
    assert parse(values, "ap-northeast-2").on_premises.routers[0].name == "no"


def test_europe_needs_no_hour_of_its_own_for_its_backups(project: Path) -> None:
    place = ["--region", "eu-central-1", "--cidr", "10.200.0.0/16", "--on-premises", "10.10.0.0/16", "--no-rehearse"]
    assert app.main(["new", "acme", *place]) == 0
    assert config(project / "Pulumi.acme.yaml")["hybridge:management"] == {"timeZone": "Europe/Berlin"}
