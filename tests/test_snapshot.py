"""No argument and no option of a shipped stack changes without showing in a review: its snapshot lies beside the tests."""

import json

import pulumi
import pulumi_aws as aws
import pytest

from tests.recorder import REGION, SHIPPED, deploy
from tests.snapshot import described, differences

SHOWN = 60
"""Lines of a difference that a failure shows."""


@pytest.mark.parametrize("stack", SHIPPED)
def test_a_stack_deploys_what_was_reviewed(stack: str) -> None:
    found = differences(stack).splitlines()
    more = [f"... and {len(found) - SHOWN} lines more"] if len(found) > SHOWN else []
    text = "\n".join([*found[:SHOWN], *more])
    assert not found, f"{stack} deploys other than what was reviewed:\n{text}\nIf that is what you want: make snapshot"


def text(**options: object) -> str:
    def program() -> None:
        first = aws.cloudwatch.LogGroup("first", region=REGION, tags={"Project": "p", "Name": "first"})
        aws.sns.Topic(
            "second",
            display_name=pulumi.Output.secret("hidden"),
            policy=json.dumps({"Statement": [{"Sid": "One", "Action": "sns:Publish"}]}),
            region="eu-west-1",
            tags={"Project": "p", "Name": "second"},
            opts=pulumi.ResourceOptions(depends_on=[first], **options),  # type: ignore[arg-type]
        )

    return described(deploy(program), "test").split("\n", 1)[1]


def test_a_snapshot_has_a_line_for_each_argument_and_option() -> None:
    assert text(protect=True, aliases=[pulumi.Alias(name="old")]) == "\n".join(
        [
            f'region: "{REGION}"',
            "tags:",
            '  Project: "p"',
            "outputs:",
            "aws:cloudwatch/logGroup:LogGroup first:",
            '  tags: {"(those of all)": true, "Name": "first"}',
            "aws:sns/topic:Topic second:",
            '  displayName: "[secret]"',
            '  policy: {"(JSON)": {"Statement": [{"Action": "sns:Publish", "Sid": "One"}]}}',
            '  region: "eu-west-1"',
            '  tags: {"(those of all)": true, "Name": "second"}',
            "  (options):",
            "    protect: true",
            '    aliases: ["urn:pulumi:test::hybridge::aws:sns/topic:Topic::old"]',
            '    dependsOn: ["LogGroup first"]',
            "",
        ]
    )


@pytest.mark.parametrize("option", [{"protect": True}, {"delete_before_replace": True}, {"ignore_changes": ["tags"]}])
def test_an_option_changes_the_snapshot(option: dict[str, object]) -> None:
    assert text() != text(**option)
