"""SQS: queues."""

from rehearsal.row import Read, Row, Table

ATTRIBUTES = {"kmsMasterKeyId": "KmsMasterKeyId", "visibilityTimeoutSeconds": "VisibilityTimeout"}
"""Inputs of the provider that are attributes of a queue, by their names in the API."""

ROWS: Table = {
    "aws:sqs/queue:Queue": Row(
        "sqs",
        "CreateQueue",
        id="$response.QueueUrl",
        autoname="name",
        inputs={"name": "QueueName", **{key: f"Attributes.{name}" for key, name in ATTRIBUTES.items()}},
        read=(
            Read(
                "GetQueueAttributes",
                {"QueueUrl": "$id", "AttributeNames": ["All"]},
                "Attributes",
                fields=ATTRIBUTES,
            ),
            Read("ListQueueTags", {"QueueUrl": "$id"}, "@", fields={"tags": "Tags"}),
        ),
        unverified={"name": "the name is the end of the queue's URL"},
        outputs={"url": "$id", "arn": "$read.QueueArn"},
    ),
}
