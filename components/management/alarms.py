"""Alarms: one for each watch, and one for the loss of every path at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.management.args import Common
from components.management.runbook import with_runbook
from components.management.watch import Metric, Watch


class AlarmsArgs(Common):
    """What Alarms takes."""

    topic_arns: Sequence[pulumi.Input[str]]
    """Where alarms and their ends are told."""
    ops_items: bool
    """Whether an alarm opens an OpsItem."""


class Alarms(pulumi.ComponentResource):
    """Every watch has an alarm that tells the topic when it rings and when it is over, and opens an OpsItem."""

    arns: dict[str, pulumi.Output[str]]
    """The alarms, by watch."""

    def __init__(
        self, name: str, args: AlarmsArgs, watches: Iterable[Watch], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("hybridge:index:Alarms", name, {**args}, opts)
        self.child = pulumi.ResourceOptions(parent=self)
        self.args = args

        made = {watch.name: self._alarm(f"{name}-{watch.name}", watch) for watch in watches}
        self.arns = {watch: alarm.arn for watch, alarm in made.items()}
        # Of each path, the sign that nothing passes any more.
        paths = {watch: alarm for watch, alarm in made.items() if watch.startswith(("bgp-", "vpn-"))}
        if len(paths) > 1:
            self.arns["link"] = self._link(f"{name}-link", paths)
        self.register_outputs({"arns": self.arns})

    def _actions(self, severity: int, category: str) -> list[pulumi.Input[str]]:
        args = self.args
        actions: list[pulumi.Input[str]] = [*args["topic_arns"]]
        if args["ops_items"]:
            # OpsCenter makes one OpsItem for an alarm, however often it rings. CloudWatch makes its role by itself.
            actions.append(
                pulumi.Output.concat(
                    "arn:",
                    args["partition"],
                    f":ssm:{args['region']}:",
                    args["account"],
                    f":opsitem:{severity}#CATEGORY={category}",
                )
            )
        return actions

    def _alarm(self, name: str, watch: Watch) -> aws.cloudwatch.MetricAlarm:
        args = self.args
        return aws.cloudwatch.MetricAlarm(
            name,
            alarm_description=with_runbook(watch.name, watch.description),
            comparison_operator=watch.comparison,
            threshold=watch.threshold,
            evaluation_periods=watch.periods,
            datapoints_to_alarm=watch.periods,
            treat_missing_data=watch.missing,
            alarm_actions=self._actions(watch.severity, watch.category),
            ok_actions=[*args["topic_arns"]],
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=self.child,
            **(_metric(watch.metric, watch) if watch.metric and watch.expression is None else _queries(watch)),
        )

    def _link(self, name: str, paths: Mapping[str, aws.cloudwatch.MetricAlarm]) -> pulumi.Output[str]:
        args = self.args
        alarm = aws.cloudwatch.CompositeAlarm(
            name,
            alarm_name=f"{pulumi.get_project()}-{pulumi.get_stack()}-{name}",
            alarm_description=with_runbook("link", _lost(paths)),
            alarm_rule=pulumi.Output.all(*(path.name for path in paths.values())).apply(
                lambda names: " AND ".join(f'ALARM("{path}")' for path in names)
            ),
            alarm_actions=self._actions(1, "Availability"),
            ok_actions=[*args["topic_arns"]],
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=self.child,
        )
        return alarm.arn


def _lost(paths: Iterable[str]) -> str:
    if any(path.startswith("bgp-") for path in paths):
        return "Nothing connects the data centre and AWS any more: every circuit and every VPN is down."
    return "Every VPN to the data centre is down. Circuits, if those of another region lead here, are watched there."


def _metric(metric: Metric, watch: Watch) -> dict[str, Any]:
    percentile = metric.statistic.startswith("p")
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": dict(metric.dimensions),
        "extended_statistic" if percentile else "statistic": metric.statistic,
        # With few requests a percentile says nothing.
        **({"evaluate_low_sample_count_percentiles": "ignore"} if percentile else {}),
        "period": watch.minutes * 60,
    }


def _queries(watch: Watch) -> dict[str, Any]:
    def query(id_: str, metric: Metric) -> dict[str, Any]:
        return {
            "id": id_,
            "return_data": False,
            "metric": {
                "namespace": metric.namespace,
                "metric_name": metric.name,
                "dimensions": dict(metric.dimensions),
                "stat": metric.statistic,
                "period": watch.minutes * 60,
            },
        }

    metrics = {"first": watch.metric, **watch.others} if watch.metric else {}
    result: dict[str, Any] = {
        "id": "result",
        "expression": watch.expression,
        "label": watch.description[:100],
        "return_data": True,
    }
    if not metrics:
        result["period"] = watch.minutes * 60
    return {"metric_queries": [result, *(query(id_, metric) for id_, metric in metrics.items())]}
