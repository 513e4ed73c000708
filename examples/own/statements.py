"""Who reaches whom beside what the stack file asks for."""

from collections.abc import Iterator

from proofs.reachability.own import Case, Failure, Proof, Way, tcp

WAYS = [
    # Its security group admits the VPC, and hosts may send HTTPS anywhere: this says that they are meant to.
    Way("hosts", "scanner", tcp(443), "files are handed over to be looked through"),
]


def _one_scanner(case: Case, proof: str) -> Iterator[Failure]:
    count = sum(party.key == "scanner" for party in case.parties)
    if count != 1:
        yield Failure(proof, f"there are {count} network cards called scanner")


PROOFS = [Proof("one-scanner", "There is one scanner.", _one_scanner)]
