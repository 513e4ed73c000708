"""Whether a principal can get more than it was given.

The ways are those that Rhino Security Labs and pathfinding.cloud collect:
https://github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation and https://pathfinding.cloud
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from proofs.iam import catalogue
from proofs.iam.documents import Document, Statement
from proofs.iam.findings import Finding, Findings, finding
from proofs.iam.grants import ROLES, all_of_a_kind
from proofs.iam.reasons import MANAGED, PERMISSIONS, STARTING
from rehearsal import wire
from rehearsal.run import Rehearsal

REWRITE = frozenset(
    [
        "iam:AddUserToGroup",
        "iam:AttachGroupPolicy",
        "iam:AttachRolePolicy",
        "iam:AttachUserPolicy",
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:CreatePolicyVersion",
        "iam:DeleteRolePermissionsBoundary",
        "iam:DeleteUserPermissionsBoundary",
        "iam:PutGroupPolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:PutUserPermissionsBoundary",
        "iam:PutUserPolicy",
        "iam:SetDefaultPolicyVersion",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateLoginProfile",
    ]
)
"""Actions that change what a principal may do: whoever has one may as well have everything."""

STARTERS = frozenset(
    [
        "apprunner:CreateService",
        "autoscaling:CreateAutoScalingGroup",
        "autoscaling:CreateLaunchConfiguration",
        "autoscaling:UpdateAutoScalingGroup",
        "batch:RegisterJobDefinition",
        "cloudformation:CreateStack",
        "codebuild:CreateProject",
        "datapipeline:CreatePipeline",
        "ec2:AssociateIamInstanceProfile",
        "ec2:CreateFleet",
        "ec2:CreateLaunchTemplate",
        "ec2:CreateLaunchTemplateVersion",
        "ec2:ReplaceIamInstanceProfileAssociation",
        "ec2:RequestSpotFleet",
        "ec2:RequestSpotInstances",
        "ec2:RunInstances",
        "ecs:CreateService",
        "ecs:RegisterTaskDefinition",
        "ecs:RunTask",
        "ecs:StartTask",
        "ecs:UpdateService",
        "elasticmapreduce:RunJobFlow",
        "events:PutTargets",
        "glue:CreateDevEndpoint",
        "glue:CreateJob",
        "lambda:CreateFunction",
        "sagemaker:CreateNotebookInstance",
        "sagemaker:CreateProcessingJob",
        "sagemaker:CreateTrainingJob",
        "scheduler:CreateSchedule",
        "ssm:CreateAssociation",
        "ssm:RegisterTaskWithMaintenanceWindow",
        "ssm:StartAutomationExecution",
        "states:CreateStateMachine",
    ]
)
"""Actions that start something which then acts with the role that was passed to it."""

INTRUDERS = frozenset(
    [
        "cloudformation:UpdateStack",
        "codebuild:StartBuild",
        "ec2-instance-connect:SendSSHPublicKey",
        "ec2:ModifyInstanceAttribute",
        "ecs:ExecuteCommand",
        "glue:UpdateDevEndpoint",
        "glue:UpdateJob",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
        "ssm:SendCommand",
        "ssm:StartSession",
    ]
)
"""Actions that run one's own code where somebody else's role is at hand."""

JUDGED = REWRITE | ROLES
"""What has a message of its own."""

RULE = "privilege-escalation"


@dataclass(frozen=True)
class Granted:
    """An action that a principal may do, and the statement that says so."""

    action: str
    document: Document
    statement: Statement

    def finding(self, message: str) -> Finding:
        """A finding at the statement."""
        return Finding(RULE, self.document.urn, self.document.path, self.statement.sid, message)


def escalations(rehearsal: Rehearsal, found: list[Document]) -> Findings:
    """The ways by which a principal of the stack can get more than it was given, alone or by several statements together."""
    for held in holders(rehearsal, found):
        granted = list(_granted(held))
        starters = sorted({one.action for one in granted if one.action in STARTERS})
        for one in granted:
            yield from _escalates(one, starters)


def _escalates(one: Granted, starters: list[str]) -> Findings:
    wide = any(resource.endswith("*") and "role/" not in resource.replace("role/*", "") for resource in one.statement.resources)
    if one.action in REWRITE:
        yield one.finding(
            f"{one.action} changes what principals may do; allowed: to people who administer, never here; remove it"
        )
    elif one.action in INTRUDERS and any(map(all_of_a_kind, one.statement.resources)) and not one.statement.conditions:
        yield one.finding(f"{one.action} on everything takes over any role in use; allowed: on named resources; name them")
    elif one.action == "sts:AssumeRole" and wide:
        yield one.finding("sts:AssumeRole on any role; allowed: on named roles; name them")
    elif one.action == "iam:PassRole":
        if wide:
            yield one.finding("iam:PassRole for any role; allowed: for named roles; name them")
        if "iam:passedtoservice" not in one.statement.condition_keys():
            yield one.finding("iam:PassRole to any service; allowed: with a condition on iam:PassedToService; add it")
        if starters and one.statement.sid not in STARTING:
            yield one.finding(
                f"iam:PassRole together with {', '.join(starters)} acts with the passed role; allowed: one without the other; "
                "leave the start to who may have both"
            )


def holders(rehearsal: Rehearsal, found: list[Document]) -> Iterator[list[Document]]:
    """The documents that one principal has together: a role's own, and the policies attached to it. Others are alone."""
    nodes = rehearsal.deployment.nodes
    by_role: dict[str, list[Document]] = defaultdict(list)
    by_arn: dict[str, list[Document]] = defaultdict(list)
    for document in found:
        if document.kind != "identity":
            continue
        node = nodes[document.urn]
        if document.type == "aws:iam/role:Role":
            by_role[node.id].append(document)
        elif document.type == "aws:iam/rolePolicy:RolePolicy":
            by_role[str(wire.unwrap(node.inputs.get("role")))].append(document)
        else:
            by_arn[str(wire.unwrap(node.outputs.get("arn", node.id)))].append(document)
    attached = set()
    for role, arn in attachments(rehearsal):
        by_role[role] += by_arn.get(arn, [])
        attached.add(arn)
    yield from by_role.values()
    yield from (documents for arn, documents in by_arn.items() if arn not in attached)


def attachments(rehearsal: Rehearsal) -> Iterator[tuple[str, str]]:
    """Role and ARN of every managed policy that is attached to a role."""
    for node in rehearsal.created("aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
        inputs = wire.unwrap(node.inputs)
        yield str(inputs.get("role")), str(inputs.get("policyArn"))


def _granted(held: list[Document]) -> Iterator[Granted]:
    for document in held:
        for statement in document.statements:
            if statement.allows:
                yield from (Granted(name, document, statement) for name in sorted(_names(statement)))


def _names(statement: Statement) -> set[str]:
    interesting = REWRITE | STARTERS | INTRUDERS | {"sts:AssumeRole", "iam:PassRole"}
    if "*" in statement.actions or "NotAction" in statement.excludes:
        return set(interesting)
    services = {name.partition(":")[0] for name in interesting}
    patterns = [action for action in statement.actions if action.partition(":")[0].lower() in services]
    return {known.name for pattern in patterns for known in catalogue.matching(pattern)} & interesting


def permissions(document: Document) -> Findings:
    """No role may change who has access to a resource, by its policy, its ACL or a grant, unless there is a reason."""
    if document.kind != "identity":
        return
    for one in document.statements:
        reason = PERMISSIONS.get(one.sid)
        excused = reason.actions if reason else frozenset()
        for action in one.actions if one.allows else ():
            changing = sorted(known.name for known in catalogue.meant(action) if known.level == "Permissions management")
            changing = [name for name in changing if name not in JUDGED and name not in excused]
            if changing:
                message = (
                    f"{', '.join(changing[:3])} changes who has access; allowed: with a reason in proofs/iam/reasons.py; "
                    "remove it, or give the Sid its reason"
                )
                yield finding(RULE, document, one, message)


ATTACHING = {
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    "aws:iam/role:Role": "managedPolicyArns",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
}
"""Type -> the property by which it attaches managed policies."""


def managed_policies(rehearsal: Rehearsal) -> Findings:
    """A managed policy of AWS, which can grow overnight, is attached for a reason only."""
    for type_, path in ATTACHING.items():
        for node in rehearsal.created(type_):
            given = wire.unwrap(node.inputs.get(path)) or []
            for arn in given if isinstance(given, list) else [given]:
                name = str(arn).partition(":iam::aws:policy/")[2]
                if name and name not in MANAGED:
                    message = (
                        f"it attaches {arn}; allowed: policies of AWS with a reason in proofs/iam/reasons.py; write one, "
                        "or add it"
                    )
                    yield Finding("managed-policy", node.urn, path, "", message)
