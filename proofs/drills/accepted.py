"""What a stack promises to survive, and the single failures that it is allowed not to, each with its reason.

The promise goes by the stack's size, as in the policy pack: `small` trades redundancy for its price and promises nothing; from
`medium` on, no single failure may take a function down, but for those listed here.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from proofs.drills import kinds

RESILIENT_SIZES = ("medium", "large")


@dataclass(frozen=True)
class Accepted:
    """A loss that is known and taken."""

    failures: tuple[str, ...]
    """Kinds of failures."""
    functions: tuple[str, ...]
    """Patterns of the names of functions."""
    reason: str
    """Why, and what to do about it if it must not be."""
    one_region: bool = False
    """Whether it is accepted only where no second region was drilled along."""

    def covers(self, failure: str, function: str, several_regions: bool) -> bool:
        """Whether a failure of this kind may take the function down."""
        if self.one_region and several_regions:
            return False
        return failure in self.failures and any(fnmatchcase(function, pattern) for pattern in self.functions)


ACCEPTED = (
    Accepted(
        (kinds.GATEWAY,),
        (f"{kinds.FILES_WRITTEN}*",),
        "A File Gateway is one VM: only one gateway may write to a part of a bucket. What is in S3 is safe and can be read in "
        "AWS. Run the VM in a vSphere HA cluster, which restarts it in under a minute, its cache on storage that outlives the "
        "machine.",
    ),
    Accepted(
        (kinds.SITE,),
        (
            kinds.LINK,
            f"{kinds.ON_PREMISES}*",
            f"{kinds.FILES_WRITTEN}*",
            kinds.AWS_NAMES,
            f"{kinds.ON_PREMISES_NAMES}*",
            kinds.MANAGED_ON_PREMISES,
            kinds.SIGN_IN,
            kinds.MIGRATION,
        ),
        "There is one data centre, and these have one end there. What has moved to AWS goes on. Give a workload "
        "`placement: both` to keep it going.",
    ),
    Accepted(
        (kinds.HOST, kinds.ZONE),
        (f"{kinds.IN_AWS}: reports",),
        "One copy is enough for reports: ECS starts another within minutes, and they keep nothing but in the database. Set "
        "`replicas: 2` if that is too long.",
    ),
    Accepted(
        (kinds.HOST, kinds.ZONE),
        (f"{kinds.IN_AWS}: documents",),
        "It keeps its users and sessions in itself, so that two copies would know nothing of each other's. ECS starts another "
        "within minutes, which begins anew; the files themselves are in S3.",
    ),
    Accepted(
        (kinds.REGION,),
        (kinds.MANAGED_ON_PREMISES,),
        "A server belongs to the Systems Manager and the cluster of one region. Its containers run on; to manage it from the "
        "other region, join it there by that stack's activation (docs/disaster-recovery.md).",
    ),
    Accepted(
        (kinds.REGION,),
        (kinds.MIGRATION, kinds.SIGN_IN),
        "They are not made twice. Migration waits, while its sources stay in use; in the other region, administrators sign in "
        "by IAM.",
    ),
    Accepted(
        (kinds.REGION,),
        ("*",),
        "One region was drilled. Drill it with its secondary stack (`prod dr`) to see what the other region takes over.",
        one_region=True,
    ),
)
"""Every loss that is accepted."""


def reason(failure: str, function: str, *, several_regions: bool) -> str | None:
    """Why a failure of this kind may take the function down; None if it may not."""
    found = (entry.reason for entry in ACCEPTED if entry.covers(failure, function, several_regions))
    return next(found, None)
