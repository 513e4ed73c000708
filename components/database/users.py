"""The users of the database beside the master: a secret each, generated here or brought along from another region."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.database.args import DatabaseArgs, UserArgs
from components.database.credentials import generated_password, part, replica_arn
from components.logins import login


class UsersArgs(DatabaseArgs):
    """What `Users` takes beside what `Database` does."""

    key_arn: pulumi.Input[str]
    """The key of the secrets."""
    copies_key_arn: pulumi.Input[str] | None
    """The key of their copies in another region; None: there are none."""
    address: pulumi.Input[str] | None
    """The host of the database; None while there is none, and the secrets have no value."""
    port: int
    """Its port."""
    engine: str
    """Its engine, as Secrets Manager calls it."""
    wanted: list[UserArgs]
    """The users."""


class Users(pulumi.ComponentResource):
    """A secret for each user: its login and password, and where the database is. `hybridge migrate STACK users` makes the
    roles."""

    secret_arns: dict[str, pulumi.Output[str]]
    """ARN of each user's secret by name, known once it has its value."""

    def __init__(self, name: str, args: UsersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # No inputs: children of a component wait for each of its inputs, whether they need it or not.
        super().__init__("hybridge:database:Users", name, {}, opts)
        self._args = args
        self.secret_arns = {
            user["name"]: self._secret(f"{name}-{user['name'].replace('_', '-')}", user) for user in args["wanted"]
        }
        self.register_outputs({"secret_arns": self.secret_arns})

    def _login(self, child: str, user: UserArgs) -> tuple[pulumi.Input[str], pulumi.Output[str]]:
        """Login and password: of this stack, or those that came along with another region's data."""
        standby, region = self._args.get("standby_for"), self._args["region"]
        if standby is None or "user_secret_arns" not in standby:
            generation = user.get("password_generation", 1)
            return login(user["name"], generation), generated_password(child, generation, self)
        arn = pulumi.Output.from_input(standby["user_secret_arns"]).apply(
            lambda arns: replica_arn(_of(arns, user["name"]), region)
        )
        value = aws.secretsmanager.get_secret_version_output(
            secret_id=arn, region=region, opts=pulumi.InvokeOutputOptions(parent=self)
        ).secret_string
        return part(value, "username"), pulumi.Output.secret(part(value, "password"))

    def _secret(self, child: str, user: UserArgs) -> pulumi.Output[str]:
        args, copies = self._args, self._args.get("copies")
        common: dict[str, Any] = {"region": args["region"]}
        secret = aws.secretsmanager.Secret(
            child,
            description=f"User {user['name']} of the PostgreSQL database {args['name']}",
            kms_key_id=args["key_arn"],
            recovery_window_in_days=30 if args["protected"] else 7,
            replicas=[{"region": copies["region"], "kms_key_id": args["copies_key_arn"]}] if copies else None,
            tags={**args["tags"], "Name": child},
            **common,
            # A database of another region that stands in for this one reads the copy at every update.
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=copies is not None),
        )
        if args["address"] is None:
            return secret.arn
        username, password = self._login(child, user)
        value = {"username": username, "password": password, "host": args["address"], "port": args["port"]}
        return aws.secretsmanager.SecretVersion(
            child,
            secret_id=secret.id,
            secret_string=pulumi.Output.json_dumps({**value, "dbname": args["name"], "engine": args["engine"]}),
            **common,
            opts=pulumi.ResourceOptions(parent=self),
        ).secret_arn


def _of(known: Mapping[str, str], user: str) -> str:
    if user not in known:
        raise pulumi.RunError(
            f"database.users has {user}, whom the primary's stack does not know ({', '.join(sorted(known)) or 'nobody'}); "
            "take database.users from the primary's stack file, and deploy that first"
        )
    return known[user]
