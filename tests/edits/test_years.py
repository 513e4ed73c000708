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
STACK = "tests/edits/stacks/years.yaml"
TOLD: dict[str, Edit] = {edit.what: edit for topic in topics() for edit in topic.edits}
"""What the table says of each edit: what `hybridge diff` tells, the engine has to do."""


@dataclass(frozen=True)
class Step:
    """An edit on top of those before it."""

    what: str
    """As in the table."""
    edit: str
    anew: tuple[str, ...] = ()
    """`Type name` of what is made anew."""
    says: str = ""
    """Part of what the engine says where it does not carry it out."""


STEPS = (
    Step("a new version of a workload in AWS", "workloads[0].image=nginx:1.29-alpine"),
    Step("a standby in another zone", "database.multiAz=true"),
    Step("a router gets another address", "onPremises.routers[0].publicIp=203.0.114.99", ("CustomerGateway network-vpn-lab",)),
    Step(
        "another VLAN of a circuit",
        "directConnect.connections[0].vlan=111",
        ("PrivateVirtualInterface network-direct-connect-adopted",),
    ),
    Step(
        "the vault is locked for longer",
        "management.backup.vaultLock.minRetentionDays=14",
        ("VaultLockConfiguration management-backup",),
    ),
    Step(
        "two workloads change places among the rules of the load balancer",
        "workloads[0].route.priority=30001+workloads[1].route.priority=30000",
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
    return tuple(f"{step.type.rsplit(':', 1)[-1]} {step.name}" for step in made)


def failing(engine: Engine) -> list[tuple[str, str, str]]:
    """The proofs of what stands that do not hold."""
    (name, standing), done = next(iter(engine.standing.items())), engine.rehearsals()
    with proving.watching(standing) as watched:
        return list(watched.prove(engine.account.aws, done[name], standing).failed())


@pytest.mark.parametrize("step", STEPS, ids=[step.what for step in STEPS])
def test_the_engine_does_what_the_diff_says(engine: Engine, step: Step) -> None:
    outcome = engine.up(stack((*until(step), step.edit)), policies=ROOT / "policies")
    assert came_to(outcome) == TOLD[step.what].outcome, (outcome.problems, outcome.violations[:3])
    assert anew(outcome) == step.anew or step.says
    assert step.says in " ".join(outcome.problems)
    if step.says:
        again = engine.up(stack(until(step)))
        assert again.good, again.problems
    assert failing(engine) == []


def test_the_vault_is_locked_after_its_lock_was_made_anew(engine: Engine) -> None:
    (vault,) = engine.account.aws.call("backup", "ListBackupVaults", {}, region="ap-northeast-2")["BackupVaultList"]
    assert vault["MinRetentionDays"] == 14
