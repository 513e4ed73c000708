"""A caller's provider reaches everything: the components deploy into its account, and ask nobody else."""

import pulumi
import pulumi_aws as aws
import pytest

from tests.recorder import deploy_stack
from tests.test_contract import STACKS


def given(to: pulumi.ResourceTransformationArgs, provider: aws.Provider) -> pulumi.ResourceTransformationResult | None:
    """What `ResourceOptions(providers=[provider])` on each of the five components does."""
    if not to.type_.startswith("hybridge:index:"):
        return None
    opts = pulumi.ResourceOptions.merge(to.opts, pulumi.ResourceOptions(providers=[provider]))
    return pulumi.ResourceTransformationResult(to.props, opts)


def in_another_account() -> None:
    provider = aws.Provider("account-b", region="ap-northeast-2")
    pulumi.runtime.register_stack_transformation(lambda to: given(to, provider))


@pytest.mark.parametrize("stack", STACKS)
def test_no_resource_and_no_function_call_takes_the_default_provider(stack: str) -> None:
    graph = deploy_stack(stack, in_another_account)
    asked = [token for (token, _), provider in zip(graph.calls, graph.callers, strict=True) if "::account-b::" not in provider]
    # The fence is asked before there is a component that a provider could be given to, of the account that the stack is in.
    assert [token for token in asked if token != "aws:ssm/getParametersByPath:getParametersByPath"] == []
    assert [one.urn for one in graph.resources if one.custom and one.type.startswith("aws:") and not one.provider] == []
