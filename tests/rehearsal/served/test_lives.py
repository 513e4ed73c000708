"""An empty served account, filled by HTTP: all reads back as asked, and goes again as AWS's provider takes it down."""

from collections.abc import Iterator
from typing import Any

import jmespath
import pytest

from rehearsal import wire
from rehearsal.emulator import Refused
from rehearsal.monitor import Node
from rehearsal.row import Row
from rehearsal.run import rehearse
from rehearsal.stackfile import read
from rehearsal.table import TABLE
from tests.rehearsal.served.by_http import Asked, ByHttp
from tests.rehearsal.served.lives import LIVES, STAYS
from tests.rehearsal.support import ROOT

STACKS = ROOT / "tests" / "rehearsal" / "stacks"

FILLED = (
    ("everything",),
    ("joined-proposal+directConnect.gatewayOwner.state=requested",),
    (
        "transit-primary+disasterRecovery.database=backups+containers.repositories=[shop]",
        "transit-secondary+disasterRecovery.database=backups+mode=pilot-light",
    ),
)
"""Stacks that have every type of the table between them."""
_seen: set[str] = set()


def deployed(aws: ByHttp, *names: str) -> list[Node]:
    """Deploy stacks; the resources in the order in which they were made."""
    done: dict[str, Any] = {}
    for name in names:
        stack = read(str(STACKS / name.replace("+", ".yaml+", 1)) if "+" in name else str(STACKS / f"{name}.yaml"), ROOT)
        done[stack.stack] = rehearse(aws, ROOT, stack, others=done)
        problems = [f"{one.urn}: {one.message}" for one in done[stack.stack].problems]
        assert not problems, "\n".join(problems)
    nodes = [node for one in done.values() for node in one.deployment.nodes.values()]
    return [node for node in nodes if node.type in TABLE]


def looked(node: Node, asked: list[Asked]) -> Asked | None:
    """The request by which the resource is read."""
    row = TABLE[node.type]
    operations = [one.operation for one in row.read] if isinstance(row, Row) else []
    return next((one for one in reversed(asked) if operations and one.operation == operations[0]), None)


def found(aws: ByHttp, node: Node, look: Asked) -> Any:
    """The resource as it is read now; None when it is not there. Refused when AWS says so."""
    row = TABLE[node.type]
    assert isinstance(row, Row)
    path = row.read[0].path
    if callable(path):
        context: Any = type(
            "Context", (), {"inputs": wire.unwrap(node.inputs), "id": node.id, "region": node.region, "name": node.name}
        )
        path = path(context)
    answer = ByHttp.call(aws, look.service, look.operation, look.params, region=look.region)
    answer.pop("ResponseMetadata", None)
    return jmespath.search(path, answer)


def resolved(template: Any, document: dict[str, Any]) -> Any:
    """A template of LIVES."""
    if isinstance(template, str):
        return jmespath.search(template[1:], document) if template.startswith("$") else template
    if isinstance(template, dict):
        pairs = {key: resolved(value, document) for key, value in template.items()}
        return {key: value for key, value in pairs.items() if value is not None}
    return [resolved(one, document) for one in template] if isinstance(template, (list, tuple)) else template


@pytest.fixture(scope="module", params=FILLED, ids=" ".join)
def account(request: pytest.FixtureRequest) -> Iterator[tuple[ByHttp, list[Node]]]:
    with ByHttp() as aws:
        nodes = deployed(aws, *request.param)
        _seen.update(node.type for node in nodes)
        yield aws, nodes


def test_every_type_has_an_end() -> None:
    assert set(TABLE) - set(LIVES) == set(STAYS)


def test_what_is_read_by_http_is_what_was_asked(account: tuple[ByHttp, list[Node]]) -> None:
    assert {node.type: node.gaps for node in account[1] if node.gaps} == {}


EMPTY = {
    "iam.CreateRole Role.RoleLastUsed": "AWS has it in every answer, with nothing in it of a role that nobody has used",
    "iam.GetRole Role.RoleLastUsed": "as above",
    "iam.GetInstanceProfile InstanceProfile.Roles[].RoleLastUsed": "as above",
    "dms.CreateReplicationInstance ReplicationInstance.PendingModifiedValues": "AWS tells of none so",
    "dms.DescribeReplicationInstances ReplicationInstances[].PendingModifiedValues": "as above",
    "resource-groups.CreateGroup GroupConfiguration": "nobody reads it: the group is read by another call",
}
"""Structures that are empty in AWS's answers too. Elsewhere AWS leaves them out, and tools that look into one break."""


def test_what_is_not_there_is_left_out(account: tuple[ByHttp, list[Node]]) -> None:
    assert account[0].empty <= EMPTY.keys()


def test_everything_is_there_until_it_is_taken_down_and_then_gone(account: tuple[ByHttp, list[Node]]) -> None:
    aws, nodes = account
    wrong = {f"{node.type}: {error}"[:300] for node in reversed(nodes) if (error := ended(aws, node))}
    assert not wrong, "\n".join(sorted(wrong))
    assert aws.told == []


def ended(aws: ByHttp, node: Node) -> str:
    """What is wrong with the end of a resource."""
    row, life, look = TABLE[node.type], LIVES.get(node.type), looked(node, aws.asked.get(node.urn, []))
    if not isinstance(row, Row) or life is None or look is None:
        return ""
    given = wire.unwrap({**node.outputs, **node.inputs})
    document = {"id": node.id, "inputs": given, "outputs": wire.unwrap(node.outputs), "region": node.region}
    try:
        document["read"] = found(aws, node, look)
        if not document["read"]:
            return f"{look.operation} finds nothing"
        if node.type == "aws:s3/bucket:Bucket":
            emptied(aws, node)
        for operation, template in life.delete:
            params = resolved(dict(template), document)
            if len(params) < len(template) and operation.startswith("Remove"):
                continue  # nothing to remove
            ByHttp.call(aws, life.service or row.service, operation, params, region=look.region)
    except Refused as error:
        return str(error)
    try:
        document["read"] = found(aws, node, look)
    except Refused:
        return ""
    left = document["read"] and not (life.gone and jmespath.search(life.gone, document))
    return f"still there: {document['read']}" if left else ""


def emptied(aws: ByHttp, bucket: Node) -> None:
    """What `forceDestroy` does, or a person before: every version of every file goes."""
    answer = ByHttp.call(aws, "s3", "ListObjectVersions", {"Bucket": bucket.id}, region=bucket.region)
    for one in [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]:
        params = {"Bucket": bucket.id, "Key": one["Key"], "VersionId": one["VersionId"]}
        ByHttp.call(aws, "s3", "DeleteObject", params, region=bucket.region)


def test_nothing_of_the_table_is_left_out() -> None:
    assert set(TABLE) - _seen - set(STAYS) == set()
