"""Other stacks than prod: development, one without links, two regions in one account."""

from collections.abc import Iterator

from rehearsal.emulator import Emulator
from rehearsal.run import Rehearsal, rehearse
from rehearsal.stackfile import read
from tests.proofs.reachability.account import ROOT, STACK, Account, deployed, rows

STACKS = ROOT / "tests/rehearsal/stacks"
SERVER = "tcp 5432"


def test_every_statement_holds_of_dev() -> None:
    with deployed("dev") as made:
        assert made.prove().failures == []


def test_a_stack_without_links_asks_for_nothing_on_premises() -> None:
    with deployed(f"{STACK}+onPremises.routers=[]+directConnect.connections=[]") as made:
        report = made.prove()
        assert report.failures == []
        assert not any(row.reachable for row in rows(report, "on-premises", ""))


def both(primary: str, secondary: str) -> Iterator[Account]:
    """Two stacks in one account, the second proven with the first there."""
    with Emulator() as aws:
        done: dict[str, Rehearsal] = {}
        for name in (primary, secondary):
            stack = read(name, ROOT)
            done[stack.stack] = rehearse(aws, ROOT, stack, others=dict(done))
            assert not done[stack.stack].problems
            yield Account(aws, done[stack.stack], stack)


def test_dms_between_two_regions_crosses_both_transit_gateways_and_nothing_else_does() -> None:
    pair = [str(STACKS / f"two-regions-{role}.yaml+disasterRecovery.database=dms") for role in ("primary", "secondary")]
    accounts = both(*pair)
    primary = next(accounts)
    assert primary.prove().failures == []
    secondary = next(accounts)
    report = secondary.prove()
    assert report.failures == []
    (row,) = (row for row in rows(report, "migration", "VPC ") if row.reachable)
    assert (row.traffic, row.way) == (SERVER, "transit gateway network-hub-transit-gateway")
    report = primary.prove()
    assert report.failures == []
    assert [row.target.split(" ")[0] for row in report.matrix if row.source.startswith("VPC ") and row.reachable] == [
        "database"
    ]
    accounts.close()  # type: ignore[attr-defined]
