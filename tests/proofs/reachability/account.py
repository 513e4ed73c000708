"""An account that a stack was rehearsed into, to plant holes in and to ask what the proofs find."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proofs.reachability import Failure, ReachabilityReport, Row, prove
from rehearsal.emulator import Emulator
from rehearsal.run import Rehearsal, rehearse
from rehearsal.stackfile import StackFile, read

ROOT = Path(__file__).parents[3]
STACK = Path(__file__).parent / "stack.yaml"
TRANSIT = ROOT / "tests/rehearsal/stacks/transit-gateway.yaml"
REGION = "ap-northeast-2"

Undo = Callable[[Callable[[], Any]], Any]
"""Takes what takes a hole away again, once the test is over."""


@dataclass
class Account:
    """A rehearsed stack with its account still open."""

    aws: Emulator
    rehearsal: Rehearsal
    stack: StackFile

    def call(self, operation: str, service: str = "ec2", /, **params: Any) -> dict[str, Any]:
        """Ask AWS."""
        return self.aws.call(service, operation, params, region=REGION)

    def id(self, type_: str, name: str) -> str:
        """The id of a resource by its logical name."""
        (found,) = (node.id for node in self.rehearsal.created(type_) if node.name == name)
        return found

    def group(self, name: str) -> str:
        """The id of a security group."""
        return self.id("aws:ec2/securityGroup:SecurityGroup", name)

    def subnet(self, name: str) -> str:
        """The id of a subnet: `private-1`."""
        return self.id("aws:ec2/subnet:Subnet", f"network-vpc-{name}")

    def table(self, name: str) -> str:
        """The id of a subnet's route table: `private-1`."""
        return self.id("aws:ec2/routeTable:RouteTable", f"network-vpc-{name}")

    def vpc(self) -> str:
        """The id of the VPC."""
        return self.id("aws:ec2/vpc:Vpc", "network-vpc")

    def prove(self) -> ReachabilityReport:
        """All proofs, anew."""
        return prove(self.aws, self.rehearsal, self.stack)

    def found(self, proof: str) -> list[Failure]:
        """What one proof finds."""
        return [failure for failure in self.prove().failures if failure.proof == proof]


@contextmanager
def deployed(path: Path | str) -> Iterator[Account]:
    """Rehearse a stack file, edits and all."""
    stack = read(str(path), ROOT)
    with Emulator() as aws:
        done = rehearse(aws, ROOT, stack)
        assert not done.problems, done.problems
        yield Account(aws, done, stack)


def rows(report: ReachabilityReport, source: str, target: str) -> list[Row]:
    """The rows between parties whose names begin so."""
    return [row for row in report.matrix if row.source.startswith(source) and row.target.startswith(target)]
