"""What a person sees of the drills: a table that fits, what goes down, who accepts it; and the tables of the documentation."""

import io

import pytest
from rich.console import Console

from proofs.drills import DrillReport, Terms, drill, kinds, show
from proofs.drills.accepted import Accepted
from proofs.drills.document import tables, written
from tests.proofs.shapes import REGION, TWICE, Shape, stack


def shown(report: DrillReport, *, width: int = 160, details: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width)
    show(console, report, details=details)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, text.splitlines())) <= width
    return str(text)


def row(text: str, label: str) -> str:
    return next(line for line in text.splitlines() if line.strip().startswith(label))


def test_a_wide_terminal_shows_how_long_things_take() -> None:
    text = shown(drill([stack()]))
    assert row(text, "database primary test-db").rstrip().endswith("·")
    assert row(text, "database primary test-db").count("~ 120 s") == 2


def test_a_narrow_terminal_has_a_line_for_each_failure_with_all_words_and_times() -> None:
    text = shown(drill([stack()]), width=80)
    lines = [line.strip() for line in text.splitlines()]
    assert lines[lines.index("database primary test-db") + 1] == "~ db writes 120 s, db reads 120 s"
    assert "x down" in text


@pytest.mark.parametrize("width", [40, 80, 100])
def test_no_line_is_cut_within_a_word_however_narrow_the_terminal_is(width: int) -> None:
    wide, narrow = (shown(drill([stack(Shape(nats=1, gateway=True))]), width=one) for one in (149, width))
    assert narrow.split() == wide.split()


def test_failures_that_do_the_same_share_a_row_and_those_that_do_nothing_have_none() -> None:
    text = shown(drill([stack(Shape(zones=3, nats=3))]))
    assert row(text, "NAT gateway: each of 3")
    assert "router" not in text


def test_what_breaks_the_promise_stands_out_at_the_end_with_what_brings_it_back() -> None:
    text = shown(drill([stack(Shape(nats=1, gateway=True))]))
    assert f"x NAT gateway {REGION}a: egress" in text
    assert "NOT ACCEPTED; comes back when a person makes another NAT gateway" in text
    assert text.index("accepted: A File Gateway is one VM") < text.index("NOT ACCEPTED")
    assert "to do: set network.natGateways to OnePerAz; or accept it: add it to own/accepted.yaml" in text
    assert text.count("NOT ACCEPTED") == 2
    assert "2 losses not accepted, in 2 drills" in text


def test_what_may_not_go_down_names_its_key_in_the_stack_file_and_where_to_accept_it() -> None:
    terms = {"test": Terms(positions={"shop": 3})}
    text = shown(drill([stack(Shape(replicas=1))], terms=terms), width=149)
    assert "to do: set workloads[3].replicas to 2 or more; or accept it: give workloads[3] (shop) an acceptDowntime" in text


def test_what_a_team_accepts_is_told_with_who_and_when() -> None:
    accepted = Accepted(kinds.FAILURES, (f"{kinds.IN_AWS}: shop",), "One copy is enough.", owner="shop team", date="2026-03-31")
    text = shown(drill([stack(Shape(replicas=1))], terms={"test": Terms(accepted=(accepted,))}), width=149)
    assert "accepted by shop team on 2026-03-31: One copy is enough." in text
    assert "NOT ACCEPTED" not in text


def test_what_is_accepted_tells_why() -> None:
    text = shown(drill([stack(Shape(gateway=True))]))
    assert "x gateway VM files: files written on-premises" in text
    assert "accepted: A File Gateway is one VM" in text
    assert "nothing goes down but what is accepted" in text


def test_a_small_stack_is_not_judged() -> None:
    text = shown(drill([stack(Shape(nats=1))], terms={"test": Terms(size="small")}))
    assert "take a function down; its size promises nothing" in text
    assert "accepted" not in text


def test_details_tell_each_takeover_with_its_source() -> None:
    text = shown(drill([stack()]), details=True)
    assert "120 s  RDS fails over to the standby in another zone" in text
    assert "Concepts.MultiAZ.Failover.html" in text
    assert "Concepts.MultiAZ.Failover.html" not in shown(drill([stack()]))


def test_pairs_are_listed_if_they_were_drilled() -> None:
    text = shown(drill([stack(Shape(routers=0))], pairs=True))
    assert "on-premises and AWS: circuit test-circuit-0 and circuit test-circuit-1" in text


def test_each_stack_has_its_table() -> None:
    text = shown(drill([stack(TWICE, "one"), stack(TWICE, "two")]))
    assert "failure drills of one" in text
    assert "failure drills of two" in text


def test_the_document_gets_its_tables_and_keeps_the_rest() -> None:
    parts = tables([drill([stack(Shape(gateway=True), "prod")])])
    assert list(parts) == ["accepted", "prod", "figures", "measured"]
    text = "Read.\n" + "".join(f"<!-- begin: {name} -->\nold\n<!-- end: {name} -->\nafter {name}\n" for name in parts)
    once = written(text, parts)
    assert once.startswith("Read.\n<!-- begin: accepted -->\n| failure | may take down | because |\n| --- | --- | --- |\n")
    assert "| gateway VM files | · |" in once
    assert "old" not in once
    assert all(f"after {name}" in once for name in parts)
    assert written(once, parts) == once


def test_a_document_without_a_place_for_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="has no lines <!-- begin: accepted -->"):
        written("Read.", tables([drill([stack()])]))
