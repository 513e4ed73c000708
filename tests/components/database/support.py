"""Args of a whole Database, and what AWS would answer."""

import json
from typing import Any

from components.database import Database
from components.settings.database import Database as DatabaseSettings
from components.settings.migration import Migration as MigrationSettings
from components.settings.sizes import SIZES
from tests.recorder import ACCOUNT, REGION, Graph, deploy

TAGS = {"Environment": "test"}
ORDERS: dict[str, Any] = {
    "name": "orders",
    "host": "db1.corp.example",
    "database": "orders",
    "username": "dms",
    "password": "hidden",
}
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def wiring() -> dict[str, Any]:
    return {
        "region": REGION,
        "tags": TAGS,
        "vpc_id": "vpc-1",
        "isolated_subnet_ids": ["subnet-1", "subnet-2"],
        "private_subnet_ids": ["subnet-3", "subnet-4"],
        "on_premises_cidrs": ["10.0.0.0/16", "192.168.0.0/16"],
        "endpoint_security_group_id": "sg-endpoints",
        "private_zone_id": "Z1",
        "private_zone_name": "aws.corp.example",
        "protected": True,
    }


def section(size: str = "medium", **settings: Any) -> Any:
    return DatabaseSettings.model_validate({**SIZES[size]["database"], **settings}).as_args()


def migration(stage: str, *sources: dict[str, Any], size: str = "medium", **settings: Any) -> MigrationSettings:
    """Settings, because args hold secret outputs, which live as long as the event loop of one deployment."""
    values = {**SIZES[size]["migration"], "stage": stage, "sources": [*sources], **settings}
    return MigrationSettings.model_validate(values)


def answer(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """The computed outputs that the component reads."""
    dms = f"arn:aws:dms:{REGION}:{ACCOUNT}"
    answers = {
        "aws:rds/instance:Instance": {"address": f"{inputs.get('identifier')}.rds.amazonaws.com"},
        "aws:secretsmanager/secretVersion:SecretVersion": {
            "secretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}"
        },
        "aws:dms/certificate:Certificate": {"certificateArn": f"{dms}:cert:{name}"},
        "aws:dms/endpoint:Endpoint": {"endpointArn": f"{dms}:endpoint:{name}"},
        "aws:dms/replicationInstance:ReplicationInstance": {"replicationInstanceArn": f"{dms}:rep:{name}"},
        "aws:dms/replicationTask:ReplicationTask": {"replicationTaskArn": f"{dms}:task:{name.upper()}"},
        "random:index/randomPassword:RandomPassword": {"result": "generated-password"},
        "random:index/randomId:RandomId": {"hex": "0badcafe"},
    }
    return answers.get(type_, {})


def made(
    moving: MigrationSettings | None = None, size: str = "medium", wired: dict[str, Any] | None = None, **settings: Any
) -> Graph:
    """A Database of a size, with `settings` over it, wired with `wired` over what a network gives, and with a migration."""
    login = json.dumps({"username": "dbadmin", "password": "of-the-primary", "host": "elsewhere", "port": 5432})
    functions = {
        "aws:iam/getRole:getRole": {"arn": f"arn:aws:iam::{ACCOUNT}:role/found"},
        "aws:secretsmanager/getSecretVersion:getSecretVersion": {"secretString": login},
    }

    def program() -> None:
        migrating = {"migration": moving.as_args()} if moving else {}
        args: Any = {**wiring(), **section(size, **settings), **(wired or {}), **migrating}
        Database("database", args)

    return deploy(program, outputs=answer, functions=functions)


def outputs(graph: Graph) -> dict[str, Any]:
    """What the component registered."""
    return next(values for urn, values in graph.outputs.items() if "hybridge:index:Database::" in urn)
