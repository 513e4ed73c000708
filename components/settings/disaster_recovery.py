"""The section `disasterRecovery`: what the stacks of two regions keep of each other, and how far a failover has gone."""

from typing import Annotated, Any, Literal

from pydantic import Field

from components.settings.addresses import VpcCidr
from components.settings.base import Section


class DisasterRecovery(Section):
    """The second region: what its stack, the secondary, keeps of the primary, and which of the two databases takes writes.

    docs/disaster-recovery.md has the runbooks for failover and failback.
    """

    database: Literal["replica", "dms", "backups"] = "replica"
    """How the data of the database get to the second region, the same in both stacks. `replica`: a read replica, seconds
    behind. `dms`: an instance of its own that DMS replicates into, which needs transit gateways. `backups`: the automated
    backups alone, minutes behind, from which `promoted` restores an instance."""
    primary_cidr: VpcCidr | None = None
    """Secondary only, needed there: `network.cidr` of the primary. No network may overlap it."""
    secondary_cidr: VpcCidr | None = None
    """Primary only, needed once secondaryRegion is set: `network.cidr` of the secondary. No network may overlap it."""
    direct_connect: bool = True
    """Secondary only: whether its hub joins the primary's Direct Connect gateway. False where the primary has no circuits."""
    peering: bool = True
    """Secondary only, with transit gateways: whether those of the two regions are peers. Set it to false before the primary is
    taken down: AWS deletes no transit gateway that has a peer."""
    primary_outputs: dict[Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9]*$")], str] = {}
    """Secondary only, once the primary's stack has been taken down for good: what it had exported (`pulumi stack output`,
    beforehand), as far as this stack asks for it. With it, no files are replicated any more. Omitted: read from the stack
    itself."""
    accept_differences: Annotated[str, Field(min_length=10, max_length=500)] | None = None
    """Secondary only: why its workloads, or what it says of the data centre, are not those of the primary's stack file.
    Omitted: a rehearsal refuses the two together, for something else would run after a failover."""
    promoted: bool = False
    """Whether the database of this stack takes writes of its own, the replication into it ended for good. Secondary: set it
    along with mode active, and keep it whatever the mode is afterwards, for as long as the promoted instance shall live.
    Primary: ends the replication that restoreFrom began. Setting it back without raising `generation` is refused by AWS."""
    generation: int = Field(default=1, ge=1, le=999)
    """Which database instance of this stack it is. Raising it makes a new instance beside the one that is there, which stays
    until a person deletes it: the way back to a replica after a promotion."""
    tested_generation: int = Field(default=0, ge=0, le=999)
    """Secondary only, with `database: dms`: the generation into which DMS replicates, once a person has made its tables and
    tested both endpoints, without which DMS starts no task. Omitted, or lower than `generation`: everything is there but the
    task."""
    restore_from: str | None = Field(
        default=None, pattern=r"^arn:aws:rds:[a-z0-9-]+:[0-9]{12}:db:[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"
    )
    """Primary only, for the failback: ARN of the secondary's database (its output `databaseArn`), of which the instance of a
    raised `generation` becomes a read replica. Keep it after promoted is set."""
    secondary_state: Literal["serving", "stopped"] = "serving"
    """Primary only, for the failback: whether a person has seen that nothing writes to the secondary's database any more.
    `stopped` is taken along with promoted alone."""
    delete_markers: bool = False
    """Secondary only: whether a file deleted in the primary's bucket disappears from the secondary's as well. Omitted: it stays
    there, and so outlives a mistake."""
    replication_time_control: bool = False
    """Secondary only: whether S3 replicates 99.99 % of the files within 15 minutes by contract, with metrics, at a charge for
    every GB. Omitted: most files within 15 minutes, without a promise."""
    replica_modifications: bool = False
    """Secondary only: whether changes to the metadata (tags, ACLs) of replicated files are replicated too, in both directions
    once reverseReplication is on. Omitted: only those of the original."""
    reverse_replication: bool = False
    """Secondary only, for the failback: whether files that are written in the secondary are replicated to the primary's bucket.
    From then on; those written before are carried over by S3 Batch Replication, a job that a person starts."""

    @property
    def fed(self) -> bool:
        """Whether DMS may write into the instance of this generation: somebody has prepared and tested it."""
        return self.tested_generation == self.generation

    def only_of(self, role: str) -> dict[str, Any]:
        """The values that were changed from their defaults though only a stack of `role` has a use for them, by key."""
        fields = type(self).model_fields
        return {
            fields[name].alias or name: getattr(self, name)
            for name in ONLY_OF[role]
            if getattr(self, name) != fields[name].default
        }


ONLY_OF: dict[str, tuple[str, ...]] = {
    "primary": ("secondary_cidr", "restore_from", "secondary_state"),
    "secondary": (
        *("primary_cidr", "direct_connect", "peering", "primary_outputs", "accept_differences"),
        *("delete_markers", "replication_time_control"),
        *("replica_modifications", "reverse_replication", "tested_generation"),
    ),
}
"""What a stack of the other role has no use for."""
