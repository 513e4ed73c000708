"""The fence between two regions: whoever's database has taken over says so, and the stack of the lost primary looks before it
makes anything.

The stack file of a lost primary is as good as ever: deployed again, by a pipeline that nobody has stopped, it would start
writers into a database that the other region has left behind."""

import pulumi
import pulumi_aws as aws

from components.settings import Settings, recovery

PARAMETER = "writer"


def path(project: str, primary_stack: str) -> str:
    """Where the parameter is, in Systems Manager of the secondary's region: an account may have several pairs."""
    return f"/{project}/{primary_stack.rpartition('/')[2]}/fence"


def set_up(settings: Settings, database_arn: pulumi.Output[str] | None, tags: dict[str, str]) -> None:
    """Say that the database of this secondary takes the writes, from its promotion until it follows again."""
    if not recovery.is_secondary(settings) or not settings.disaster_recovery.promoted or database_arn is None:
        return
    aws.ssm.Parameter(
        "fence",
        name=f"{path(pulumi.get_project(), settings.primary_stack or '')}/{PARAMETER}",
        description="The database that takes the writes; the stack of the primary does not deploy beside it",
        type="String",
        value=database_arn,
        region=settings.region,
        tags={**tags, "Name": "fence"},
    )


def heed(settings: Settings) -> None:
    """Stop a primary that would write beside the secondary that has taken over. On its way back it names that database, and
    goes on.

    Raises pulumi.RunError.
    """
    region, back = settings.secondary_region, settings.disaster_recovery.restore_from
    if recovery.is_secondary(settings) or region is None or not settings.disaster_recovery.fence:
        return
    where = path(pulumi.get_project(), pulumi.get_stack())
    found = aws.ssm.get_parameters_by_path(path=where, region=region)
    values = dict(zip(found.names or (), found.values or (), strict=True))
    taken_over = [value for name, value in values.items() if name == f"{where}/{PARAMETER}"]
    if taken_over and taken_over[0] != back:
        raise pulumi.RunError(
            f"the other region has taken over: writes go to {taken_over[0]}, and this stack would start writers into another "
            "database. For the way back see Failback in docs/disaster-recovery.md, which begins with "
            f"disasterRecovery.restoreFrom: {taken_over[0]}. If that database is gone for good, delete the parameter "
            f"{where}/{PARAMETER} in {region}"
        )
