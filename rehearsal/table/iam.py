"""IAM: roles, policies, instance profiles. Global: answered in us-east-1 whatever the stack's region."""

from rehearsal.row import Call, Context, Read, Row, Table, Update

VERSIONS = 5
"""How many versions of a policy AWS keeps."""


def _others(context: Context) -> list[str]:
    """The versions of a policy that are not its default, the oldest first."""
    found = context.call("iam", "ListPolicyVersions", {"PolicyArn": context.id})["Versions"]
    others = [one["VersionId"] for one in found if not one["IsDefaultVersion"]]
    return sorted(others, key=lambda version: int(version.removeprefix("v")))


def _forget_versions(context: Context, keep: int = 0) -> None:
    """A policy goes only once its other versions are gone."""
    others = _others(context)
    for version in others[: len(others) - keep] if keep else others:
        context.call("iam", "DeletePolicyVersion", {"PolicyArn": context.id, "VersionId": version})


def _new_version(context: Context) -> None:
    """A changed policy is another version of it; the oldest one goes when there are as many as AWS keeps."""
    _forget_versions(context, keep=VERSIONS - 2)
    version = {"PolicyArn": context.id, "PolicyDocument": context.inputs["policy"], "SetAsDefault": True}
    context.call("iam", "CreatePolicyVersion", version)


ROWS: Table = {
    "aws:iam/role:Role": Row(
        service="iam",
        create="CreateRole",
        id="$response.Role.RoleName",
        delete=(
            Call(
                "DetachRolePolicy",
                {"RoleName": "$id", "PolicyArn": "$item"},
                when="managedPolicyArns",
                each="inputs.managedPolicyArns",
            ),
            Call(
                "DeleteRolePolicy",
                {"RoleName": "$id", "PolicyName": "$item.name"},
                when="inlinePolicies",
                each="inputs.inlinePolicies",
            ),
            Call("DeleteRole", {"RoleName": "$id"}),
        ),
        update=(
            Update(
                "UpdateAssumeRolePolicy",
                {"RoleName": "$id"},
                takes=frozenset({"assumeRolePolicy"}),
                inputs={"assumeRolePolicy": "PolicyDocument"},
            ),
            Update("UpdateRole", {"RoleName": "$id"}, takes=frozenset({"description", "maxSessionDuration"})),
        ),
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
        delete=(_forget_versions, Call("DeletePolicy", {"PolicyArn": "$id"})),
        updated_by=_new_version,
        autoname="name",
        inputs={"name": "PolicyName", "policy": "PolicyDocument"},
        read=(
            Read("GetPolicy", {"PolicyArn": "$id"}, "Policy"),
            Read(
                "GetPolicyVersion",
                {"PolicyArn": "$id", "VersionId": "$read.DefaultVersionId"},
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
        delete=(Call("DeleteRolePolicy", {"RoleName": "$inputs.role", "PolicyName": "$inputs.name"}),),
        upsert=True,
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
        delete=(Call("DetachRolePolicy", {"RoleName": "$inputs.role", "PolicyArn": "$inputs.policyArn"}),),
        inputs={"role": "RoleName"},
        read=(
            Read(
                "ListAttachedRolePolicies",
                {"RoleName": "$inputs.role"},
                lambda c: f"AttachedPolicies[?PolicyArn=='{c.inputs['policyArn']}'] | [0]",
            ),
        ),
        unverified={"role": "the read is of this very role"},
    ),
    "aws:iam/instanceProfile:InstanceProfile": Row(
        service="iam",
        create="CreateInstanceProfile",
        id="$response.InstanceProfile.InstanceProfileName",
        delete=(
            Call("RemoveRoleFromInstanceProfile", {"InstanceProfileName": "$id", "RoleName": "$inputs.role"}, when="role"),
            Call("DeleteInstanceProfile", {"InstanceProfileName": "$id"}),
        ),
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
