"""`hybridge up --serve` and `hybridge refresh --serve`, typed: several stacks in one account that real clients look into."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from tests.engine.conftest import NEEDS_CLI, small
from tests.rehearsal.support import ROOT

pytestmark = NEEDS_CLI
PROGRAM = """
import pulumi
import pulumi_aws as aws

text = pulumi.Config().get("text") or "first"
topic = aws.sns.Topic("news", display_name=text)
aws.ssm.Parameter("note", type="String", value=text)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    small(tmp_path, PROGRAM, "one", "two")
    return tmp_path


def typed(project: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "hybridge", *arguments],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def serving(project: Path, *arguments: str) -> Iterator[tuple[list[str], Any]]:
    """The command until it is interrupted: what it writes, whole once the block has ended, and a client of SSM."""
    with typed(project, *arguments, "--serve", "--port", "0") as command:
        told: list[str] = []
        try:
            assert command.stdout
            for line in command.stdout:
                told.append(line)
                if found := re.search(r"AWS_ENDPOINT_URL=(\S+)", line):
                    break
            else:
                raise AssertionError("".join(told))
            session = botocore.session.Session()
            session.set_credentials("rehearsal", "rehearsal")
            yield told, session.create_client("ssm", "eu-west-1", endpoint_url=found[1])
            command.send_signal(signal.SIGINT)
            told.append(command.stdout.read())
            assert command.wait(timeout=120) == 0, "".join(told)
        finally:
            command.kill()


def notes(client: Any) -> dict[str, str]:
    """Value to name."""
    names = [one["Name"] for one in client.describe_parameters()["Parameters"]]
    return {client.get_parameter(Name=name)["Parameter"]["Value"]: name for name in names}


def test_what_was_brought_up_is_served_and_what_was_changed_there_is_found(project: Path) -> None:
    with serving(project, "up", "one", "two+text=other", "--without-proofs", "--without-policies") as (told, client):
        assert notes(client).keys() == {"first", "other"}
    assert "one: up done" in "".join(told) and "two: up done" in "".join(told)
    with serving(project, "refresh", "one") as (told, client):
        client.put_parameter(Name=notes(client)["first"], Value="by hand", Overwrite=True)
    assert re.search(r"~ +ssm.Parameter note \[value\]", "".join(told))
    with typed(project, "up", "one", "--without-proofs", "--without-policies") as again:
        said = again.communicate(timeout=300)[0]
    assert re.search(r"~ +ssm.Parameter note \[value\] applied", said), said
