"""ECS Anywhere: the activations of Systems Manager by which on-premises servers join."""

from rehearsal.row import Call, Read, Row, Table

ROWS: Table = {
    "aws:ssm/activation:Activation": Row(
        service="ssm",
        create="CreateActivation",
        id="$response.ActivationId",
        delete=(Call("DeleteActivation", {"ActivationId": "$id"}),),
        inputs={"name": "DefaultInstanceName"},
        read=(
            Read(
                "DescribeActivations",
                {"Filters": [{"FilterKey": "ActivationIds", "FilterValues": ["$id"]}]},
                "ActivationList[0]",
                fields={"name": "DefaultInstanceName"},
            ),
        ),
        outputs={"activationCode": "$response.ActivationCode"},
        extended=True,
    ),
}
