"""Which arguments of Management are of no use without others."""

from collections.abc import Iterator

from components.management.args import ManagementArgs

NEEDS = {
    "directory": ("vpc_id", "private_subnet_ids"),
    "database_identifier": ("database_storage_gib",),
    "virtual_interface_ids": ("connection_ids",),
    "migration_task_arns": ("replication_instance_identifier",),
    "gateway_arn": ("gateway_name",),
    "files_source": ("bucket_name",),
    "files_copied": ("bucket_name",),
}


def mistakes(args: ManagementArgs) -> Iterator[str]:
    """Arguments that miss what they need."""
    given = {key for key, value in args.items() if value is not None and value is not False and value != {}}
    for name, needed in NEEDS.items():
        missing = [other for other in needed if other not in given]
        if name in given and missing:
            yield f"{name} needs {' and '.join(missing)}: pass it too, or leave {name} out"
    if args.get("backup_copies_region") == args["region"]:
        yield f"backup_copies_region is {args['region']}, which is region; allowed: another one; name it, or none"
    if args.get("backup_copies_region") and "copies" not in args["backup"]:
        yield "backup_copies_region needs backup.copies: pass it too, or leave the region out"
    unknown = sorted(set(args.get("virtual_interface_ids") or ()) - set(args.get("connection_ids") or ()))
    if unknown:
        yield f"virtual_interface_ids names {', '.join(unknown)}, which connection_ids does not: use the names of connections"
