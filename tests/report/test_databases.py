"""The page about a migration tells its sources, how far it is, what is left to do, and whether there is a way back."""

from dataclasses import replace

import pytest

from rehearsal.stackfile import read
from report.collect import Evidence
from report.databases import Move, moves
from report.page import page
from report.picture import Picture
from tests.report.conftest import MADE, ROOT


def of(evidence: Evidence, edits: str) -> Evidence:
    """Production as another stack file has it."""
    return Evidence([replace(evidence.stacks[0], stack=read(f"prod+{edits}", ROOT))], evidence.drills)


@pytest.fixture(scope="module")
def prod_move(evidence: Evidence) -> Move:
    """Production's; the second region has none of its own."""
    (move,) = moves(evidence)
    return move


def test_the_sources_are_those_of_the_stack_file_with_what_was_deployed_for_them(prod_move: Move) -> None:
    assert [(one.name, one.where, one.schemas) for one in prod_move.sources] == [
        ("erp", "erp-db.corp.example:5432", ["public to hybridge.erp"]),
        ("billing", "10.11.4.20:5432", ["invoices to hybridge.invoices", "payments to hybridge.payments"]),
    ]
    assert {one.in_aws for one in prod_move.sources} == {"endpoints and a task (full-load-and-cdc)"}
    assert prod_move.replicator.startswith("dms.r6i.large, Multi-AZ, DMS 3.")


def test_where_it_stands_and_what_is_left(evidence: Evidence, prod_move: Move) -> None:
    assert [(one.told.stage, one.when) for one in prod_move.stages] == [
        *((stage, "over") for stage in ("off", "prepare", "assess", "load")),
        ("replicate", "now"),
        *((stage, "left") for stage in ("cutover", "done")),
    ]
    (native,) = moves(of(evidence, "migration.way=native+migration.sources[0].targetSchemas={}+migration.stage=prepare"))
    assert [one.told.stage for one in native.stages] == ["off", "prepare", "done"]
    assert [one.command for one in native.steps if " native " in one.command]


def test_a_renamed_schema_closes_the_way_back_of_its_source_alone(prod_move: Move) -> None:
    assert [bool(one.no_way_back) for one in prod_move.sources] == [True, False]


def test_the_login_of_dms_is_among_the_users(prod_move: Move) -> None:
    (dms,) = [one for one in prod_move.users if one.name == "hybridge_dms"]
    assert (dms.login, dms.schemas) == (
        "hybridge_dms_1",
        ["hybridge.erp", "hybridge.invoices", "hybridge.payments"],
    )


def test_a_single_source_is_named_in_the_commands(evidence: Evidence, prod_move: Move) -> None:
    assert "hybridge migrate prod check SOURCE" in [one.command for one in prod_move.steps]
    stack = evidence.stacks[0].stack
    one_source = {**stack.values["hybridge:migration"], "sources": stack.values["hybridge:migration"]["sources"][:1]}
    changed = replace(stack, values={**stack.values, "hybridge:migration": one_source})
    (move,) = moves(Evidence([replace(evidence.stacks[0], stack=changed)], evidence.drills))
    assert "hybridge migrate prod cutover erp --dry-run" in [one.command for one in move.steps]


def test_the_page_has_it_and_one_without_sources_has_it_not(evidence: Evidence, html: str) -> None:
    assert '<section id="databases"' in html and "the last change has arrived" in html
    without = of(evidence, "migration.sources=[]+migration.stage=done")
    assert '<section id="databases"' not in page(without, Picture((), (), ()), MADE)
