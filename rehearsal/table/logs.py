"""CloudWatch Logs beyond the groups, which every component has."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update


def _transformation(value: dict[str, Any], _: Context) -> dict[str, Any]:
    members = {"name": "metricName", "namespace": "metricNamespace", "value": "metricValue"}
    return {"metricTransformations": [{members[key]: item for key, item in value.items()}]}


ROWS: Table = {
    "aws:cloudwatch/logStream:LogStream": Row(
        service="logs",
        create="CreateLogStream",
        id="$inputs.name",
        delete=(Call("DeleteLogStream", {"logGroupName": "$inputs.logGroupName", "logStreamName": "$id"}),),
        autoname="name",
        inputs={"name": "logStreamName"},
        read=(
            Read(
                "DescribeLogStreams",
                {"logGroupName": "$inputs.logGroupName", "logStreamNamePrefix": "$inputs.name"},
                "logStreams[0]",
            ),
        ),
        unverified={"logGroupName": "the read is of this very group"},
        outputs={"arn": "$read.arn"},
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Row(
        service="logs",
        create="PutMetricFilter",
        id="$inputs.name",
        delete=(Call("DeleteMetricFilter", {"logGroupName": "$inputs.logGroupName", "filterName": "$id"}),),
        update=(Update("PutMetricFilter", {}, whole=True),),
        autoname="name",
        inputs={"name": "filterName", "pattern": "filterPattern", "metricTransformation": _transformation},
        read=(
            Read(
                "DescribeMetricFilters",
                {"logGroupName": "$inputs.logGroupName", "filterNamePrefix": "$id"},
                "metricFilters[0]",
                fields={
                    "metricTransformation": "{name: metricTransformations[0].metricName, "
                    "namespace: metricTransformations[0].metricNamespace, value: metricTransformations[0].metricValue}"
                },
            ),
        ),
    ),
}
