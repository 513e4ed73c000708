"""Reachability: who reaches whom in the account that a rehearsal left, and the statements that must hold of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from components.settings import Settings, SettingsError
from proofs.reachability import own, statements
from proofs.reachability.account import read
from proofs.reachability.case import Case, Failure
from proofs.reachability.expected import expected
from proofs.reachability.matrix import Row, matrix
from proofs.reachability.parties import read_parties
from proofs.reachability.reader import networks
from proofs.settings_of import is_hybridge, settings_of
from rehearsal.emulator import Emulator
from rehearsal.run import Rehearsal
from rehearsal.stackfile import StackFile

__all__ = ["ASSUMPTIONS", "Failure", "ReachabilityReport", "Row", "prove"]

ASSUMPTIONS = (
    "The routers on-premises are up, announce onPremises.cidrs over every BGP session, and prefer a circuit to a VPN.",
    "A client answers from, and so gets replies at, any port from 1024 up.",
    "Addresses are IPv4; a VPC with an IPv6 block fails the proof that everything is followed.",
    "A NAT gateway and a Client VPN endpoint are AWS's own: the first admits no connections, the second only who signs in.",
)
"""What is taken for granted, since no API of AWS tells it."""


@dataclass(frozen=True)
class ReachabilityReport:
    """Who reaches whom, and which statement does not hold."""

    matrix: list[Row]
    failures: list[Failure]
    asked: tuple[statements.Proof, ...] = statements.PROOFS
    """The statements; none for a program that is not Hybridge's, of whose settings they speak."""

    @property
    def good(self) -> bool:
        """Whether every statement holds."""
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, the same for the same account."""
        broken = {failure.proof for failure in self.failures}
        return {
            "proofs": [
                {"name": proof.name, "statement": proof.statement, "holds": proof.name not in broken} for proof in self.asked
            ],
            "failures": [{"proof": one.proof, "what": one.what, "cite": list(one.cite)} for one in self.failures],
            "matrix": [
                {
                    "from": row.source,
                    "to": row.target,
                    "traffic": row.traffic,
                    "reachable": row.reachable,
                    "way": row.way,
                    "because": list(row.because),
                    "asked": list(row.asked),
                    "why": row.why,
                }
                for row in self.matrix
            ],
            "assumptions": list(ASSUMPTIONS),
        }


def prove(aws: Emulator, rehearsal: Rehearsal, stack: StackFile) -> ReachabilityReport:
    """Read the account that a rehearsal left, and prove the statements over what the stack made in it."""
    if not is_hybridge(stack):
        return ReachabilityReport([], [], ())
    try:
        settings = settings_of(stack)
    except SettingsError as error:
        return ReachabilityReport([], [Failure("settings", str(error))])
    with _uncollected():
        return _prove(aws, rehearsal, settings)


def _prove(aws: Emulator, rehearsal: Rehearsal, settings: Settings) -> ReachabilityReport:
    # What has network cards is where a VPC is; the other regions of a stack hold copies.
    vpcs = {node.id: node.region for node in rehearsal.created("aws:ec2/vpc:Vpc")}
    account = read(aws, vpcs.values(), networks(*settings.on_premises.cidrs), _sites(settings))
    shared = any(link.kind == "directConnect" for link in account.world.links)
    ways, added = own.said(Path.cwd())
    wanted = own.extended(expected(settings, shared_circuits=shared), ways)
    case = Case(account, read_parties(account, vpcs), vpcs, wanted)
    asked = (*statements.PROOFS, *added)
    failures = [failure for proof in asked for failure in proof.find(case, proof.name)]
    return ReachabilityReport(matrix(case), failures, asked)


def _sites(settings: Settings) -> dict[str, tuple[IPv4Network, ...]]:
    """The networks that the routers of each of several sites announce."""
    announced = settings.on_premises.announced if settings.on_premises.sites else {}
    return {site: networks(*cidrs) for site, cidrs in announced.items()}


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector, whose one pass over all that a rehearsal keeps alive takes longer than the proofs."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
