"""What the emulated account has no answer to is told once, as an error of AWS, in each of AWS's protocols."""

from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from botocore.exceptions import ClientError

from rehearsal.emulator import Emulator
from rehearsal.extend import Call, operation
from tests.rehearsal.served.support import Account, served


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Emulator(), served() as account:
        yield account


def refused(account: Account, service: str, call: str, params: dict[str, Any]) -> dict[str, Any]:
    """The error by which a call ends, with what was done before."""
    with pytest.raises(ClientError) as error:
        getattr(account.client(service), call)(**params)
    answer: dict[str, Any] = error.value.response
    return answer


@pytest.mark.parametrize(
    ("service", "call", "params"),
    [
        ("ec2", "describe_spot_datafeed_subscription", {}),
        ("rds", "describe_certificates", {}),
        ("iam", "get_organizations_access_report", {"JobId": "0" * 36}),
        ("directconnect", "create_bgp_peer", {}),
        ("storagegateway", "describe_tape_archives", {}),
        ("cloudwatch", "describe_alarm_history", {}),
        ("xray", "get_encryption_config", {}),
        ("backup", "describe_global_settings", {}),
        ("route53", "get_health_check_count", {}),
        ("cloudfront", "list_anycast_ip_lists", {}),
        ("outposts", "list_outposts", {}),
        ("pricing", "get_products", {"ServiceCode": "AmazonRDS"}),
    ],
)
def test_what_is_not_emulated_is_an_error_of_the_service(
    account: Account, service: str, call: str, params: dict[str, Any]
) -> None:
    answer = refused(account, service, call, params)
    name = account.client(service).meta.method_to_api_mapping[call]
    assert answer["Error"]["Code"] == "NotImplemented"
    assert f".{name} is not emulated" in answer["Error"]["Message"]
    assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["ResponseMetadata"]["RetryAttempts"]) == (501, 0)


def test_an_operation_that_fails_is_told_too_and_asked_for_once(account: Account) -> None:
    asked = []

    @operation("kms", "DescribeCustomKeyStores")
    def fails(call: Call) -> dict[str, Any]:
        asked.append(call)
        return {"CustomKeyStores": [call.state["no"]["such"]]}

    answer = refused(account, "kms", "describe_custom_key_stores", {})
    assert (answer["Error"]["Code"], len(asked)) == ("InternalFailure", 1)
    assert "kms.DescribeCustomKeyStores: KeyError: 'such'" in answer["Error"]["Message"]


def test_the_serving_terminal_gets_one_line_for_each(account: Account, capfd: pytest.CaptureFixture[str]) -> None:
    account.told.clear()
    for _ in range(2):
        refused(account, "rds", "describe_account_attributes", {})
        refused(account, "outposts", "list_sites", {})
    assert account.told == ["rds.DescribeAccountAttributes is not emulated", "outposts.ListSites is not emulated"]
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_refusal_of_the_emulator_stays_what_it_is(account: Account) -> None:
    answer = refused(account, "sqs", "get_queue_url", {"QueueName": "none"})
    assert answer["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
    with pytest.raises(account.client("s3").exceptions.ClientError, match="Not Found"):
        account.client("s3").head_bucket(Bucket="none")


def test_smithy_s_binary_protocol_is_answered_in_it(account: Account) -> None:
    answer = urllib3.request(
        "POST",
        f"{account.url}/service/OutpostsOlafService/operation/ListNothing",
        headers={
            "Smithy-Protocol": "rpc-v2-cbor",
            "Authorization": "AWS4-HMAC-SHA256 Credential=rehearsal/20260101/us-east-1/outposts/aws4_request, Signature=0",
        },
    )
    assert (answer.status, answer.headers["Content-Type"]) == (501, "application/cbor")
    assert answer.data.startswith(b"\xa2\x79\x00\x06__type\x79\x00\x0eNotImplemented")
