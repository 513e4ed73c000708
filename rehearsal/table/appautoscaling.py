"""Application Auto Scaling: how many copies of a service run."""

from rehearsal.row import Call, Read, Row, Table

_TARGET = {
    "ServiceNamespace": "$inputs.serviceNamespace",
    "ResourceIds": ["$inputs.resourceId"],
    "ScalableDimension": "$inputs.scalableDimension",
}

ROWS: Table = {
    "aws:appautoscaling/target:Target": Row(
        service="application-autoscaling",
        create="RegisterScalableTarget",
        id="$inputs.resourceId",
        delete=(
            Call(
                "DeregisterScalableTarget",
                {
                    "ServiceNamespace": "$inputs.serviceNamespace",
                    "ResourceId": "$inputs.resourceId",
                    "ScalableDimension": "$inputs.scalableDimension",
                },
            ),
        ),
        upsert=True,
        inputs={"tags": "Tags"},
        read=(
            Read("DescribeScalableTargets", _TARGET, "ScalableTargets[0]"),
            Read("ListTagsForResource", {"ResourceARN": "$read.ScalableTargetARN"}, "@", fields={"tags": "Tags"}),
        ),
        outputs={"arn": "$read.ScalableTargetARN", "roleArn": "$read.RoleARN"},
        extended=True,
    ),
    "aws:appautoscaling/policy:Policy": Row(
        service="application-autoscaling",
        create="PutScalingPolicy",
        id="$inputs.name",
        delete=(
            Call(
                "DeleteScalingPolicy",
                {
                    "PolicyName": "$inputs.name",
                    "ServiceNamespace": "$inputs.serviceNamespace",
                    "ResourceId": "$inputs.resourceId",
                    "ScalableDimension": "$inputs.scalableDimension",
                },
            ),
        ),
        upsert=True,
        autoname="name",
        inputs={"name": "PolicyName"},
        read=(
            Read(
                "DescribeScalingPolicies",
                {
                    "PolicyNames": ["$inputs.name"],
                    "ServiceNamespace": "$inputs.serviceNamespace",
                    "ResourceId": "$inputs.resourceId",
                    "ScalableDimension": "$inputs.scalableDimension",
                },
                "ScalingPolicies[0]",
            ),
        ),
        outputs={"arn": "$read.PolicyARN"},
    ),
}
