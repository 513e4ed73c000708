"""Mistakes in a row are told by resource and type, with what to correct; none ends a rehearsal."""

from typing import Any

import pulumi_aws as aws
import pytest

from rehearsal.extend import has
from rehearsal.row import Checked, Row
from rehearsal.serve import load_everything
from rehearsal.table import TABLE
from tests.rehearsal.support import rehearsed

QUEUE = "aws:sqs/queue:Queue"


def told(monkeypatch: pytest.MonkeyPatch, row: Row | Checked) -> str:
    monkeypatch.setitem(TABLE, QUEUE, row)
    with rehearsed(lambda: aws.sqs.Queue("orders", visibility_timeout_seconds=30)) as result:
        (problem,) = result.problems
        assert problem.urn.endswith("aws:sqs/queue:Queue::orders")
        return problem.message


def queue(**more: Any) -> Row:
    return Row("sqs", "CreateQueue", id="$response.QueueUrl", autoname="name", inputs={"name": "QueueName"}, **more)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (queue(), "aws:sqs/queue:Queue: visibilityTimeoutSeconds reach no request; say in the row where they go"),
        (
            Row("sqs", "CreateQueue", id="$response.QueueUrl", inputs={"name": "QueueName.Text"}, autoname="name"),
            "the row sends name to Text of String, which is a string; correct the row",
        ),
        (
            Row(
                "sqs",
                "CreateQueue",
                id="$response.QueueUrl",
                autoname="name",
                inputs={"name": "QueueName", "visibilityTimeoutSeconds": "Attributes.VisibilityTimeout"},
                function=lambda context: context.nothing,  # type: ignore[attr-defined]
            ),
            "aws:sqs/queue:Queue: its row cannot be worked (AttributeError: 'Working' object has no attribute 'nothing')",
        ),
    ],
)
def test_a_mistake_in_a_row_names_its_type_and_what_to_correct(
    monkeypatch: pytest.MonkeyPatch, row: Row | Checked, message: str
) -> None:
    assert message in told(monkeypatch, row)


def test_an_input_may_lead_into_a_map(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Row(
        "sqs",
        "CreateQueue",
        id="$response.QueueUrl",
        autoname="name",
        inputs={"name": "QueueName", "visibilityTimeoutSeconds": "Attributes.VisibilityTimeout"},
    )
    monkeypatch.setitem(TABLE, QUEUE, row)
    with rehearsed(lambda: aws.sqs.Queue("orders", visibility_timeout_seconds=33)) as result:
        assert result.good, result.report
        url = result.one(QUEUE).id
        held = result.aws.call(
            "sqs", "GetQueueAttributes", {"QueueUrl": url, "AttributeNames": ["All"]}, region="ap-northeast-2"
        )
        assert held["Attributes"]["VisibilityTimeout"] == "33"


def test_a_service_that_the_emulator_lacks_can_be_checked_but_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    domain = "aws:codeartifact/domain:Domain"
    monkeypatch.setitem(TABLE, domain, Checked("codeartifact", "CreateDomain", "nobody reads it", id="$inputs.domain"))
    with rehearsed(lambda: aws.codeartifact.Domain("packages", domain="acme")) as result:
        assert result.good, result.report
        assert result.one(domain).fidelity == "model-checked"
    monkeypatch.setitem(TABLE, domain, Row("codeartifact", "CreateDomain", id="$response.domain.name"))
    with rehearsed(lambda: aws.codeartifact.Domain("packages", domain="acme")) as result:
        (problem,) = result.problems
        assert "codeartifact.CreateDomain: the emulator has nothing of this service" in problem.message


def test_a_service_that_is_not_in_the_region_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with rehearsed(lambda: None) as result, pytest.raises(Exception, match="is not there in moon-1: moto has it in"):
        result.aws.call("dax", "DescribeClusters", {}, region="moon-1")


REBUILT = {
    "aws:dms/endpoint:Endpoint",
    "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup",
    "aws:ec2clientvpn/endpoint:Endpoint",
    "aws:route53/resolverRule:ResolverRule",
}
"""Types of which the emulator lacks the operation that changes them: an update makes the account anew."""


def test_a_change_is_made_by_an_operation_that_the_emulator_has() -> None:
    load_everything()
    lacking = {
        type_
        for type_, row in TABLE.items()
        if isinstance(row, Row)
        for change in row.update
        if not has(change.service or row.service, change.operation)
    }
    assert lacking == REBUILT
