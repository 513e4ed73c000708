"""Vaults: where backups lie encrypted, and nobody deletes them by hand."""

import json

import pulumi
import pulumi_aws as aws

from components.management import policies
from components.management.args import Common
from components.management.backup_args import VaultLockArgs


class VaultArgs(Common):
    """What a vault takes."""

    description: str
    """What its key is for."""
    lock: VaultLockArgs | None
    """The lock, if any."""
    protected: bool
    """Whether vault and key survive a destroy."""
    other_account: str | None
    """An account that copies out of the vault."""
    outlives: bool
    """Whether they survive it in any case: copies are for the day when what they were copied from is gone."""


def make_vault(name: str, args: VaultArgs, parent: pulumi.Resource) -> aws.backup.Vault:
    """Make a vault in `region`, with a key of its own, a policy against deletion by hand and, if given, a lock."""
    stateful = pulumi.ResourceOptions(
        parent=parent, protect=args["protected"], retain_on_delete=args["protected"] or args["outlives"]
    )
    key = aws.kms.Key(
        f"{name}-key",
        description=args["description"],
        policy=pulumi.Output.all(args["partition"], args["account"]).apply(
            lambda given: json.dumps(
                policies.backup_key_policy(partition=given[0], account=given[1], other_account=args["other_account"])
            )
        ),
        enable_key_rotation=True,
        deletion_window_in_days=30,
        tags={**args["tags"], "Name": f"{name}-key"},
        region=args["region"],
        opts=stateful,
    )
    vault = aws.backup.Vault(
        name,
        kms_key_arn=key.arn,
        # A vault with backups in it cannot be deleted.
        force_destroy=not args["protected"],
        tags={**args["tags"], "Name": name},
        region=args["region"],
        opts=stateful,
    )
    aws.backup.VaultPolicy(
        name,
        backup_vault_name=vault.name,
        policy=json.dumps(policies.vault_policy()),
        region=args["region"],
        # A vault that stays must not be left to whoever would empty it.
        opts=pulumi.ResourceOptions(parent=parent, retain_on_delete=args["outlives"]),
    )
    if lock := args["lock"]:
        aws.backup.VaultLockConfiguration(
            name,
            backup_vault_name=vault.name,
            min_retention_days=lock["min_retention_days"],
            max_retention_days=lock.get("max_retention_days"),
            # The days in which it can still be lifted are what makes a lock one of compliance.
            changeable_for_days=lock["grace_days"] if lock["mode"] == "compliance" else None,
            region=args["region"],
            # Each argument makes it anew, and both are the vault's one lock: deleted last, the old would take the new with it.
            opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=True),
        )
    return vault
