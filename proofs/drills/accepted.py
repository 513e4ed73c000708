"""What a stack promises to survive, and the single failures that it is allowed not to, each with its reason.

The promise goes by the stack's size, as in the policy pack: `small` trades redundancy for its price and promises nothing; from
`medium` on, no single failure may take a function down, but for those listed here, those that a stack file accepts for a
workload (`acceptDowntime`), and those in a team's own/accepted.yaml.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from proofs.drills import kinds
from proofs.drills.failures import Failure
from proofs.drills.model import Function

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
    owner: str = ""
    """Who has accepted it; empty for what comes with the architecture."""
    date: str = ""
    """The day on which it was accepted, as `2026-03-31`."""
    stacks: tuple[str, ...] = ("*",)
    """Patterns of the names of the stacks that it is accepted for."""
    subject: str = "*"
    """A pattern of which of these failures."""
    own: bool = False
    """Whether it is accepted of a function only that is the failed part's own, as the link of a site is."""

    def covers(self, failure: Failure, function: Function, several_regions: bool) -> bool:
        """Whether a failure may take the function down."""
        if (self.one_region and several_regions) or (self.own and function.subject != failure.subject):
            return False
        right = failure.kind in self.failures and fnmatchcase(failure.subject, self.subject)
        return right and any(fnmatchcase(function.name, pattern) for pattern in self.functions)


ACCEPTED = (
    Accepted(
        (kinds.GATEWAY,),
        (f"{kinds.FILES_WRITTEN}*",),
        "A File Gateway is one VM: only one gateway may write to a part of a bucket. What is in S3 is safe and can be read in "
        "AWS. Run the VM in a vSphere HA cluster, which restarts it in under a minute, its cache on storage that outlives the "
        "machine.",
    ),
    Accepted(
        (kinds.BACKUP_GATEWAY,),
        (kinds.MACHINES_KEPT,),
        "A vCenter has one Backup gateway, which is one VM. The backups that there are stay in the vault; jobs that fail "
        "meanwhile ring. Run it in a vSphere HA cluster.",
    ),
    Accepted(
        (kinds.MACHINE,),
        (kinds.MACHINES,),
        "A machine is one of its kind, and is restored. What must not lose a day is replicated by what runs on it, or moves to "
        "AWS.",
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
            kinds.MACHINES,
            kinds.MACHINES_KEPT,
        ),
        "There is one data centre, and these have one end there. What has moved to AWS goes on. Give a workload "
        "`placement: both` to keep it going.",
        subject="on-premises",
    ),
    Accepted(
        (kinds.SITE,),
        (f"{kinds.LINK}: *", f"{kinds.AWS_NAMES}: *"),
        "The site is gone itself. The others go on, each over its own circuits and routers.",
        own=True,
    ),
    Accepted(
        (kinds.SITE,),
        (
            f"{kinds.ON_PREMISES}*",
            f"{kinds.FILES_WRITTEN}*",
            f"{kinds.ON_PREMISES_NAMES}*",
            kinds.MANAGED_ON_PREMISES,
            kinds.SIGN_IN,
            kinds.MIGRATION,
            kinds.MACHINES,
            kinds.MACHINES_KEPT,
        ),
        "Servers, gateways, sources and the DNS servers of a domain may all stand at one site, and nothing of a stack tells "
        "that they do not. Give a domain servers at two sites, and a workload `placement: both`.",
    ),
    Accepted(
        (kinds.REGION,),
        (kinds.MANAGED_ON_PREMISES,),
        "A server belongs to the Systems Manager and the cluster of one region. Its containers run on; to manage it from the "
        "other region, join it there by that stack's activation (docs/disaster-recovery.md).",
    ),
    Accepted(
        (kinds.REGION,),
        (kinds.MACHINES_KEPT,),
        "A Backup gateway belongs to one region. The machines run on. Copies of their backups that another region keeps are "
        "restored into EC2 there.",
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
        "One region was drilled. Rehearse the stack along with that of its second region to see what that takes over.",
        one_region=True,
    ),
)
"""Every loss that comes with the architecture, whoever uses it."""


def find(failure: Failure, function: Function, own: Iterable[Accepted], *, several_regions: bool) -> Accepted | None:
    """What allows a failure to take a function down; None if it may not."""
    mine = (entry for entry in own if any(fnmatchcase(function.stack, pattern) for pattern in entry.stacks))
    return next((entry for entry in (*mine, *ACCEPTED) if entry.covers(failure, function, several_regions)), None)
