"""Masking: a copy of production alone, and all of the file or nothing."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from migration.mask import copy_of, mask
from migration.words import Said, Stop
from tests.migration.servers import programs, servers


def stack(*, restored: bool = True, protect: bool = False) -> Any:
    return SimpleNamespace(database=SimpleNamespace(restore_instead=restored or None, name="hybridge"), protect=protect)


def test_only_a_copy_that_nobody_protects_is_masked() -> None:
    assert copy_of(stack(), "dev") == "hybridge"
    for wrong, reason in ((stack(restored=False), "no copy of another one"), (stack(protect=True), "is protected")):
        with pytest.raises(Stop, match=reason):
            copy_of(wrong, "prod")


@pytest.mark.skipif(programs() is None, reason="PostgreSQL's server is not installed (Debian: postgresql)")
def test_all_of_the_file_or_nothing(tmp_path: Path) -> None:
    file, said = tmp_path / "mask.sql", Said("mask", Console(quiet=True))
    with servers(1) as (server,):
        server.run("CREATE DATABASE hybridge")
        server.run("CREATE TABLE people (name text); INSERT INTO people VALUES ('Kim')", "hybridge")

        def masked(statements: str) -> list[Any]:
            file.write_text(statements)
            mask(said, lambda _: True, "hybridge", server.dsn(), file)
            return server.run("SELECT name FROM people", "hybridge")

        with pytest.raises(Stop, match="nothing was changed"):
            masked("UPDATE people SET name = md5(name); UPDATE nowhere SET a = 1;")
        assert server.run("SELECT name FROM people", "hybridge") == [("Kim",)]
        assert masked("UPDATE people SET name = 'x'; DELETE FROM people WHERE name = 'y';") == [("x",)]
    with pytest.raises(Stop, match="--file"):
        mask(said, lambda _: True, "hybridge", "host=nowhere", None)
