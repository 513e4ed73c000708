"""Each kind of fault in a policy document is found by its rule; what is right is left alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from proofs.iam import Finding, documents, lint
from proofs.iam.reasons import DEPUTIES, FOREIGN, MANAGED, PERMISSIONS, SILENT, STAR_RESOURCES
from rehearsal import wire
from rehearsal.monitor import Node
from tests.proofs.graphs import ACCOUNT, REGION, document, graph, node, statement

IDENTITY = "aws:iam/rolePolicy:RolePolicy"
ROLE = "aws:iam/role:Role"
BUCKET = "aws:s3/bucketPolicy:BucketPolicy"
KEY = "aws:kms/key:Key"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

FILE = "arn:aws:s3:::files/*"
MINE = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
SELF = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
LOGS = f"logs.{REGION}.amazonaws.com"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0"
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/hybridge"


def held(type_: str, /, **elements: Any) -> Node:
    """A resource with a document of one statement."""
    return node(type_, "subject", policy=document(statement(**elements)), role="a-role")


def trust(**elements: Any) -> Node:
    found = statement(**{"Sid": "Assume", "Action": "sts:AssumeRole", "Resource": None, **elements})
    return node(ROLE, "subject", assumeRolePolicy=document(found))


def found(*nodes: Node) -> list[Finding]:
    return lint(graph(*nodes))


def rules(*nodes: Node) -> set[str]:
    return {one.rule for one in found(*nodes)}


SOUND: Mapping[str, Node] = {
    "objects of one bucket": held(IDENTITY),
    "a pattern of actions": held(IDENTITY, Action=["kms:ReEncrypt*", "kms:GenerateDataKey*"], Resource=KEY_ARN),
    "actions in any case": held(IDENTITY, Action="S3:getobject"),
    "streams of a log group": held(
        IDENTITY, Action=["logs:CreateLogStream", "logs:PutLogEvents"], Resource=[GROUP, f"{GROUP}:*"]
    ),
    "a list of log groups": held(
        IDENTITY, Action="logs:DescribeLogGroups", Resource=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"
    ),
    "everything, for an action that knows no resource": held(IDENTITY, Action="ecr:GetAuthorizationToken", Resource="*"),
    "a condition that comes with the action": held(
        IDENTITY, Action="kms:Decrypt", Resource=KEY_ARN, Condition={"StringEquals": {"kms:ViaService": "s3.amazonaws.com"}}
    ),
    "a condition on a tag": held(
        IDENTITY,
        Action="ssm:SendCommand",
        Resource=f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*",
        Condition={"StringEquals": {"ssm:resourceTag/PatchGroup": "hybridge"}},
    ),
    "any value of a set": held(
        IDENTITY,
        Condition={
            "ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["a"]},
            "Null": {"s3:RequestObjectTagKeys": "false"},
        },
        Action="s3:PutObject",
    ),
    "a role for EC2": trust(Principal={"Service": "ec2.amazonaws.com"}),
    "a role for tasks of this account": trust(Principal={"Service": "ecs-tasks.amazonaws.com"}, Condition=MINE),
    "a key for the account and its logs": node(
        KEY,
        "subject",
        policy=document(
            statement(Sid="Account", Action="kms:*", Resource="*", Principal=ROOT),
            statement(
                Sid="Logs",
                Action=["kms:Decrypt", "kms:GenerateDataKey*"],
                Resource="*",
                Principal={"Service": LOGS},
                Condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"{GROUP}*"}},
            ),
        ),
    ),
    "a bucket without TLS for nobody": held(
        BUCKET,
        Effect="Deny",
        Principal="*",
        Action="s3:*",
        Resource=["arn:aws:s3:::files", FILE],
        Condition={"Bool": {"aws:SecureTransport": "false"}},
    ),
    "old TLS for nobody": held(
        BUCKET,
        Effect="Deny",
        Principal="*",
        Action="s3:*",
        Resource=FILE,
        Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    ),
    "an endpoint for one account": held(ENDPOINT, Principal="*", Action="kms:*", Resource="*", Condition=SELF),
    "an endpoint to what AWS publishes": held(ENDPOINT, Principal="*", Resource="arn:aws:s3:::amazon-ssm-*/*"),
    "a role passed to one service": held(
        IDENTITY,
        Action="iam:PassRole",
        Resource=f"arn:aws:iam::{ACCOUNT}:role/task",
        Condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
    ),
    "a service that does not always name its source": trust(
        Principal={"Service": f"dms.{REGION}.amazonaws.com"}, Condition={"StringEqualsIfExists": MINE["StringEquals"]}
    ),
    "every key that a tag chooses": held(
        IDENTITY,
        Action="kms:Decrypt",
        Resource=KEY_ARN.replace("key/0", "key/*"),
        Condition={"StringEquals": {"aws:ResourceTag/Stack": "prod"}},
    ),
    "an endpoint that takes no policy": node(ENDPOINT, "subject", serviceName=f"com.amazonaws.{REGION}.cloudformation"),
    "a named role assumed": held(IDENTITY, Action="sts:AssumeRole", Resource=f"arn:aws:iam::{ACCOUNT}:role/reader"),
    "a managed policy with its reason": node(
        ATTACHMENT, "subject", role="a-role", policyArn="arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"
    ),
    "no policy document": node("aws:ecr/lifecyclePolicy:LifecyclePolicy", "subject", policy='{"rules": []}', note="{Statement"),
}

FAULTS: list[tuple[str, str, Node]] = [
    ("malformed", "Version is None", node(IDENTITY, "subject", policy='{"Statement": []}')),
    ("malformed", "it has 12", held(IDENTITY, Resource=[f"arn:aws:s3:::files/{number:0100}" for number in range(100)])),
    (
        "malformed",
        "2 statements have the Sid ReadFiles",
        node(IDENTITY, "subject", policy=document(statement(), statement(Action="s3:PutObject"))),
    ),
    ("malformed", "Sid is ''", held(IDENTITY, Sid=None)),
    ("malformed", "Sid is 'read files'", held(IDENTITY, Sid="read files")),
    ("malformed", "Effect is 'allow'", held(IDENTITY, Effect="allow")),
    ("malformed", "no Action", held(IDENTITY, Action=None)),
    ("malformed", "no Resource", held(IDENTITY, Resource=None)),
    ("malformed", "it has a Principal", held(IDENTITY, Principal="*")),
    ("malformed", "no Principal", held(BUCKET)),
    ("malformed", "it allows by NotResource", held(IDENTITY, Resource=None, NotResource=FILE)),
    ("unknown-action", "s3:GetObjects does not exist", held(IDENTITY, Action="s3:GetObjects")),
    ("unknown-action", "kms:ReEncrypted* does not exist", held(IDENTITY, Action="kms:ReEncrypted*", Resource=KEY_ARN)),
    ("unknown-action", "the service 's4'", held(IDENTITY, Action="s4:GetObject")),
    (
        "unknown-action",
        "s3:DeleteObjects does not exist",
        held(BUCKET, Effect="Deny", Principal="*", Action="s3:DeleteObjects"),
    ),
    ("mismatched-resource", "s3:GetObject does not act on arn:aws:s3:::files;", held(IDENTITY, Resource="arn:aws:s3:::files")),
    ("mismatched-resource", "s3:ListBucket does not act on", held(IDENTITY, Action="s3:ListBucket")),
    (
        "mismatched-resource",
        "allowed: * only, since it knows no resource",
        held(IDENTITY, Action="ecr:GetAuthorizationToken", Resource=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/orders"),
    ),
    ("mismatched-resource", "logs:PutLogEvents", held(IDENTITY, Action="logs:PutLogEvents", Resource=f"{GROUP}")),
    (
        "mismatched-resource",
        "kms:Decrypt",
        held(IDENTITY, Action="kms:Decrypt", Resource=f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/a"),
    ),
    ("star-resource", "s3:GetObject on every resource", held(IDENTITY, Resource="*")),
    ("star-resource", "kms:Decrypt on every resource", held(IDENTITY, Action=["kms:Decrypt", "kms:ListKeys"], Resource="*")),
    ("star-resource", "s3:PutObject", held(ENDPOINT, Principal="*", Action="s3:PutObject", Resource="*")),
    ("open-principal", "it grants to everybody", held(BUCKET, Principal="*")),
    ("open-principal", "it grants to everybody", held(BUCKET, Principal={"AWS": "*"})),
    (
        "open-principal",
        "it grants to everybody",
        trust(Principal={"AWS": "*"}, Condition={"Bool": {"aws:SecureTransport": "true"}}),
    ),
    ("confused-deputy", "ssm.amazonaws.com may act", trust(Sid="Node", Principal={"Service": "ssm.amazonaws.com"})),
    ("confused-deputy", "ecs-tasks.amazonaws.com may act", trust(Principal={"Service": "ecs-tasks.amazonaws.com"})),
    (
        "confused-deputy",
        "logging.s3.amazonaws.com may act",
        held(BUCKET, Principal={"Service": "logging.s3.amazonaws.com"}, Action="s3:PutObject"),
    ),
    ("confused-deputy", f"{LOGS} may act", held(KEY, Principal={"Service": LOGS}, Action="kms:Decrypt", Resource="*")),
    ("foreign-principal", "999999999999", held(BUCKET, Principal={"AWS": "arn:aws:iam::999999999999:root"})),
    (
        "foreign-principal",
        "999999999999",
        held(BUCKET, Principal={"AWS": "arn:aws:iam::999999999999:root"}, Sid="CopySharedSnapshots"),
    ),
    ("foreign-principal", "999999999999", trust(Principal={"AWS": "999999999999"})),
    (
        "condition",
        "the operator StringEqual does not exist",
        held(IDENTITY, Condition={"StringEqual": {"aws:PrincipalAccount": ACCOUNT}}),
    ),
    ("condition", "aws:SourceAcount does not come", held(IDENTITY, Condition={"StringEquals": {"aws:SourceAcount": ACCOUNT}})),
    ("condition", "kms:ViaService does not come", held(IDENTITY, Condition={"StringEquals": {"kms:ViaService": "x"}})),
    (
        "condition",
        "s3:prefix does not come with s3:GetObject",
        held(
            IDENTITY,
            Action=["s3:GetObject", "s3:ListBucket"],
            Resource=["arn:aws:s3:::files", FILE],
            Condition={"StringEquals": {"s3:prefix": "a"}},
        ),
    ),
    (
        "condition",
        "letter by letter",
        held(IDENTITY, Condition={"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}),
    ),
    (
        "condition",
        "also holds where",
        held(IDENTITY, Action="s3:PutObject", Condition={"ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["a"]}}),
    ),
    (
        "privilege-escalation",
        "iam:AttachRolePolicy changes",
        held(IDENTITY, Action="iam:AttachRolePolicy", Resource=f"arn:aws:iam::{ACCOUNT}:role/x"),
    ),
    (
        "privilege-escalation",
        "iam:CreatePolicyVersion changes",
        held(IDENTITY, Action="iam:CreatePolicy*", Resource=f"arn:aws:iam::{ACCOUNT}:policy/x"),
    ),
    (
        "privilege-escalation",
        "iam:PassRole for any role",
        held(
            IDENTITY,
            Action="iam:PassRole",
            Resource=f"arn:aws:iam::{ACCOUNT}:role/*",
            Condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        ),
    ),
    (
        "privilege-escalation",
        "iam:PassRole to any service",
        held(IDENTITY, Action="iam:PassRole", Resource=f"arn:aws:iam::{ACCOUNT}:role/task"),
    ),
    (
        "privilege-escalation",
        "sts:AssumeRole on any role",
        held(IDENTITY, Action="sts:AssumeRole", Resource=f"arn:aws:iam::{ACCOUNT}:role/*"),
    ),
    ("star-resource", "s3:GetObject on arn:aws:s3:::*/*", held(IDENTITY, Resource="arn:aws:s3:::*/*")),
    (
        "star-resource",
        "secretsmanager:GetSecretValue on arn:aws:secretsmanager",
        held(
            IDENTITY,
            Action="secretsmanager:GetSecretValue",
            Resource=f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:*",
            Condition={"StringNotEquals": {"aws:ResourceTag/Stack": "prod"}},
        ),
    ),
    ("star-resource", "kms:Decrypt on", held(IDENTITY, Action="kms:Decrypt", Resource=KEY_ARN.replace("key/0", "key/*"))),
    (
        "star-resource",
        "kms:* on every resource",
        held(ENDPOINT, Principal="*", Action="kms:*", Resource="*", Condition={"StringLike": {"aws:PrincipalAccount": "*"}}),
    ),
    *(
        ("open-principal", "it grants to everybody", held(BUCKET, Principal="*", Condition=condition))
        for condition in (
            {"StringLike": {"aws:PrincipalArn": "*"}},
            {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}},
            {"StringEqualsIfExists": {"aws:PrincipalAccount": ACCOUNT}},
            {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT, "999999999999"]}},
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}},
        )
    ),
    *(
        (
            "confused-deputy",
            "may act here for any account",
            trust(Principal={"Service": "ecs-tasks.amazonaws.com"}, Condition=condition),
        )
        for condition in (
            {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}},
            {"StringEquals": {"aws:SourceAccount": "999999999999"}},
            {"ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:*:*"}},
        )
    ),
    (
        "open-endpoint",
        "the endpoint of ssm has no policy",
        node(ENDPOINT, "subject", serviceName=f"com.amazonaws.{REGION}.ssm"),
    ),
    ("open-endpoint", "the endpoint of s3 has no policy", node(ENDPOINT, "subject", serviceName=f"com.amazonaws.{REGION}.s3")),
    (
        "open-endpoint",
        "the endpoint of ecr.dkr has no policy",
        node(ENDPOINT, "subject", serviceName=f"com.amazonaws.{REGION}.ecr.dkr", vpcEndpointType="Interface"),
    ),
    (
        "privilege-escalation",
        "s3:PutBucketPolicy changes who has access",
        held(IDENTITY, Action="s3:PutBucketPol*", Resource="arn:aws:s3:::files"),
    ),
    (
        "privilege-escalation",
        "kms:CreateGrant changes who has access",
        held(IDENTITY, Action=["kms:Decrypt", "kms:CreateGrant"], Resource=KEY_ARN),
    ),
    (
        "managed-policy",
        "AdministratorAccess",
        node(
            ROLE,
            "subject",
            assumeRolePolicy=document(
                statement(Action="sts:AssumeRole", Resource=None, Principal={"Service": "ec2.amazonaws.com"})
            ),
            managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"],
        ),
    ),
    (
        "managed-policy",
        "AmazonEC2ReadOnlyAccess",
        node(ATTACHMENT, "subject", role="a-role", policyArn="arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess"),
    ),
]
"""Rule, words of its message, fault."""


@pytest.mark.parametrize("subject", SOUND.values(), ids=SOUND)
def test_what_is_right_is_left_alone(subject: Node) -> None:
    assert found(subject) == []


@pytest.mark.parametrize(("rule", "words", "subject"), [pytest.param(*fault, id=f"{fault[0]}: {fault[1]}") for fault in FAULTS])
def test_a_fault_is_found_by_its_rule_alone(rule: str, words: str, subject: Node) -> None:
    wrong = found(subject)
    assert {one.rule for one in wrong} == {rule}
    assert any(words in one.message for one in wrong), wrong
    assert all(one.urn == subject.urn for one in wrong)


def test_every_message_says_what_is_allowed_and_what_to_do() -> None:
    for _, _, subject in FAULTS:
        assert all("; allowed: " in one.message and "; " in one.message.split("; allowed: ")[1] for one in found(subject))


def test_a_statement_is_named_by_its_sid_and_a_document_by_its_property() -> None:
    (one,) = found(node(ROLE, "r", inlinePolicies=[{"name": "p", "policy": document(statement(Resource="*"))}]))
    assert (one.document, one.sid) == ("inlinePolicies[0].policy", "ReadFiles")


def test_full_access_is_everything_at_once() -> None:
    assert rules(held(IDENTITY, Action="*", Resource="*")) == {"star-resource", "privilege-escalation"}


def test_a_role_is_judged_by_all_that_it_has_together() -> None:
    role = node(
        ROLE,
        "a-role",
        assumeRolePolicy=document(
            statement(Action="sts:AssumeRole", Resource=None, Principal={"Service": "ec2.amazonaws.com"})
        ),
    )
    passes = held(
        IDENTITY,
        Action="iam:PassRole",
        Resource=f"arn:aws:iam::{ACCOUNT}:role/admin",
        Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
    )
    runs = node(
        "aws:iam/policy:Policy",
        "runs",
        policy=document(statement(Action="ec2:RunInstances", Resource=f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*")),
    )
    attached = node(ATTACHMENT, "attached", role="a-role", policyArn=runs.outputs["arn"])
    assert rules(role, passes, runs) == set()
    (one,) = found(role, passes, runs, attached)
    assert one.rule == "privilege-escalation"
    assert "iam:PassRole together with ec2:RunInstances" in one.message


def test_commands_on_everything_take_over_what_runs_there() -> None:
    wrong = held(IDENTITY, Action="ssm:SendCommand", Resource="*")
    assert rules(wrong) == {"star-resource", "privilege-escalation"}


def test_commands_on_every_host_take_over_what_runs_there() -> None:
    wrong = held(IDENTITY, Action="ssm:SendCommand", Resource=f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*")
    assert rules(wrong) == {"star-resource", "privilege-escalation"}


def test_documents_are_found_wherever_they_are_even_in_secrets() -> None:
    text = document(statement(Principal="*"))
    hidden = node("aws:other/thing:Thing", "thing", settings=[{"access": wire.secret(text)}])
    (one,) = documents(graph(hidden))
    assert (one.path, one.kind) == ("settings[0].access", "resource")
    assert rules(hidden) == {"open-principal"}


def test_findings_are_sorted_and_repeat() -> None:
    nodes = [subject for _, _, subject in FAULTS[::-1]]
    assert found(*nodes) == sorted(found(*nodes))


def test_every_exception_is_needed_by_a_component() -> None:
    root = Path(__file__).parents[2] / "components"
    code = "\n".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py"))
    unneeded = [service for _, service, _ in DEPUTIES if service not in code]
    unneeded += [name for name in MANAGED if name.rpartition("/")[2] not in code]
    unneeded += [sid for sid in (*STAR_RESOURCES, *PERMISSIONS) if sid not in code]
    unneeded += [service for service in SILENT if f'"{service}.' not in code]
    unneeded += [sid for sid in FOREIGN if f'"{sid}"' not in code]
    assert unneeded == []


CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
READ = ["ssm:GetParameter", "ssm:GetParameters"]


@pytest.mark.parametrize(
    ("elements", "found"),
    [
        ({"Resource": None, "NotResource": "arn:aws:ssm:*::parameter/aws/*"}, False),
        ({"Resource": "*"}, False),
        ({"Resource": "arn:aws:ssm:*:*:parameter/team/*"}, True),
        ({"Action": "ssm:GetParameter", "Resource": "*"}, True),
        ({"Effect": "Allow", "Resource": "*"}, True),
        ({"Resource": None, "NotResource": ["arn:aws:ssm:*::parameter/aws/*", "arn:aws:ssm:*:*:parameter/team/*"]}, True),
    ],
)
def test_a_host_that_can_read_the_parameters_of_workloads_is_found(elements: dict[str, Any], found: bool) -> None:
    own = held(IDENTITY, **{"Sid": "ReadNone", "Effect": "Deny", "Action": READ, **elements})
    attached = node(ATTACHMENT, "core", role="a-role", policyArn=CORE)
    rules = {finding.rule for finding in lint(graph(own, attached))}
    assert ("parameters-of-workloads" in rules) is found


def test_another_role_may_not_take_it_away() -> None:
    own = held(IDENTITY, Effect="Deny", Action=READ, Resource="*")
    attached = node(ATTACHMENT, "core", role="another-role", policyArn=CORE)
    assert "parameters-of-workloads" in {finding.rule for finding in lint(graph(own, attached))}
