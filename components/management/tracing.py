"""Tracing: which requests are traced, and a group of those that fail.

The collector that sends traces stands next to each workload and belongs to the platform; here is what X-Ray does with them.
"""

from collections.abc import Sequence
from typing import Literal, TypedDict

import pulumi
import pulumi_aws as aws

from components.management.args import TracesArgs
from components.management.watch import Metric, Watch
from components.names import fit

NAME_LIMIT = 32
"""Characters in the name of a group or a sampling rule."""
EXPRESSION_LIMIT = 2000
"""Characters in a filter expression."""


class TracingArgs(TypedDict):
    """What Tracing takes."""

    region: str
    """The AWS region."""
    tags: dict[str, str]
    """Tags of every resource."""
    account_settings: Literal["create", "adopt"]
    """Whether what holds for every trace of the account and region is made here."""
    workloads: Sequence[str]
    """The names under which workloads send traces."""
    traces: TracesArgs
    """How many requests are traced."""


class Tracing(pulumi.ComponentResource):
    """Traces of the workloads are grouped, with insights, and those with a fault counted apart."""

    group_name: str
    """The group of every trace of the workloads."""
    faults_group_name: str
    """The group of those with a fault."""

    def __init__(self, name: str, args: TracingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:Tracing", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        # Plain, since metrics and the dashboard find a group by its name alone.
        deployment = f"{pulumi.get_project()}-{pulumi.get_stack()}"
        self.group_name, self.faults_group_name = (_short(f"{deployment}-{group}") for group in ("workloads", "faults"))
        for purpose, group, only_faults in (("workloads", self.group_name, False), ("faults", self.faults_group_name, True)):
            aws.xray.Group(
                f"{name}-{purpose}",
                group_name=group,
                filter_expression=filter_expression(args["workloads"], only_faults=only_faults),
                insights_configuration={"insights_enabled": not only_faults, "notifications_enabled": False},
                tags={**args["tags"], "Name": f"{name}-{purpose}"},
                region=args["region"],
                opts=child,
            )
        if args["account_settings"] == "create":
            # There may be 25 rules in a region, so that one rule for each workload is no way.
            aws.xray.SamplingRule(
                f"{name}-sampling",
                rule_name=_short(f"{deployment}-sampling"),
                version=1,
                priority=1000,
                reservoir_size=args["traces"]["per_second"],
                fixed_rate=args["traces"]["share"],
                service_name="*",
                service_type="*",
                host="*",
                http_method="*",
                url_path="*",
                resource_arn="*",
                tags={**args["tags"], "Name": f"{name}-sampling"},
                region=args["region"],
                opts=child,
            )
        self.register_outputs({"group_name": self.group_name, "faults_group_name": self.faults_group_name})

    def watch(self, faults: int) -> Watch:
        """The watch over faults. A group publishes one metric only, how many traces it has: hence the group of its own."""
        return Watch(
            "faults",
            "Requests fail within the workloads: open the trace map of the group and follow one of them.",
            Metric("AWS/X-Ray", "ApproximateTraceCount", {"GroupName": self.faults_group_name}, "Sum"),
            threshold=faults,
        )


def _short(name: str) -> str:
    return fit(name, NAME_LIMIT + 8)  # Pulumi appends nothing to a name that is given


def filter_expression(workloads: Sequence[str], *, only_faults: bool) -> str:
    """Traces that any of the workloads took part in. Too many names for X-Ray: every trace of the account and region."""
    suffix = " { fault = true }" if only_faults else ""
    expression = " OR ".join(f'service("{workload}"){suffix}' for workload in workloads)
    if 0 < len(expression) <= EXPRESSION_LIMIT:
        return expression
    return "fault = true" if only_faults else "duration >= 0"
