"""Nobody is allowed everything."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import ResourceValidationArgs, Severity

from .making import Check, resource_policy
from .reading import UNKNOWN, document, each, elements, get

Found = Iterator[str]

BOUNDARIES = ("aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:ResourceAccount", "aws:ResourceOrgID")
"""Conditions that make an endpoint policy a boundary around an account or an organization."""


def _policy(path: str, *, of_a_key: bool = False, of_an_endpoint: bool = False) -> Check:
    """A check of the policy document at `path`."""

    def check(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
        for statement in _allowing(get(resource, path)):
            if not (of_a_key and _administers(statement)) and not (of_an_endpoint and _bounded(statement)):
                yield from _wildcards(statement)

    return check


def _allowing(policy: Any) -> Iterator[Any]:
    content = document(policy)
    if content is not UNKNOWN:
        yield from (statement for statement in elements(get(content, "Statement")) if get(statement, "Effect") == "Allow")


def _wildcards(statement: Any) -> Found:
    if get(statement, "NotAction") is not None:
        yield f"{_named(statement)} allows all but {get(statement, 'NotAction')}; allowed: a list of actions; list them"
    for action in filter(_wild, elements(get(statement, "Action"))):
        yield f"{_named(statement)} allows {action}; allowed: actions by name, a wildcard at their end at most; list them"


def _named(statement: Any) -> str:
    return f"statement {get(statement, 'Sid') or json.dumps(statement)[:80]}"


def _wild(action: Any) -> bool:
    """Whether an action stands for all of a service or more: `*`, `s3:*`, `*:Get`, `s3:*Object`."""
    service, _, name = str(action).partition(":")
    return "*" in service or "?" in service or name.startswith(("*", "?"))


def _administers(statement: Any) -> bool:
    """Whether a statement leaves a KMS key to the account's own IAM policies: without it nobody could manage the key."""
    principals = elements(get(statement, "Principal.AWS"))
    return bool(principals) and all(str(principal).endswith(":root") for principal in principals)


def _bounded(statement: Any) -> bool:
    """Whether an endpoint policy, which grants nothing, keeps to one account or organization, or to services of AWS."""
    if (get(statement, "Condition.Bool") or {}).get("aws:PrincipalIsAWSService") == "true":
        return True
    # What is called before there are credentials has no account to be told by, so that a condition may hold if it exists.
    conditions = {
        key for operator in ("StringEquals", "StringEqualsIfExists") for key in get(statement, f"Condition.{operator}") or ()
    }
    return bool(conditions & set(BOUNDARIES))


def _role(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    for policy in (get(resource, "assumeRolePolicy"), *each(resource, "inlinePolicies.policy")):
        for statement in _allowing(policy):
            yield from _wildcards(statement)
    for arn in each(resource, "managedPolicyArns"):
        yield from _attached(arn)


def _attached(arn: Any) -> Found:
    if arn is not UNKNOWN and str(arn).endswith(("/AdministratorAccess", "/PowerUserAccess", "FullAccess")):
        yield f"it attaches {arn}, which allows whole services; allowed: policies that list actions; write one"


def _attachment(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    yield from _attached(get(resource, "policyArn"))


POLICIES = [
    resource_policy(
        "no-wildcard-actions",
        "Policies list the actions that they allow.",
        {
            "aws:backup/vaultPolicy:VaultPolicy": _policy("policy"),
            "aws:ec2/vpcEndpoint:VpcEndpoint": _policy("policy", of_an_endpoint=True),
            "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": _policy("policy", of_an_endpoint=True),
            "aws:ecr/registryPolicy:RegistryPolicy": _policy("policy"),
            "aws:ecr/repositoryPolicy:RepositoryPolicy": _policy("policy"),
            "aws:efs/fileSystemPolicy:FileSystemPolicy": _policy("policy"),
            "aws:iam/groupPolicy:GroupPolicy": _policy("policy"),
            "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": _attachment,
            "aws:iam/policy:Policy": _policy("policy"),
            "aws:iam/policyAttachment:PolicyAttachment": _attachment,
            "aws:iam/role:Role": _role,
            "aws:iam/rolePolicy:RolePolicy": _policy("policy"),
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _attachment,
            "aws:iam/userPolicy:UserPolicy": _policy("policy"),
            "aws:iam/userPolicyAttachment:UserPolicyAttachment": _attachment,
            "aws:kms/key:Key": _policy("policy", of_a_key=True),
            "aws:kms/keyPolicy:KeyPolicy": _policy("policy", of_a_key=True),
            "aws:s3/bucketPolicy:BucketPolicy": _policy("policy"),
            "aws:secretsmanager/secretPolicy:SecretPolicy": _policy("policy"),
            "aws:sns/topicPolicy:TopicPolicy": _policy("policy"),
            "aws:sqs/queuePolicy:QueuePolicy": _policy("policy"),
        },
        severity=Severity.CRITICAL,
    )
]
