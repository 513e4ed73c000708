"""A mistake in a row is told with the resource and its type, as every other problem, and stops nothing else."""

from collections.abc import Iterator
from typing import Any

import pulumi_aws as aws
import pytest

from rehearsal.row import Checked, Row
from rehearsal.table import TABLE
from tests.rehearsal.support import REGION, rehearsed

QUEUE, DOMAIN = "aws:sqs/queue:Queue", "aws:codeartifact/domain:Domain"


@pytest.fixture
def rows() -> Iterator[dict[str, Any]]:
    before = dict(TABLE)
    yield TABLE
    TABLE.clear()
    TABLE.update(before)


def test_a_path_into_a_map_is_a_problem_of_the_resource(rows: dict[str, Any]) -> None:
    rows[QUEUE] = Row("sqs", "CreateQueue", "$response.QueueUrl", inputs={"name": "Attributes.Name.More"})
    with rehearsed(lambda: (aws.sqs.Queue("jobs", name="jobs"), aws.sns.Topic("after"))) as result:
        (problem,) = result.problems
        assert problem.urn.endswith("::jobs")
        assert problem.message == f"{QUEUE}: the row sends name to More of String, which is a string; correct the row"
        assert len(result.created("aws:sns/topic:Topic")) == 1


def test_a_service_that_the_emulator_lacks_can_be_checked_against_the_api_model(rows: dict[str, Any]) -> None:
    rows[DOMAIN] = Checked("codeartifact", "CreateDomain", "nobody reads it back")
    with rehearsed(lambda: aws.codeartifact.Domain("packages", domain="packages")) as result:
        assert result.good, result.report
        assert result.one(DOMAIN).fidelity == "model-checked"


def test_the_vpc_of_a_zone_is_of_the_provider_s_region() -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.20.0.0/16")
        aws.route53.Zone("zone", name="corp.example", vpcs=[{"vpc_id": vpc.id}])

    with rehearsed(program) as result:
        assert result.good, result.report
        zone = result.aws.call("route53", "GetHostedZone", {"Id": result.one("aws:route53/zone:Zone").id}, region=REGION)
        assert zone["VPCs"] == [{"VPCId": result.one("aws:ec2/vpc:Vpc").id, "VPCRegion": REGION}]
        assert zone["HostedZone"]["Config"]["PrivateZone"]
