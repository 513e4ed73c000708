"""The standby that DMS feeds: what a migration is for on-premises, with the database of another region as its source."""

import pulumi
import pulumi_aws as aws

from components.database.args import DatabaseArgs, StandbyArgs
from components.database.credentials import replicated_secret_arn
from components.database.instance import PORT
from components.database.migration import MigratingArgs, Migration
from components.database.migration_args import ElsewhereArgs, MigrationArgs
from components.database.tasks import ALL

SOURCE = "primary"
"""What the database of the other region is called here."""


def make_standby(
    name: str,
    args: DatabaseArgs,
    standby: StandbyArgs,
    target: tuple[pulumi.Input[str], pulumi.Input[str], pulumi.Input[str]],
    parent: pulumi.Resource,
) -> Migration:
    """Endpoints for both databases and, once they are tested and until this one is promoted, a running task: a full load, then
    every change.

    Before that a person creates the tables (`pg_dump --schema-only`) and tests both endpoints, as for a migration; changes of
    tables are carried over from then on. The task is gone once this database takes writes of its own: if the other region came
    back, it would go on writing into them. `target`: key, security group and secret of this database.
    """
    key_arn, security_group_id, secret_arn = target
    replicated = replicated_secret_arn(args)
    if replicated is None or "migration" not in args:
        raise ValueError(f"{name}: a standby of DMS needs standby_for.secret_arn and the replication instance of `migration`")
    # The task belongs to the instance that it fills: another generation begins with a full load of its own.
    source: ElsewhereArgs = {
        "name": f"{SOURCE}-{standby['generation']}",
        "port": PORT,
        "database": args["name"],
        "schemas": [ALL],
        "target_schemas": {},
        "ssl_mode": "require",
        "plugin": "test-decoding",
        "heartbeat_schema": "public",
        "heartbeat_minutes": 5,
        # It follows for years, in which tables change; the master user of RDS may install what that takes.
        "capture_ddls": True,
        "secret_arn": replicated,
        "secret_key_arn": standby["secret_key_arn"],
        "cidr": standby["cidr"],
    }
    migration: MigrationArgs = {
        **args["migration"],
        "stage": "replicate" if standby.get("tested") and not standby["promoted"] else "prepare",
        # The account has the roles once, where the primary is.
        "roles": "adopt",
    }
    feeding: MigratingArgs = {
        **args,
        "migration": migration,
        "sources": [source],
        "key_arn": key_arn,
        "database_security_group_id": security_group_id,
        "target_secret_arn": secret_arn,
        "ways": [_admission(name, args, standby, parent)],
    }
    return Migration(name, feeding, pulumi.ResourceOptions(parent=parent))


def _admission(
    name: str, args: DatabaseArgs, standby: StandbyArgs, parent: pulumi.Resource
) -> aws.vpc.SecurityGroupIngressRule:
    """The other database admits this VPC. The rule is there, but belongs to this stack, with which it goes."""
    child = f"{name}-into-{SOURCE}"
    return aws.vpc.SecurityGroupIngressRule(
        child,
        security_group_id=standby["security_group_id"],
        description=f"Replication into {args['region']}",
        ip_protocol="tcp",
        from_port=PORT,
        to_port=PORT,
        # By addresses: the security groups of another region cannot be referred to.
        cidr_ipv4=standby["own_cidr"],
        region=standby["region"],
        tags={**args["tags"], "Name": child},
        opts=pulumi.ResourceOptions(parent=parent),
    )
