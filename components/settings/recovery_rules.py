"""The rules of the second region: no state that promotes or destroys by accident, no networks that overlap.

A parameter is named like the attribute of `Settings` that a rule takes; see `components/settings/cross.py`.
"""

from collections.abc import Iterator

from components.settings.addresses import overlap
from components.settings.base import Mistake
from components.settings.client_vpn import ClientVpn
from components.settings.database import Database
from components.settings.direct_connect import DirectConnect
from components.settings.disaster_recovery import ONLY_OF, DisasterRecovery
from components.settings.errors import NOT_SET
from components.settings.migration import Migration, engine_for_database, known_to_dms, secrets_within_reach
from components.settings.network import Network
from components.settings.on_premises import OnPremises
from components.settings.storage import Storage
from components.stages import RUNNING, STANDING

MODES = "pilot-light, warm-standby or active"


def keys_of_role(
    role: str, primary_stack: str | None, secondary_region: str | None, mode: str | None, primary_state: str
) -> Iterator[Mistake]:
    """Keys that the role asks for, and keys that belong to the other role."""
    if role == "secondary":
        if primary_stack is None:
            fix = "Name the stack of the primary, for example prod."
            yield Mistake("primaryStack", NOT_SET, "the stack of the primary, which a secondary reads outputs of", fix)
        if mode is None:
            allowed = f"{MODES}: a secondary has no default, so that a key left out changes nothing by accident"
            yield Mistake("mode", NOT_SET, allowed, "Say what the secondary shall be; pilot-light is where it begins.")
        if secondary_region is not None:
            fix = "Remove it; the primary names the region of the secondary."
            yield Mistake("secondaryRegion", secondary_region, "nothing with role secondary", fix)
        return
    for key, value in (("primaryStack", primary_stack), ("mode", mode)):
        if value is not None:
            yield Mistake(key, value, "nothing with role primary", "Remove it, or set role to secondary.")
    if primary_state != "serving":
        fix = "Remove it; the secondary is told what has become of the primary."
        yield Mistake("primaryState", primary_state, "nothing with role primary", fix)


def regions_apart(secondary_region: str | None, region: str) -> Iterator[Mistake]:
    """A second region that is the first."""
    if secondary_region is not None and secondary_region == region:
        fix = "Name the region of the secondary, or remove the key: then nothing is copied anywhere."
        yield Mistake("secondaryRegion", secondary_region, f"a region other than aws:region, {region}", fix)


def section_of_role(role: str, disaster_recovery: DisasterRecovery) -> Iterator[Mistake]:
    """Keys of the section that a stack of this role has no use for."""
    other = next(one for one in ONLY_OF if one != role)
    for key, value in disaster_recovery.only_of(other).items():
        fix = f"Remove it, or set it in the stack of the {other}."
        yield Mistake(f"disasterRecovery.{key}", value, f"nothing with role {role}", fix)


def failover(role: str, mode: str | None, primary_state: str, disaster_recovery: DisasterRecovery) -> Iterator[Mistake]:
    """A secondary that would take over from a primary that is still at work, or only by half."""
    if role != "secondary":
        return
    acknowledge = "Make sure that nothing writes to the primary any more, then set primaryState to stopped, or to lost."
    if mode == "active" and primary_state == "serving":
        allowed = "pilot-light or warm-standby while primaryState is serving: two regions would take writes"
        yield Mistake("mode", mode, allowed, acknowledge)
    if disaster_recovery.promoted and primary_state == "serving":
        allowed = "false while primaryState is serving: both databases would take writes, and drift apart for good"
        yield Mistake("disasterRecovery.promoted", True, allowed, acknowledge)
    if mode == "active" and not disaster_recovery.promoted:
        allowed = "true in mode active: the database of the secondary takes the writes, and does not follow the primary's again"
        fix = "Set it to true together with the mode, and leave it so when the mode changes back."
        yield Mistake("disasterRecovery.promoted", False, allowed, fix)
    elif primary_state != "serving" and not disaster_recovery.promoted:
        allowed = "serving until disasterRecovery.promoted: what was seen once must not stand for the next failover"
        fix = "Leave promoted at true if this database has been promoted; else set primaryState in the same edit as promoted."
        yield Mistake("primaryState", primary_state, allowed, fix)


def own_passwords(role: str, disaster_recovery: DisasterRecovery) -> Iterator[Mistake]:
    """Passwords that a database which follows another one could not be given."""
    if role == "secondary" and disaster_recovery.own_passwords and not disaster_recovery.promoted:
        allowed = "false until promoted: the database has the primary's passwords as long as it follows"
        yield Mistake("disasterRecovery.ownPasswords", True, allowed, "Remove it, or promote the database first.")
    elif role == "secondary" and disaster_recovery.own_passwords and disaster_recovery.database == "dms":
        allowed = "false with disasterRecovery.database dms, whose endpoints sign in with the primary's secret"
        yield Mistake("disasterRecovery.ownPasswords", True, allowed, "Remove it.")


def restored_while_following(role: str, disaster_recovery: DisasterRecovery, database: Database) -> Iterator[Mistake]:
    """A restored instance in the place of one that follows another region's."""
    follows = role == "secondary" or disaster_recovery.restore_from is not None
    if database.restore_instead and follows and not disaster_recovery.promoted:
        allowed = "nothing until disasterRecovery.promoted: the database is a copy of the other region's"
        yield Mistake("database.restoreInstead", "a section", allowed, "Remove it.")


def kept_outputs(role: str, primary_state: str, disaster_recovery: DisasterRecovery) -> Iterator[Mistake]:
    """Outputs that would hide those of a primary that is still there."""
    if role == "secondary" and disaster_recovery.primary_outputs and primary_state == "serving":
        allowed = "nothing while primaryState is serving: the stack of the primary tells its outputs itself"
        yield Mistake("disasterRecovery.primaryOutputs", list(disaster_recovery.primary_outputs), allowed, "Remove it.")


def failback(role: str, secondary_region: str | None, disaster_recovery: DisasterRecovery) -> Iterator[Mistake]:
    """A primary that would begin anew with an empty database, or take writes next to the secondary."""
    if role != "primary":
        return
    source, generation = disaster_recovery.restore_from, disaster_recovery.generation
    if generation > 1 and source is None:
        allowed = "1 without restoreFrom: the next instance would be empty"
        fix = "Set restoreFrom to the secondary's database, or generation back to what it was."
        yield Mistake("disasterRecovery.generation", generation, allowed, fix)
    if source is not None and generation == 1:
        allowed = "2 or more with restoreFrom: the instance that is there cannot become a replica"
        yield Mistake("disasterRecovery.generation", generation, allowed, "Raise it: the old instance stays.")
    if source is not None and source.split(":")[3] != secondary_region:
        allowed = f"the ARN of a database in secondaryRegion, {secondary_region or NOT_SET}"
        yield Mistake("disasterRecovery.restoreFrom", source, allowed, "Give the output databaseArn of the secondary's stack.")
    if disaster_recovery.promoted and source is None:
        allowed = "false without restoreFrom: there is nothing to promote"
        yield Mistake("disasterRecovery.promoted", True, allowed, "Remove it.")
    elif disaster_recovery.promoted and disaster_recovery.secondary_state == "serving":
        allowed = "false while secondaryState is serving: both databases would take writes, and drift apart for good"
        fix = "Make sure that nothing writes to the secondary any more, then set secondaryState to stopped."
        yield Mistake("disasterRecovery.promoted", True, allowed, fix)
    elif disaster_recovery.secondary_state == "stopped" and not disaster_recovery.promoted:
        allowed = "serving until promoted: what was seen once must not stand for the next failback"
        fix = "Leave promoted at true if this database has been promoted; else set secondaryState in the same edit as promoted."
        yield Mistake("disasterRecovery.secondaryState", "stopped", allowed, fix)


def other_region_apart(
    *,
    role: str,
    secondary_region: str | None,
    disaster_recovery: DisasterRecovery,
    network: Network,
    on_premises: OnPremises,
    client_vpn: ClientVpn,
    direct_connect: DirectConnect,
) -> Iterator[Mistake]:
    """Networks of the two regions and on-premises that share addresses."""
    secondary = role == "secondary"
    key = "disasterRecovery.primaryCidr" if secondary else "disasterRecovery.secondaryCidr"
    other = disaster_recovery.primary_cidr if secondary else disaster_recovery.secondary_cidr
    there = "primary" if secondary else "secondary"
    if other is None:
        if secondary or secondary_region:
            allowed = f"network.cidr of the {there}, so that overlaps are seen before anything is made"
            yield Mistake(key, NOT_SET, allowed, f"Copy network.cidr of the {there}'s stack file.")
        return
    if overlap(other, network.cidr):
        allowed = f"a block apart from network.cidr, {network.cidr}: there is no route between networks that overlap"
        yield Mistake(key, other, allowed, "Give the two regions different blocks; that of a VPC cannot be changed later.")
    for where, cidr in on_premises.cidrs_by_key.items():
        if overlap(other, cidr):
            allowed = f"a block apart from onPremises.{where}, {cidr}: addresses in both could not be reached"
            yield Mistake(key, other, allowed, f"Change network.cidr of the {there}, or the network on-premises.")
    if client_vpn.enabled and client_vpn.cidr is not None and overlap(other, client_vpn.cidr):
        allowed = f"a block apart from the VPC of the {there}, {other}"
        yield Mistake("clientVpn.cidr", client_vpn.cidr, allowed, "Choose another block for the clients.")
    for position, prefix in enumerate(direct_connect.allowed_prefixes or []):
        if overlap(other, prefix):
            allowed = f"a network apart from the VPC of the {there}, {other}, which its own association advertises"
            fix = "Advertise only what lies in this region."
            yield Mistake(f"directConnect.allowedPrefixes[{position}]", prefix, allowed, fix)


def database_between_regions(
    role: str, secondary_region: str | None, disaster_recovery: DisasterRecovery, network: Network, database: Database
) -> Iterator[Mistake]:
    """Ways from one database to the other that the networks, or the primary's backups, do not allow."""
    if role == "primary" and secondary_region is None:
        return
    way = disaster_recovery.database
    if way == "dms" and network.hub != "transitGateway":
        allowed = "replica or backups while network.hub is vpnGateway: DMS reaches the other region by transit gateways"
        yield Mistake("disasterRecovery.database", way, allowed, "Set network.hub to transitGateway in both stacks.")
    if role == "secondary" and way == "dms" and not (disaster_recovery.peering or disaster_recovery.promoted):
        allowed = "true with disasterRecovery.database dms until promoted: DMS reads the primary's database that way"
        yield Mistake("disasterRecovery.peering", False, allowed, "Remove it, or promote the database first.")
    if role == "primary" and way != "dms" and not database.backup_retention_days:
        allowed = f"1 or more with secondaryRegion and disasterRecovery.database {way}: RDS copies from backups"
        yield Mistake("database.backupRetentionDays", 0, allowed, "Set it to 7 or more.")


def database_by_dms(
    *,
    role: str,
    secondary_region: str | None,
    disaster_recovery: DisasterRecovery,
    migration: Migration,
    database: Database,
    network: Network,
) -> Iterator[Mistake]:
    """A database that DMS could not read in the primary, or not write in the secondary."""
    if disaster_recovery.database != "dms" or disaster_recovery.promoted:
        return
    between = "with disasterRecovery.database dms, which knows no other"
    if role == "secondary":
        yield from engine_for_database(migration, database, between)
        yield from secrets_within_reach(network, "with disasterRecovery.database dms until promoted")
    elif secondary_region is not None:
        # The engine that reads it is the secondary's.
        yield from known_to_dms(database, between)


def filled_by_dms(role: str, disaster_recovery: DisasterRecovery) -> Iterator[Mistake]:
    """A task that has nothing to fill, and an instance that would take over though no task has ever filled it."""
    tested, generation = disaster_recovery.tested_generation, disaster_recovery.generation
    if role != "secondary":
        return
    if tested and disaster_recovery.database != "dms":
        allowed = f"nothing with disasterRecovery.database {disaster_recovery.database}, which has no endpoints to test"
        yield Mistake("disasterRecovery.testedGeneration", tested, allowed, "Remove it.")
        return
    if tested > generation:
        allowed = f"up to disasterRecovery.generation, {generation}: there is no later one yet"
        yield Mistake("disasterRecovery.testedGeneration", tested, allowed, f"Set it to {generation} once that is tested.")
    if disaster_recovery.database == "dms" and disaster_recovery.promoted and not disaster_recovery.fed:
        allowed = f"false until testedGeneration is {generation}: nothing has been replicated into the database of this stack"
        fix = (
            "Make its tables, test both endpoints, and let DMS fill it first; or set generation to the one that it has filled."
        )
        yield Mistake("disasterRecovery.promoted", True, allowed, fix)
    elif (
        disaster_recovery.database == "dms"
        and disaster_recovery.promoted
        and disaster_recovery.indexed_generation != generation
    ):
        allowed = f"false until indexedGeneration is {generation}: DMS carries no indexes, unique constraints or foreign keys"
        fix = (
            "Make them (hybridge migrate - indexes, docs/disaster-recovery.md, Beforehand), compare, and set indexedGeneration."
        )
        yield Mistake("disasterRecovery.promoted", True, allowed, fix)


def warm_without_database(role: str, mode: str | None, disaster_recovery: DisasterRecovery) -> Iterator[Mistake]:
    """Workloads that would start without a database, or with an empty one."""
    if role != "secondary" or mode != "warm-standby":
        return
    if disaster_recovery.database == "backups":
        allowed = "pilot-light or active with disasterRecovery.database backups: there is no instance before active"
        yield Mistake("mode", mode, allowed, "Choose pilot-light, or let the database be a replica.")
    if disaster_recovery.database == "dms" and not disaster_recovery.fed:
        allowed = (
            f"pilot-light until disasterRecovery.testedGeneration is {disaster_recovery.generation}: the database is empty"
        )
        yield Mistake("mode", mode, allowed, "Choose pilot-light until DMS replicates.")


def files_back(role: str, primary_state: str, disaster_recovery: DisasterRecovery) -> Iterator[Mistake]:
    """Files that would be replicated to a bucket that is not there, or is written on its own."""
    if role == "secondary" and disaster_recovery.reverse_replication and primary_state != "stopped":
        reason = "cannot be reached" if primary_state == "lost" else "is written by the primary itself"
        allowed = f"false while primaryState is {primary_state}: the primary's bucket {reason}"
        fix = "Set primaryState to stopped once its region is there and nothing writes to it, or remove reverseReplication."
        yield Mistake("disasterRecovery.reverseReplication", True, allowed, fix)
    elif role == "secondary" and disaster_recovery.reverse_replication and disaster_recovery.primary_outputs:
        allowed = "false with disasterRecovery.primaryOutputs: the primary has been taken down, and its bucket with it"
        yield Mistake("disasterRecovery.reverseReplication", True, allowed, "Remove it.")


def files_past_the_gateway(role: str, disaster_recovery: DisasterRecovery, storage: Storage) -> Iterator[Mistake]:
    """A gateway that would never show what is replicated into its bucket."""
    replicated = role == "secondary" or disaster_recovery.restore_from is not None
    for key, gateway in storage.gateways.items() if replicated else ():
        if gateway.cache_refresh_seconds == 0:
            allowed = "300 to 2592000 while files are replicated from the other region: they would never appear on-premises"
            yield Mistake(f"storage.{key}.cacheRefreshSeconds", 0, allowed, "Set it to 300.")


def migration_of_secondary(role: str, migration: Migration, disaster_recovery: DisasterRecovery) -> Iterator[Mistake]:
    """A migration into a database that takes no writes, and roles that the account has already."""
    if role != "secondary":
        return
    if migration.roles == "create":
        allowed = "adopt with role secondary: the account has the roles once, and they belong to the primary"
        yield Mistake("migration.roles", migration.roles, allowed, "Remove it: a secondary adopts them by itself.")
    if migration.stage in STANDING and not disaster_recovery.promoted:
        allowed = "off until disasterRecovery.promoted: the database of the secondary takes no writes"
        yield Mistake("migration.stage", migration.stage, allowed, 'Set it to "off"; the primary migrates.')


def migration_on_the_way_back(role: str, migration: Migration, disaster_recovery: DisasterRecovery) -> Iterator[Mistake]:
    """A migration that would write into a primary's database while that follows the secondary's."""
    following = role == "primary" and disaster_recovery.restore_from is not None and not disaster_recovery.promoted
    if following and migration.stage in RUNNING:
        allowed = "off or prepare until disasterRecovery.promoted: the database is a replica of the secondary's until then"
        yield Mistake("migration.stage", migration.stage, allowed, "Set it to prepare: the tasks go, what they need stays.")


RULES = (
    keys_of_role,
    regions_apart,
    section_of_role,
    failover,
    own_passwords,
    restored_while_following,
    kept_outputs,
    failback,
    other_region_apart,
    database_between_regions,
    database_by_dms,
    filled_by_dms,
    warm_without_database,
    files_back,
    files_past_the_gateway,
    migration_of_secondary,
    migration_on_the_way_back,
)
