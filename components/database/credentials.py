"""Who may sign in to the database: the master user and its password, generated here or brought along from another region."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.database.args import DatabaseArgs


class Login:
    """The master user and its password."""

    def __init__(self, username: pulumi.Input[str], password: pulumi.Input[str]) -> None:
        self.username, self.password = username, password


def replica_arn(secret_arn: str, region: str) -> str:
    """The ARN of a secret's replica: the same but for the region.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    """
    parts = secret_arn.split(":")
    return ":".join([*parts[:3], region, *parts[4:]])


def replicated_secret_arn(args: DatabaseArgs) -> pulumi.Output[str] | None:
    """The replica, in this region, of the secret of the database that this one stands in for."""
    standby = args.get("standby_for")
    if standby is None or "secret_arn" not in standby:
        return None
    region = args["region"]
    return pulumi.Output.from_input(standby["secret_arn"]).apply(lambda arn: replica_arn(arn, region))


def make_login(name: str, args: DatabaseArgs, parent: pulumi.Resource) -> Login:
    """A generated password, or the login in the secret that another region replicates here, which outlives that region."""
    secret_arn = replicated_secret_arn(args)
    if secret_arn is None:
        return Login(args["username"], generated_password(f"{name}-password", args.get("password_generation", 1), parent))
    value = aws.secretsmanager.get_secret_version_output(
        secret_id=secret_arn, region=args["region"], opts=pulumi.InvokeOutputOptions(parent=parent)
    ).secret_string
    # The provider's answer is not marked as a secret; all but the password is none.
    return Login(part(value, "username"), pulumi.Output.secret(part(value, "password")))


def generated_password(name: str, generation: int, parent: pulumi.Resource) -> pulumi.Output[str]:
    """A password of this stack's own; another one in another generation."""
    # RDS refuses / " @ and space, DMS ; . : and +; what is left here needs no escaping in a URI or a shell either.
    return random.RandomPassword(
        name,
        length=32,
        override_special="-_~*",
        min_lower=1,
        min_upper=1,
        min_numeric=1,
        min_special=1,
        keepers={"generation": str(generation)} if generation > 1 else None,
        opts=pulumi.ResourceOptions(parent=parent),
    ).result


def part(value: pulumi.Output[str], key: str) -> pulumi.Output[str]:
    """One key of a secret that holds a JSON object."""
    return value.apply(lambda text: str(json.loads(text)[key]))
