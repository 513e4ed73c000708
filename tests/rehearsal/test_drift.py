"""What somebody changes behind Pulumi's back is found, told in Pulumi's own form, and put right by an update."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.drift import as_now, drift
from rehearsal.emulator import Emulator
from rehearsal.life import Thing, update
from rehearsal.row import Row
from rehearsal.run import rehearse
from rehearsal.stackfile import read
from rehearsal.table import TABLE
from tests.rehearsal.support import ROOT
from tests.rehearsal.test_life import thing_of

DEV = read("dev", ROOT)


class Account:
    """A deployed `dev`, and what each resource lacks from the beginning."""

    def __init__(self, aws: Emulator) -> None:
        self.aws = aws
        made = [node for node in rehearse(aws, ROOT, DEV).deployment.nodes.values() if node.type in TABLE]
        self.gaps = {node.urn: frozenset(node.gaps) for node in made}
        self.things = [thing_of(node) for node in made]

    def one(self, type_: str, **inputs: Any) -> Thing:
        found = (thing for thing in self.things if thing.type == f"aws:{type_}")
        return next(thing for thing in found if all(thing.inputs.get(key) == value for key, value in inputs.items()))

    def drift(self, thing: Thing) -> dict[str, Any] | None:
        found = drift(self.aws, TABLE, thing, self.gaps[thing.seed])
        assert found is None or found.untold == []
        return found.now if found else None

    def call(self, of: str, operation: str, **params: Any) -> None:
        self.aws.call(of, operation, params, region=DEV.region)


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Emulator() as aws:
        yield Account(aws)


def test_nothing_is_said_to_differ_that_nobody_touched(account: Account) -> None:
    found = {thing.seed: account.drift(thing) for thing in account.things if isinstance(TABLE[thing.type], Row)}
    assert {urn: now for urn, now in found.items() if now != {}} == {}


def group(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("autoscaling/group:Group")
    account.call("autoscaling", "UpdateAutoScalingGroup", AutoScalingGroupName=thing.id, MinSize=0, MaxSize=9)
    return thing, {"minSize": 0, "maxSize": 9}


def service(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("ecs/service:Service")
    account.call("ecs", "UpdateService", cluster=thing.inputs["cluster"], service=thing.id, desiredCount=7)
    return thing, {"desiredCount": 7}


def database(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("rds/instance:Instance")
    params = {"BackupRetentionPeriod": 3, "DBInstanceClass": "db.r6g.large", "MultiAZ": True, "ApplyImmediately": True}
    account.call("rds", "ModifyDBInstance", DBInstanceIdentifier=thing.inputs["identifier"], **params)
    return thing, {"backupRetentionPeriod": 3, "instanceClass": "db.r6g.large", "multiAz": True}


def listener(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("lb/listener:Listener")
    answer = {"StatusCode": "503", "ContentType": "text/plain", "MessageBody": "Closed."}
    actions = [{"Type": "fixed-response", "FixedResponseConfig": answer}]
    account.call("elbv2", "ModifyListener", ListenerArn=thing.id, DefaultActions=actions)
    told = {"fixedResponse": {"contentType": "text/plain", "messageBody": "Closed.", "statusCode": "503"}}
    return thing, {"defaultActions": [{**told, "type": "fixed-response"}]}


def listener_rule(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("lb/listenerRule:ListenerRule")
    condition = {"Field": "host-header", "HostHeaderConfig": {"Values": ["elsewhere.example"]}}
    account.call("elbv2", "ModifyRule", RuleArn=thing.id, Conditions=[condition])
    return thing, {"conditions": [{"hostHeader": {"values": ["elsewhere.example"]}}]}


def security_group_rule(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("vpc/securityGroupEgressRule:SecurityGroupEgressRule", cidrIpv4="0.0.0.0/0", fromPort=443)
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 443, "CidrIpv4": "10.0.0.0/8", "Description": "all"}
    changed = [{"SecurityGroupRuleId": thing.id, "SecurityGroupRule": rule}]
    account.call("ec2", "ModifySecurityGroupRules", GroupId=thing.inputs["securityGroupId"], SecurityGroupRules=changed)
    return thing, {"fromPort": 1, "cidrIpv4": "10.0.0.0/8", "description": "all"}


def versioning(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("s3/bucketVersioning:BucketVersioning")
    account.call("s3", "PutBucketVersioning", Bucket=thing.id, VersioningConfiguration={"Status": "Suspended"})
    return thing, {"versioningConfiguration": {"status": "Suspended"}}


def access(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": False}
    account.call("s3", "PutPublicAccessBlock", Bucket=thing.id, PublicAccessBlockConfiguration=block)
    return thing, {"blockPublicPolicy": False, "restrictPublicBuckets": False}


def policy(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("s3/bucketPolicy:BucketPolicy")
    document = {**json.loads(thing.inputs["policy"]), "Id": "Changed"}
    account.call("s3", "PutBucketPolicy", Bucket=thing.id, Policy=json.dumps(document))
    return thing, {"policy": json.dumps(document)}


def lifecycle(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    (rule,) = thing.inputs["rules"]
    changed = {
        "ID": rule["id"],
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": 5},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    account.call("s3", "PutBucketLifecycleConfiguration", Bucket=thing.id, LifecycleConfiguration={"Rules": [changed]})
    return thing, {"rules": [{**rule, "expiration": {"days": 5}}]}


def alarm(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("cloudwatch/metricAlarm:MetricAlarm", metricName="HTTPCode_Target_5XX_Count")
    names = {"alarmActions": "AlarmActions", "comparisonOperator": "ComparisonOperator", "metricName": "MetricName"}
    names |= {"evaluationPeriods": "EvaluationPeriods", "namespace": "Namespace", "period": "Period", "statistic": "Statistic"}
    same = {there: thing.inputs[here] for here, there in names.items()}
    dimensions = [{"Name": key, "Value": value} for key, value in thing.inputs["dimensions"].items()]
    account.call("cloudwatch", "PutMetricAlarm", AlarmName=thing.id, Threshold=99999.0, Dimensions=dimensions, **same)
    return thing, {"threshold": 99999}


def document(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("ssm/document:Document", documentType="Command")
    content = json.dumps({**json.loads(thing.inputs["content"]), "description": "changed"})
    account.call("ssm", "UpdateDocument", Name=thing.id, Content=content, DocumentVersion="$LATEST")
    account.call("ssm", "UpdateDocumentDefaultVersion", Name=thing.id, DocumentVersion="2")
    return thing, {"content": content}


def schedule(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("ssm/maintenanceWindow:MaintenanceWindow")
    account.call("ssm", "UpdateMaintenanceWindow", WindowId=thing.id, Schedule="cron(0 12 ? * MON *)", Duration=5)
    return thing, {"schedule": "cron(0 12 ? * MON *)", "duration": 5}


def labels(account: Account) -> tuple[Thing, dict[str, Any]]:
    thing = account.one("ec2/vpc:Vpc")
    tags = [{"Key": "Owner", "Value": "nobody"}, {"Key": "Sold", "Value": "yes"}]
    account.call("ec2", "CreateTags", Resources=[thing.id], Tags=tags)
    return thing, {"tags": {**thing.inputs["tags"], "Owner": "nobody", "Sold": "yes"}}


CHANGES = [
    group, service, database, listener, listener_rule, security_group_rule, versioning, access, policy, lifecycle, alarm,
    document, schedule, labels,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_somebody_changed_is_told_and_put_right(account: Account, change: Any) -> None:
    thing, expected = change(account)
    now = account.drift(thing)
    assert now is not None
    assert {key: value for key, value in now.items() if key in expected or key not in LOST.get(change.__name__, ())} == expected
    there = Thing(
        thing.type,
        thing.name,
        thing.seed,
        thing.region,
        {key: value for key, value in {**thing.inputs, **now}.items() if value is not None},
        thing.id,
        thing.outputs,
    )
    assert update(account.aws, TABLE, there, thing.inputs).left == []
    assert account.drift(thing) == {}


LOST = {"alarm": {"alarmDescription", "datapointsToAlarm", "okActions", "treatMissingData"}}
"""What the change takes away besides, since its call writes the whole anew."""


def test_what_is_gone_is_told(account: Account) -> None:
    thing = account.one("cloudwatch/metricAlarm:MetricAlarm")
    account.call("cloudwatch", "DeleteAlarms", AlarmNames=[thing.id])
    assert account.drift(thing) is None


@pytest.mark.parametrize(
    ("asked", "got", "now"),
    [
        (5, "7", 7),
        (True, "false", False),
        ("a", None, None),
        (["a", "b"], ["b", "c"], ["b", "c"]),
        ([{"fromPort": 1}], [{"FromPort": 1}, {"FromPort": 2, "ToPort": 3}], [{"fromPort": 1}, {"fromPort": 2}]),
        ({"status": "On", "days": 1}, {"Status": "Off"}, {"status": "Off"}),
        ({"a": {"b": 1}}, {}, None),
        ('{"a": 1}', {"a": 2}, '{"a": 2}'),
    ],
)
def test_what_aws_says_is_put_into_the_form_that_was_asked(asked: Any, got: Any, now: Any) -> None:
    assert as_now(asked, got) == now
