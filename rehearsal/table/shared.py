"""What every component uses: keys, log groups, secrets, topics, random passwords."""

import hashlib
import json
from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update


def _random_password(context: Context) -> dict[str, Any]:
    """Letters and digits that follow from the URN alone; special characters only as far as a minimum asks for them."""
    length = int(context.inputs["length"])
    special = str(context.inputs.get("overrideSpecial", "!#%&*()-_=+[]{}<>:?"))[: int(context.inputs.get("minSpecial", 0))]
    text = ""
    while len(text) < length:
        text += hashlib.sha256(f"{context.urn}{len(text)}".encode()).hexdigest().capitalize()
    return {"result": text[: length - len(special)] + special}


def _metric_queries(queries: list[dict[str, Any]], _: Context) -> dict[str, Any]:
    """The provider's one level less: the metric with its statistic is flat."""
    plain = {"id": "Id", "expression": "Expression", "label": "Label", "returnData": "ReturnData", "period": "Period"}
    metrics = []
    for query in queries:
        sent = {member: query[key] for key, member in plain.items() if key in query}
        if "metric" in query:
            metric = query["metric"]
            dimensions = [{"Name": name, "Value": value} for name, value in sorted(metric.get("dimensions", {}).items())]
            sent["MetricStat"] = {
                "Metric": {"Namespace": metric.get("namespace"), "MetricName": metric["metricName"], "Dimensions": dimensions},
                "Period": metric["period"],
                "Stat": metric["stat"],
            }
        metrics.append(sent)
    return {"Metrics": metrics}


def _metric_queries_read(found: Any, _: Context) -> list[dict[str, Any]]:
    read = []
    for query in found.get("Metrics", []):
        plain = {key[:1].lower() + key[1:]: value for key, value in query.items() if key != "MetricStat"}
        if "MetricStat" in query:
            of = query["MetricStat"]
            plain["metric"] = {
                "namespace": of["Metric"].get("Namespace"),
                "metricName": of["Metric"]["MetricName"],
                "dimensions": {one["Name"]: one["Value"] for one in of["Metric"].get("Dimensions", [])},
                "period": of["Period"],
                "stat": of["Stat"],
            }
        read.append(plain)
    return read


def _first_policy(context: Context) -> str:
    """The policy that AWS gives a new topic: its owner may do everything with it."""
    actions = ("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe")
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in (*actions, "ListSubscriptionsByTopic", "Publish")],
        "Resource": context.id,
        "Condition": {"StringEquals": {"AWS:SourceOwner": context.account}},
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


ROWS: Table = {
    "random:index/randomPassword:RandomPassword": Row(
        service="sts",  # no AWS service makes it; the function makes no call
        create="GetCallerIdentity",
        id="none",
        stays="it is in Pulumi's state only",
        function=_random_password,
        local=dict.fromkeys(
            (
                "length",
                "special",
                "overrideSpecial",
                "lower",
                "upper",
                "numeric",
                "number",
                "keepers",
                "minLower",
                "minUpper",
                "minNumeric",
                "minSpecial",
            ),
            "a rule of the random provider",
        ),
        outputs={"result": "$response.result", "bcryptHash": "not computed"},
    ),
    "random:index/randomId:RandomId": Row(
        service="sts",  # as above
        create="GetCallerIdentity",
        id="$response.hex",
        stays="it is in Pulumi's state only",
        function=lambda c: {"hex": hashlib.sha256(c.urn.encode()).hexdigest()[: 2 * int(c.inputs["byteLength"])]},
        local=dict.fromkeys(("byteLength", "keepers", "prefix"), "a rule of the random provider"),
        outputs={"hex": "$response.hex", "dec": "not computed", "b64Url": "not computed", "b64Std": "not computed"},
    ),
    "aws:kms/key:Key": Row(
        service="kms",
        create="CreateKey",
        id="$response.KeyMetadata.KeyId",
        delete=(Call("ScheduleKeyDeletion", {"KeyId": "$id", "PendingWindowInDays": "$inputs.deletionWindowInDays"}),),
        update=(
            Update(
                "PutKeyPolicy",
                {"KeyId": "$id", "PolicyName": "default"},
                takes=frozenset({"policy", "bypassPolicyLockoutSafetyCheck"}),
            ),
            Update("UpdateKeyDescription", {"KeyId": "$id"}, takes=frozenset({"description"})),
        ),
        local={"deletionWindowInDays": "used at deletion only", "bypassPolicyLockoutSafetyCheck": "a check of the call itself"},
        after=(
            Call(
                "EnableKeyRotation",
                {"KeyId": "$id", "RotationPeriodInDays": "$inputs.rotationPeriodInDays"},
                when="enableKeyRotation",
            ),
        ),
        read=(
            Read("DescribeKey", {"KeyId": "$id"}, "KeyMetadata"),
            Read("GetKeyPolicy", {"KeyId": "$id", "PolicyName": "default"}, "@", fields={"policy": "Policy"}),
            Read(
                "GetKeyRotationStatus",
                {"KeyId": "$id"},
                "@",
                fields={"enableKeyRotation": "KeyRotationEnabled", "rotationPeriodInDays": "RotationPeriodInDays"},
            ),
            Read("ListResourceTags", {"KeyId": "$id"}, "@", fields={"tags": "Tags"}),
        ),
        outputs={"arn": "$response.KeyMetadata.Arn", "keyId": "$response.KeyMetadata.KeyId"},
    ),
    "aws:kms/alias:Alias": Row(
        service="kms",
        create="CreateAlias",
        id="$inputs.name",
        delete=(Call("DeleteAlias", {"AliasName": "$id"}),),
        update=(Update("UpdateAlias", {"AliasName": "$id"}, takes=frozenset({"targetKeyId"})),),
        autoname="name",
        autoname_prefix="alias/",
        inputs={"name": "AliasName"},
        read=(Read("ListAliases", {"KeyId": "$inputs.targetKeyId"}, lambda c: f"Aliases[?AliasName=='{c.id}'] | [0]"),),
        outputs={"arn": lambda c: f"arn:aws:kms:{c.region}:{c.account}:{c.id}"},
    ),
    "aws:cloudwatch/logGroup:LogGroup": Row(
        service="logs",
        create="CreateLogGroup",
        id="$inputs.name",
        delete=(Call("DeleteLogGroup", {"logGroupName": "$id"}, unless="skipDestroy"),),
        autoname="name",
        inputs={"name": "logGroupName"},
        local={"skipDestroy": "used at deletion only"},
        after=(
            Call(
                "PutRetentionPolicy",
                {"logGroupName": "$id", "retentionInDays": "$inputs.retentionInDays"},
                when="retentionInDays",
            ),
        ),
        read=(
            Read(
                "DescribeLogGroups",
                {"logGroupNamePrefix": "$id"},
                "logGroups[0]",
                fields={"retentionInDays": "retentionInDays"},
            ),
            Read("ListTagsLogGroup", {"logGroupName": "$id"}, "@", fields={"tags": "tags"}),
        ),
        # The provider gives the ARN without the `:*` that the API puts at its end.
        outputs={"arn": lambda c: f"arn:aws:logs:{c.region}:{c.account}:log-group:{c.id}"},
    ),
    "aws:secretsmanager/secret:Secret": Row(
        service="secretsmanager",
        create="CreateSecret",
        id="$response.ARN",
        delete=(
            Call(
                "RemoveRegionsFromReplication",
                {"SecretId": "$id", "RemoveReplicaRegions": "$inputs.replicas[].region"},
                when="replicas",
            ),
            Call(
                "DeleteSecret",
                {
                    "SecretId": "$id",
                    "RecoveryWindowInDays": "$inputs.recoveryWindowInDays || `null`",
                    "ForceDeleteWithoutRecovery": "$inputs.recoveryWindowInDays == `0` || `null`",
                },
            ),
        ),
        update=(Update("UpdateSecret", {"SecretId": "$id"}, takes=frozenset({"description", "kmsKeyId"})),),
        autoname="name",
        inputs={"replicas": "AddReplicaRegions"},
        local={"recoveryWindowInDays": "used at deletion only"},
        after=(Call("PutResourcePolicy", {"SecretId": "$id", "ResourcePolicy": "$inputs.policy"}, when="policy"),),
        read=(
            Read(
                "DescribeSecret",
                {"SecretId": "$id"},
                "@",
                fields={"replicas": "ReplicationStatus[].{region: Region, kmsKeyId: KmsKeyId}"},
            ),
        ),
        outputs={"arn": "$response.ARN"},
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Row(
        service="secretsmanager",
        create="PutSecretValue",
        id=lambda c: f"{c.inputs['secretId']}|{c.response['VersionId']}",
        stays="the current version of a secret goes with the secret",
        read=(Read("GetSecretValue", {"SecretId": "$inputs.secretId"}, "@", fields={"secretId": "ARN"}),),
        outputs={"arn": "$response.ARN", "secretArn": "$response.ARN", "versionId": "$response.VersionId"},
    ),
    "aws:sns/topic:Topic": Row(
        service="sns",
        create="CreateTopic",
        id="$response.TopicArn",
        delete=(Call("DeleteTopic", {"TopicArn": "$id"}),),
        autoname="name",
        after=(
            Call(
                "SetTopicAttributes",
                {"TopicArn": "$id", "AttributeName": "KmsMasterKeyId", "AttributeValue": "$inputs.kmsMasterKeyId"},
                when="kmsMasterKeyId",
            ),
            Call(
                "SetTopicAttributes",
                {"TopicArn": "$id", "AttributeName": "DisplayName", "AttributeValue": "$inputs.displayName"},
                when="displayName",
            ),
        ),
        read=(
            Read(
                "GetTopicAttributes",
                {"TopicArn": "$id"},
                "Attributes",
                fields={"kmsMasterKeyId": "KmsMasterKeyId", "displayName": "DisplayName", "name": "TopicArn"},
            ),
            Read("ListTagsForResource", {"ResourceArn": "$id"}, "@", fields={"tags": "Tags"}),
        ),
        unverified={"name": "the ARN ends in it"},
        outputs={"arn": "$id"},
    ),
    "aws:sns/topicPolicy:TopicPolicy": Row(
        service="sns",
        create="SetTopicAttributes",
        id="$inputs.arn",
        delete=(Call("SetTopicAttributes", {"TopicArn": "$id", "AttributeName": "Policy", "AttributeValue": _first_policy}),),
        upsert=True,
        inputs={"arn": "TopicArn", "policy": "AttributeValue"},
        constant={"AttributeName": "Policy"},
        read=(
            Read(
                "GetTopicAttributes", {"TopicArn": "$inputs.arn"}, "Attributes", fields={"policy": "Policy", "arn": "TopicArn"}
            ),
        ),
    ),
    "aws:sns/topicSubscription:TopicSubscription": Row(
        service="sns",
        create="Subscribe",
        id="$response.SubscriptionArn",
        delete=(Call("Unsubscribe", {"SubscriptionArn": "$id"}),),
        inputs={
            "topic": "TopicArn",
            "filterPolicy": lambda given, _: {"Attributes": {"FilterPolicy": given}},
            "filterPolicyScope": lambda given, _: {"Attributes": {"FilterPolicyScope": given}},
            "rawMessageDelivery": lambda given, _: {"Attributes": {"RawMessageDelivery": str(given).lower()}},
        },
        constant={"ReturnSubscriptionArn": True},
        read=(
            Read(
                "GetSubscriptionAttributes",
                {"SubscriptionArn": "$id"},
                "Attributes",
                fields={
                    "filterPolicy": "FilterPolicy",
                    "filterPolicyScope": "FilterPolicyScope",
                    "rawMessageDelivery": "RawMessageDelivery",
                },
            ),
        ),
        outputs={"arn": "$id"},
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Row(
        service="cloudwatch",
        create="PutMetricAlarm",
        id="$inputs.name",
        delete=(Call("DeleteAlarms", {"AlarmNames": ["$id"]}),),
        upsert=True,
        autoname="name",
        inputs={
            "name": "AlarmName",
            "metricQueries": _metric_queries,
            "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
        },
        read=(
            Read("DescribeAlarms", {"AlarmNames": ["$id"]}, "MetricAlarms[0]", fields={"metricQueries": _metric_queries_read}),
            Read(
                "ListTagsForResource",
                {"ResourceARN": lambda c: f"arn:aws:cloudwatch:{c.region}:{c.account}:alarm:{c.id}"},
                "@",
                fields={"tags": "Tags"},
            ),
        ),
        outputs={"arn": lambda c: f"arn:aws:cloudwatch:{c.region}:{c.account}:alarm:{c.id}"},
    ),
}
