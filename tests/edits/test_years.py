"""The years of a small stack by the real Pulumi engine: one edit after another is carried out, and what stands then holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.run import Engine
from engine.steps import Outcome
from proofs import run as proving
from rehearsal.stackfile import StackFile, read
from tests.edits.observed import REVISED
from tests.edits.table import Edit, topics
from tests.engine.conftest import NEEDS_CLI
from tests.rehearsal.support import ROOT

pytestmark = NEEDS_CLI
STACK, NAME = "tests/edits/stacks/years.yaml", "years"
TOLD: dict[str, Edit] = {edit.what: edit for topic in topics() for edit in topic.edits}
"""What the table says of each edit: what `hybridge diff` tells, the engine has to do."""


@dataclass(frozen=True)
class Step:
    """Edits on top of those before them, carried out at once."""

    what: tuple[str, ...]
    """As in the table."""
    edit: str
    anew: tuple[str, ...] = ()
    """`Type name` of what is made anew."""
    says: str = ""
    """Part of what the engine says where it does not carry it out."""


STEPS = (
    Step(
        (
            "a new version of a workload in AWS",
            "a standby in another zone",
            "a router is called otherwise",
            "a circuit is called otherwise",
        ),
        "workloads[0].image=nginx:1.29-alpine+database.multiAz=true+onPremises.routers[0].name=edge+"
        "onPremises.routers[0].formerly=lab+directConnect.connections[0].name=gasan+"
        "directConnect.connections[0].formerly=adopted",
    ),
    Step(
        ("a router gets another address", "another VLAN of a circuit"),
        "onPremises.routers[0].publicIp=203.0.114.99+onPremises.routers[0].formerly=+"
        "directConnect.connections[0].vlan=111+directConnect.connections[0].formerly=",
        ("CustomerGateway network-vpn-edge", "PrivateVirtualInterface network-direct-connect-gasan"),
    ),
    Step(
        ("the vault is locked for longer",),
        "management.backup.vaultLock.minRetentionDays=14",
        ("VaultLockConfiguration management-backup",),
    ),
    Step(
        ("another hub while circuits are up",),
        "network.hub=transitGateway",
        says="hub is transitGateway; allowed: vpnGateway while gasan is available",
    ),
    Step(("another ASN of AWS's end of the VPN",), "network.amazonAsn=64555", says="amazon_asn is 64555; allowed: 64512"),
    Step(("the database is called otherwise",), "database.name=shop", says="remove the `protect` flag"),
    Step(("a zone is exchanged",), "network.zones=[ap-northeast-2a, ap-northeast-2b]", says="InvalidSubnet.Conflict"),
    Step(
        (
            "two workloads change places among the rules of the load balancer",
            "a workload with a fixed priority is called otherwise",
        ),
        "workloads[0].route.priority=30001+workloads[1].route.priority=30000+workloads[1].name=store",
    ),
    Step(
        ("another major version",),
        'database.engineVersion="18"+database.allowMajorVersionUpgrade=true',
        ("ParameterGroup database-parameters",),
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("years")


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Engine]:
    with Engine(ROOT, folder) as engine:
        outcome = engine.up(stack(()))
        assert outcome.good, (outcome.problems, outcome.violations[:3])
        yield engine


def stack(edits: tuple[str, ...]) -> StackFile:
    return read("+".join((STACK, *edits)), ROOT)


def until(step: Step) -> tuple[str, ...]:
    """The edits that stand before a step: those before it that are carried out."""
    return tuple(one.edit for one in STEPS[: STEPS.index(step)] if not one.says)


def came_to(outcome: Outcome) -> str:
    """What came of it, in the words of the table."""
    if not outcome.good:
        return "refused" if outcome.previewed else "clash"
    return "made anew" if anew(outcome) else "in place"


def anew(outcome: Outcome) -> tuple[str, ...]:
    """`Type name` of what was made anew."""
    made = [step for step in outcome.changed if step.kind == "replace" and step.type != REVISED]
    return tuple(sorted(f"{step.type.rsplit(':', 1)[-1]} {step.name}" for step in made))


def failing(engine: Engine) -> list[tuple[str, str, str]]:
    """The proofs of what stands that do not hold."""
    (name, standing), done = next(iter(engine.standing.items())), engine.rehearsals()
    with proving.watching(standing) as watched:
        return list(watched.prove(engine.account.aws, done[name], standing).failed())


@pytest.mark.parametrize("step", STEPS, ids=["; ".join(step.what) for step in STEPS])
def test_the_engine_does_what_the_diff_says(engine: Engine, step: Step) -> None:
    before = engine.states[NAME]
    outcome = engine.up(stack((*until(step), step.edit)), policies=ROOT / "policies")
    assert {came_to(outcome)} == {TOLD[what].outcome for what in step.what}, (outcome.problems, outcome.violations[:3])
    assert anew(outcome) == step.anew or step.says
    assert step.says in " ".join(outcome.problems)
    if outcome.previewed:
        assert engine.states[NAME] == before
        return
    if step.says:
        again = engine.up(stack(until(step)))
        assert again.good, again.problems
    assert failing(engine) == []


def test_the_vault_is_locked_after_its_lock_was_made_anew(engine: Engine) -> None:
    (vault,) = engine.account.aws.call("backup", "ListBackupVaults", {}, region="ap-northeast-2")["BackupVaultList"]
    assert vault["MinRetentionDays"] == 14


def test_what_was_called_otherwise_has_the_id_that_it_was_made_with(engine: Engine) -> None:
    (vpn,) = [one for one in engine.states[NAME] if one.type == "aws:ec2/vpnConnection:VpnConnection"]
    assert (vpn.name, vpn.born.rsplit("::")[-1]) == ("network-vpn-edge", "network-vpn-lab")


def test_the_account_is_made_again_from_years_as_it_stands(engine: Engine) -> None:
    before = {seed: one.thing.id for seed, one in engine.account.standing.items()}
    assert engine.account.rebuild(engine.states) == []
    assert {seed: one.thing.id for seed, one in engine.account.standing.items()} == before


def test_it_ends_once_nothing_is_protected_any_more_and_nothing_goes_before(engine: Engine) -> None:
    last, before = tuple(one.edit for one in STEPS if not one.says), engine.states[NAME]
    refused = engine.destroy(stack(last))
    assert any("protected" in text for text in refused.problems), refused.problems
    assert engine.states[NAME] == before
    freed = engine.up(stack((*last, "protect=false")))
    assert freed.good, freed.problems
    ended = engine.destroy(stack((*last, "protect=false")))
    assert ended.good, ended.problems
    assert not engine.standing
