"""What an instance begins with: nothing, the instance of another region, or its backups. Pure functions from args to inputs.

They give what differs between the three; `Postgres` has what all instances have in common.
"""

from collections.abc import Iterator
from typing import Any

import pulumi

from components.database.args import DatabaseArgs, StandbyArgs
from components.database.restore import INSTEAD, Restored

ENGINE = "postgres"
WORDS = {"replica": "replica", "dms": "standby", "backups": "restored"}
"""Way of a standby -> its word in the names of instances."""
GP3_STRIPED_GIB, GP3_STRIPED_IOPS, GP3_STRIPED_THROUGHPUT = 400, 12_000, 500
"""From this size on RDS stripes gp3 over four volumes, which come with these.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html"""
NEEDED = {
    "replica": ("instance_arn",),
    "dms": ("secret_arn", "secret_key_arn", "security_group_id", "cidr", "own_cidr"),
    "backups": ("automated_backups_arn",),
}
"""Way of a standby -> the arguments that it cannot do without."""


def mistakes(args: DatabaseArgs) -> Iterator[str]:
    """A standby that lacks what its way needs, or stands in for its own region."""
    standby, region = args.get("standby_for"), args["region"]
    for key, restore in (("restore_instead", args.get("restore_instead")), ("restore_beside", args.get("restore_beside"))):
        if restore is not None and ("source" in restore) == ("snapshot" in restore):
            yield f"{key} has {'both' if 'source' in restore else 'neither'} source and snapshot; pass one of the two"
    if standby is None:
        return
    missing = [key for key in NEEDED[standby["way"]] if key not in standby]
    if missing:
        yield f"standby_for.way {standby['way']!r} needs {', '.join(missing)}; pass them, or choose another way"
    if standby["region"] == region:
        yield f"standby_for.region is {region!r}, where this database is; allowed: another region"
    if "restore_instead" in args and not standby["promoted"]:
        yield "restore_instead is set while the database follows another one; remove it until standby_for.promoted"


def instance_name(name: str, args: DatabaseArgs) -> str:
    """The logical name of the instance. Of a standby, and of one that was restored, it tells the generation, so that a new one
    is made beside the old one."""
    standby = args.get("standby_for")
    if "restore_instead" in args:
        return f"{name}-{INSTEAD}-{args['restore_instead']['generation']}"
    return f"{name}-{WORDS[standby['way']]}-{standby['generation']}" if standby else name


def reader_suffix(args: DatabaseArgs) -> str:
    """The end of a reader's logical name. A replica keeps its source, whose generation it tells if that is not the first."""
    standby = args.get("standby_for")
    if "restore_instead" in args:
        return f"-of-restored-{args['restore_instead']['generation']}"
    generation = standby["generation"] if standby else 1
    return "" if generation == 1 else f"-of-{generation}"


def exists(args: DatabaseArgs) -> bool:
    """Whether there is an instance: backups are restored only once they are needed."""
    standby = args.get("standby_for")
    return standby is None or standby["way"] != "backups" or standby["promoted"]


def origin(
    args: DatabaseArgs,
    key_arn: pulumi.Input[str],
    username: pulumi.Input[str],
    password: pulumi.Input[str],
    restored: Restored | None = None,
) -> dict[str, Any]:
    """The inputs of an instance that follow from what it begins with."""
    standby = args.get("standby_for")
    if restored:
        # Its master has the password that it had then; RDS sets the one of the secret right after.
        own = {"engine_version": args["engine_version"], **_support(args), **_changes(args), "password": password}
        return {**restored.inputs(), **_provisioned(args), **own}
    if standby is None or standby["way"] == "dms":
        return _created(args, key_arn, username, password)
    copied = _replicated(args, standby, key_arn) if standby["way"] == "replica" else _restored(args, standby)
    # What this stack has generated itself the data do not know: a copy's master has its original's password until it is given.
    return {**copied, "password": password} if standby["promoted"] and "secret_arn" not in standby else copied


def _created(
    args: DatabaseArgs, key_arn: pulumi.Input[str], username: pulumi.Input[str], password: pulumi.Input[str]
) -> dict[str, Any]:
    return {
        "engine": ENGINE,
        "engine_version": args["engine_version"],
        "license_model": "postgresql-license",
        "db_name": args["name"],
        "username": username,
        # Not manage_master_user_password: RDS refuses read replicas of an instance that has it.
        "password": password,
        "storage_type": args["storage_type"],
        "allocated_storage": args["storage_gib"],
        **_performance(args),
        "kms_key_id": key_arn,
        **_support(args),
        **_changes(args),
    }


def _support(args: DatabaseArgs) -> dict[str, Any]:
    """Said only where it is not what RDS does by itself."""
    return (
        {} if args.get("extended_support", True) else {"engine_lifecycle_support": "open-source-rds-extended-support-disabled"}
    )


def _performance(args: DatabaseArgs) -> dict[str, Any]:
    """IOPS and throughput. Those that gp3 comes with from 400 GiB are said: across that size the provider would send those
    of the
    smaller volume, which RDS refuses. https://github.com/hashicorp/terraform-provider-aws/issues/28382"""
    striped = args["storage_type"] == "gp3" and args["storage_gib"] >= GP3_STRIPED_GIB
    iops, throughput = args.get("iops"), args.get("throughput")
    if striped and iops is None:
        return {"iops": GP3_STRIPED_IOPS, "storage_throughput": GP3_STRIPED_THROUGHPUT}
    return {"iops": iops, "storage_throughput": throughput}


def _changes(args: DatabaseArgs) -> dict[str, Any]:
    """How changes of version and class come into effect."""
    return {
        "allow_major_version_upgrade": args["allow_major_version_upgrade"],
        # A new major version brings a new parameter group, and the old one cannot go while the instance waits for its
        # maintenance window with it; nor do replicas take the new one before they are upgraded along with the instance.
        "apply_immediately": args["allow_major_version_upgrade"] or args.get("apply_immediately", False),
    }


def _lives_on(args: DatabaseArgs, standby: StandbyArgs) -> dict[str, Any]:
    """What a copy takes of the stack file once it is a database of its own: a version that it can be upgraded to, and how.
    While it
    follows, the version is its source's, and RDS refuses another."""
    return {"engine_version": args["engine_version"], **_changes(args)} if standby["promoted"] else {}


def _replicated(args: DatabaseArgs, standby: StandbyArgs, key_arn: pulumi.Input[str]) -> dict[str, Any]:
    """No engine, user, password or database: they are the source's, RDS refuses them, and they stay when it is promoted.

    Taking the source away is the promotion, so that it depends on `promoted` and on nothing else.
    """
    return {
        # In another region RDS knows the source by its ARN only.
        "replicate_source_db": None if standby["promoted"] else standby["instance_arn"],
        # A key never leaves its region.
        "kms_key_id": key_arn,
        **_provisioned(args),
        **_lives_on(args, standby),
        # It grows as the stack file says; the provider passes a smaller number over, for storage grows by itself as well.
        **({"allocated_storage": args["storage_gib"]} if standby["promoted"] else {}),
    }


def _restored(args: DatabaseArgs, standby: StandbyArgs) -> dict[str, Any]:
    """No key: the instance keeps that of the backups, and RDS could not take another one."""
    return {
        "restore_to_point_in_time": {
            "source_db_instance_automated_backups_arn": standby["automated_backups_arn"],
            "use_latest_restorable_time": True,
        },
        **_provisioned(args),
        **_lives_on(args, standby),
    }


def _provisioned(args: DatabaseArgs) -> dict[str, Any]:
    """Left to themselves copies are gp3 with what it comes with; asked for by name, RDS wants IOPS as well."""
    return {
        "storage_type": args["storage_type"] if args.get("iops") is not None else None,
        "iops": args.get("iops"),
        "storage_throughput": args.get("throughput"),
    }
