"""IAM: roles, policies, instance profiles. Global: answered in us-east-1 whatever the stack's region."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table


def _attached(found: Any, context: Context) -> Any:
    """The policy's ARN, if it is among those of the role."""
    arn = context.inputs["policyArn"]
    return arn if arn in {policy["PolicyArn"] for policy in found["AttachedPolicies"]} else None


ROWS: Table = {
    "aws:iam/role:Role": Row(
        service="iam",
        create="CreateRole",
        id="$response.Role.RoleName",
        autoname="name",
        inputs={"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"},
        local={"forceDetachPolicies": "used at deletion only"},
        after=(
            Call(
                "AttachRolePolicy",
                {"RoleName": "$id", "PolicyArn": "$item"},
                when="managedPolicyArns",
                each="inputs.managedPolicyArns",
            ),
            Call(
                "PutRolePolicy",
                {"RoleName": "$id", "PolicyName": "$item.name", "PolicyDocument": "$item.policy"},
                when="inlinePolicies",
                each="inputs.inlinePolicies",
            ),
        ),
        read=(
            Read("GetRole", {"RoleName": "$id"}, "Role"),
            Read(
                "ListAttachedRolePolicies",
                {"RoleName": "$id"},
                "@",
                fields={"managedPolicyArns": "AttachedPolicies[].PolicyArn"},
            ),
        ),
        outputs={"arn": "$response.Role.Arn", "uniqueId": "$response.Role.RoleId"},
    ),
    "aws:iam/policy:Policy": Row(
        service="iam",
        create="CreatePolicy",
        id="$response.Policy.Arn",
        autoname="name",
        inputs={"name": "PolicyName", "policy": "PolicyDocument"},
        read=(
            Read("GetPolicy", {"PolicyArn": "$id"}, "Policy"),
            Read(
                "GetPolicyVersion",
                {"PolicyArn": "$id", "VersionId": "v1"},
                "PolicyVersion",
                fields={"policy": "Document"},
            ),
        ),
        outputs={"arn": "$id", "policyId": "$response.Policy.PolicyId"},
    ),
    "aws:iam/rolePolicy:RolePolicy": Row(
        service="iam",
        create="PutRolePolicy",
        id=lambda c: f"{c.inputs['role']}:{c.inputs['name']}",
        autoname="name",
        inputs={"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"},
        read=(
            Read(
                "GetRolePolicy",
                {"RoleName": "$inputs.role", "PolicyName": "$inputs.name"},
                "@",
            ),
        ),
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Row(
        service="iam",
        create="AttachRolePolicy",
        id=lambda c: f"{c.inputs['role']}/{c.inputs['policyArn']}",
        inputs={"role": "RoleName"},
        read=(
            Read(
                "ListAttachedRolePolicies",
                {"RoleName": "$inputs.role"},
                "@",
                fields={"policyArn": _attached},
            ),
        ),
        unverified={"role": "the read is of this very role"},
    ),
    "aws:iam/instanceProfile:InstanceProfile": Row(
        service="iam",
        create="CreateInstanceProfile",
        id="$response.InstanceProfile.InstanceProfileName",
        autoname="name",
        inputs={"name": "InstanceProfileName"},
        after=(Call("AddRoleToInstanceProfile", {"InstanceProfileName": "$id", "RoleName": "$inputs.role"}, when="role"),),
        read=(
            Read(
                "GetInstanceProfile",
                {"InstanceProfileName": "$id"},
                "InstanceProfile",
                fields={"role": "Roles[0].RoleName"},
            ),
        ),
        outputs={"arn": "$response.InstanceProfile.Arn", "uniqueId": "$response.InstanceProfile.InstanceProfileId"},
    ),
}
