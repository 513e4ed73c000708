"""CloudWatch Logs beyond the groups, which every component has."""

from rehearsal.row import Call, Read, Row, Table

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
}
