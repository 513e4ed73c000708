"""What a program asks of Pulumi itself stands in the graph: nothing that is decided by an option can change unseen."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from rehearsal.documents import graph
from tests.rehearsal.support import REGION, rehearsed

TYPE = "aws:cloudwatch/logGroup:LogGroup"
FORMER = "urn:pulumi:test::hybridge::"


class Group(pulumi.ComponentResource):
    """One log group below a parent."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Group", name, None, opts)
        aws.cloudwatch.LogGroup(f"{name}-group", region=REGION, opts=pulumi.ResourceOptions(parent=self))


def asked(opts: pulumi.ResourceOptions, component: bool = False) -> Any:
    def program() -> None:
        if component:
            Group("logs", opts)
        else:
            aws.cloudwatch.LogGroup("logs", region=REGION, opts=opts)

    with rehearsed(program) as result:
        assert result.good, result.report
        (node,) = (node for node in graph(result)["nodes"] if node["type"] == TYPE)
        return node.get("options")


def test_a_resource_that_asks_for_nothing_has_no_options() -> None:
    assert asked(pulumi.ResourceOptions()) is None


@pytest.mark.parametrize(
    ("opts", "options"),
    [
        (pulumi.ResourceOptions(protect=True), {"protect": True}),
        (pulumi.ResourceOptions(retain_on_delete=True), {"retainOnDelete": True}),
        (pulumi.ResourceOptions(delete_before_replace=True), {"deleteBeforeReplace": True}),
        (pulumi.ResourceOptions(ignore_changes=["tags", "retentionInDays"]), {"ignoreChanges": ["retentionInDays", "tags"]}),
        (pulumi.ResourceOptions(replace_on_changes=["tags"]), {"replaceOnChanges": ["tags"]}),
        (pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="5m")), {"customTimeouts": {"create": "5m"}}),
        (pulumi.ResourceOptions(additional_secret_outputs=["arn"]), {"additionalSecretOutputs": ["arn"]}),
        (pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")]), {"aliases": [f"{FORMER}{TYPE}::old"]}),
        (
            pulumi.ResourceOptions(aliases=[pulumi.Alias(type_="aws:old:Type"), f"{FORMER}{TYPE}::older"]),
            {"aliases": [f"{FORMER}{TYPE}::older", f"{FORMER}aws:old:Type::logs"]},
        ),
    ],
)
def test_an_option_stands_in_the_graph(opts: pulumi.ResourceOptions, options: dict[str, Any]) -> None:
    assert asked(opts) == options


def test_children_are_protected_and_kept_with_their_parent() -> None:
    assert asked(pulumi.ResourceOptions(protect=True, retain_on_delete=True), component=True) == {
        "protect": True,
        "retainOnDelete": True,
    }


def test_children_had_other_names_when_their_parent_had() -> None:
    opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old"), pulumi.Alias(type_="test:index:Old")])
    assert asked(opts, component=True) == {
        "aliases": [f"{FORMER}test:index:Group${TYPE}::old-group", f"{FORMER}test:index:Old${TYPE}::logs-group"]
    }
