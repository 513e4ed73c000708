"""Two servers, one with the bank in it."""

from collections.abc import Iterator

import pytest

from tests.migration.bank import SCHEMA
from tests.migration.servers import Server, servers


@pytest.fixture(name="pair")
def _pair() -> Iterator[tuple[Server, Server]]:
    with servers(2) as (source, target):
        source.run("CREATE DATABASE bank")
        target.run("CREATE DATABASE bank")
        source.run(SCHEMA, "bank")
        yield source, target
