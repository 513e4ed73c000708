"""What the proofs look at, and what they find."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from proofs.reachability.account import Account, address_in
from proofs.reachability.evaluation import Cell, Evaluation, pairs
from proofs.reachability.expected import Expected
from proofs.reachability.model import Place, Subnet, World
from proofs.reachability.party import Party
from proofs.reachability.space import AddressClass, classes, internet


@dataclass(frozen=True)
class Failure:
    """Something that a proof found."""

    proof: str
    """Name of the proof."""
    what: str
    """What is wrong, in one sentence."""
    cite: tuple[str, ...] = ()
    """The routes and rules that decide it, in the order of the packet's way."""


@dataclass
class Case:
    """An account and what a stack file asks of it."""

    account: Account
    parties: Sequence[Party]
    vpcs: Collection[str]
    """The VPCs of the stack."""
    expected: Expected

    @property
    def world(self) -> World:
        """The network."""
        return self.account.world

    @cached_property
    def evaluation(self) -> Evaluation:
        """Who can open what to whom."""
        return Evaluation(self.world)

    @cached_property
    def cells(self) -> list[Cell]:
        """Everybody with network cards of their own, and everybody outside, against everybody else."""
        own = [party for party in self.parties if not party.borrows]
        return [cell for source, target in pairs(own) for cell in self.evaluation.cells(source, target)]

    @cached_property
    def subnets(self) -> list[Subnet]:
        """The subnets of the stack."""
        found = [subnet for subnet in self.world.subnets.values() if subnet.vpc in self.vpcs]
        return sorted(found, key=lambda subnet: (self.world.named(subnet.id), subnet.zone))

    @cached_property
    def internet(self) -> list[AddressClass]:
        """The addresses of the internet."""
        return internet(self.world)

    @cached_property
    def on_premises(self) -> list[AddressClass]:
        """The addresses of the data centre."""
        return classes(self.world, self.world.on_premises)

    def anybody(self, subnet: Subnet) -> Place:
        """Somebody in a subnet whom no security group holds back and who has a public address: what routes alone allow."""
        return Place(f"whoever is in {self.world.named(subnet.id)}", address_in(subnet), subnet.id, public=True)
