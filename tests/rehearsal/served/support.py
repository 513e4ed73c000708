"""A served account, as any AWS tool sees it: by HTTP alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session
from botocore.config import Config

from rehearsal.emulator import CREDENTIALS
from rehearsal.serve import load_everything
from rehearsal.server import Server

REGION = "ap-northeast-2"


class Account:
    """What a tool knows: where the account answers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.told: list[str] = []
        """What the serving terminal was told."""
        self._session = botocore.session.Session()
        self._session.set_credentials(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"])
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str = REGION) -> Any:
        """A client with the SDK's own retries, as people have it."""
        if (service, region) not in self._clients:
            # Path style, for there is no DNS for the names of buckets.
            config = Config(s3={"addressing_style": "path"})
            self._clients[service, region] = self._session.create_client(service, region, endpoint_url=self.url, config=config)
        return self._clients[service, region]


@contextmanager
def served() -> Iterator[Account]:
    """Serve the emulated account that is open."""
    assert os.environ["AWS_ACCESS_KEY_ID"] == CREDENTIALS["AWS_ACCESS_KEY_ID"], "open an account first: with Emulator()"
    load_everything()
    told: list[str] = []
    with Server(0, told.append) as server:
        account = Account(server.url)
        account.told = told
        yield account
