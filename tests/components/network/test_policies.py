from typing import Any

from components.network import policies

ACCOUNT = "123456789012"
REGION = "ap-northeast-2"


def statements(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    assert document["Version"] == "2012-10-17"
    found = {statement["Sid"]: statement for statement in document["Statement"]}
    assert len(found) == len(document["Statement"])
    return found


def test_the_log_key_serves_log_groups_of_the_component_alone() -> None:
    found = statements(policies.logs_key_policy("aws", ACCOUNT, REGION, "network-"))
    assert found["AdministerByAccount"]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    use = found["EncryptLogGroups"]
    assert use["Principal"] == {"Service": f"logs.{REGION}.amazonaws.com"}
    assert use["Condition"] == {
        "ArnLike": {
            "kms:EncryptionContext:aws:logs:arn": [
                f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:network-*",
                f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/vendedlogs/network-*",
            ]
        }
    }


def test_only_flow_logs_of_this_account_may_use_the_role() -> None:
    (statement,) = statements(policies.flow_logs_trust("aws", ACCOUNT, REGION)).values()
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-flow-log/*"},
    }


def test_flow_logs_write_to_their_group_alone() -> None:
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:flows"
    found = statements(policies.flow_logs_permissions(arn))
    assert found["WriteStreams"]["Action"] == ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    assert found["WriteStreams"]["Resource"] == [arn, f"{arn}:*"]
    assert found["FindTheGroup"]["Resource"] == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"
