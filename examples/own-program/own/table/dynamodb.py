"""DynamoDB: tables."""

from typing import Any

from rehearsal.row import Context, Read, Row, Table


def _encryption(encryption: dict[str, Any], context: Context) -> dict[str, Any]:
    return {
        "SSESpecification": {
            "Enabled": encryption["enabled"],
            **({"SSEType": "KMS", "KMSMasterKeyId": encryption["kmsKeyArn"]} if "kmsKeyArn" in encryption else {}),
        }
    }


def _key(name: str, context: Context) -> dict[str, Any]:
    """The key of an item: that of its partition, and that within it. Two inputs of the provider, one list in the API."""
    parts = {"HASH": context.inputs["hashKey"], "RANGE": context.inputs.get("rangeKey")}
    return {"KeySchema": [{"AttributeName": one, "KeyType": kind} for kind, one in parts.items() if one]}


ROWS: Table = {
    "aws:dynamodb/table:Table": Row(
        "dynamodb",
        "CreateTable",
        id="$response.TableDescription.TableName",
        autoname="name",
        inputs={
            "name": "TableName",
            "attributes": lambda attributes, context: {
                "AttributeDefinitions": [{"AttributeName": one["name"], "AttributeType": one["type"]} for one in attributes]
            },
            "hashKey": _key,
            "rangeKey": _key,
            "serverSideEncryption": _encryption,
        },
        read=(
            Read(
                "DescribeTable",
                {"TableName": "$id"},
                "Table",
                fields={
                    "name": "TableName",
                    "attributes": "AttributeDefinitions[].{name: AttributeName, type: AttributeType}",
                    "hashKey": "KeySchema[?KeyType=='HASH'].AttributeName | [0]",
                    "rangeKey": "KeySchema[?KeyType=='RANGE'].AttributeName | [0]",
                    "billingMode": "BillingModeSummary.BillingMode",
                    "serverSideEncryption": "SSEDescription.{enabled: Status == 'ENABLED', kmsKeyArn: KMSMasterKeyArn}",
                },
            ),
            Read("ListTagsOfResource", {"ResourceArn": "$read.TableArn"}, "@", fields={"tags": "Tags"}),
        ),
        outputs={"arn": "$read.TableArn"},
    ),
}
