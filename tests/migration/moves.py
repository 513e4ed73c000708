"""How the bank moves in the tests: its plans for either way, and a step as a person runs it with --yes."""

import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from migration.job import Job
from migration.plan import Plan
from migration.words import Said
from tests.migration.servers import Server
from tests.migration.simulated_dms import SLOT

BY_DMS = Plan(
    "bank",
    schemas=("public",),
    role="reader",
    remove_columns={"public.transfers": ("twice",)},
    slot=SLOT,
    source={"host": "db1", "dbname": "bank"},
    ssl_mode="none",
)
NATIVE = Plan(
    "bank", way="native", schemas=("public",), role="reader", source={"host": "db1", "dbname": "bank"}, ssl_mode="none"
)


def job(step: str, pair: tuple[Server, Server], plan: Plan, folder: Path) -> Job:
    return Job(Said(step, Console(quiet=True)), plan, pair[0].dsn("bank"), pair[1].dsn("bank"), lambda _: True, folder)


def waited(until: float, what: Callable[[], object]) -> None:
    end = time.monotonic() + until
    while time.monotonic() < end and not what():
        time.sleep(0.05)
