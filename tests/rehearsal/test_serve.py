"""The emulated account answers other processes, with the operations that were added to the emulator too."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from rich.console import Console

from rehearsal.serve import check
from rehearsal.usage import UsageError, guarded
from tests.rehearsal.support import ROOT

PROGRAM = """
import pulumi_aws as aws
aws.directconnect.Gateway("gateway", name="seoul", amazon_side_asn="64512")
"""


@contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[tuple["subprocess.Popen[str]", Any]]:
    """The command that serves, and a client of Direct Connect made with what it tells to export."""
    command = [sys.executable, "-m", "rehearsal", *arguments, "--serve", "0"]
    known = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    with subprocess.Popen(
        command, cwd=folder, env={**known, **environment, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        told = {}
        for line in server.stdout:
            if export := re.match(r"  export (\w+)=(\S+)", line):
                told[export[1]] = export[2]
            if "AWS_ENDPOINT_URL" in told:
                break
        try:
            client = boto3.client(
                "directconnect",
                region_name=told["AWS_DEFAULT_REGION"],
                endpoint_url=told["AWS_ENDPOINT_URL"],
                aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
            )
            yield server, client
        finally:
            server.kill()


def test_another_process_sees_what_was_deployed_until_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  aws:region: ap-northeast-2\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    with serving(tmp_path, "dev", "--without-proofs") as (server, client):
        (gateway,) = client.describe_direct_connect_gateways()["directConnectGateways"]
        assert (client.meta.region_name, gateway["directConnectGatewayName"]) == ("ap-northeast-2", "seoul")
        server.send_signal(signal.SIGINT)
        assert server.stdout
        assert "stopped" in server.stdout.read()
        assert server.wait(timeout=30) == 0


def test_an_empty_account_is_served_without_a_stack_in_the_region_of_the_shell(tmp_path: Path) -> None:
    with serving(tmp_path, AWS_REGION="eu-west-1") as (_, client):
        assert client.meta.region_name == "eu-west-1"
        assert client.describe_direct_connect_gateways()["directConnectGateways"] == []
        client.create_direct_connect_gateway(directConnectGatewayName="mine")
        assert len(client.describe_direct_connect_gateways()["directConnectGateways"]) == 1


def test_a_port_that_cannot_be_used_is_told_before_anything_is_deployed(capsys: pytest.CaptureFixture[str]) -> None:
    def checked(port: int) -> int:
        check(port)
        return 0

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert guarded(Console(soft_wrap=True), lambda: checked(port)) == 1
    assert f"--serve {port}: Address already in use; name another port" in capsys.readouterr().out
    with pytest.raises(UsageError, match="numbers from 1 to 65535"):
        check(70_000)
