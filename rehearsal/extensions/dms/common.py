"""What the parts of DMS share: names and ARNs, and the checks of roles and keys."""

import json
from typing import Any

from rehearsal.extend import Call, Refuse

RESOURCE_ID = 26
"""Characters of the random end of an ARN."""
VPC_ROLE, VPC_POLICY = "dms-vpc-role", "AmazonDMSVPCManagementRole"
LOGS_ROLE, LOGS_POLICY = "dms-cloudwatch-logs-role", "AmazonDMSCloudWatchLogsRole"


def moto_answer(call: Call) -> dict[str, Any]:
    """moto's own answer, which it has as text."""
    answer: dict[str, Any] = json.loads(call.moto())
    return answer


def chosen(call: Call, kind: str) -> list[dict[str, Any]]:
    """What is kept of a kind: all, or what the filters of the request name. Refused if that is nothing."""
    wanted = {value for one in call.params.get("Filters", []) for value in one["Values"]}
    found = [kept for name, kept in call.state[kind].items() if not wanted or name in wanted]
    if wanted and not found:
        raise Refuse("ResourceNotFoundFault", f"{', '.join(sorted(wanted))} could not be found.")
    return found


def resource_id(call: Call) -> str:
    """The end of a new ARN."""
    return str(call.params.get("ResourceIdentifier") or call.new_id(length=RESOURCE_ID).upper())


def rename(call: Call, resource: Any, arn: str) -> None:
    """Give a resource of moto's another ARN, with its tags."""
    tagger = call.backend("dms").tagger
    tagger.tag_resource(
        arn, [{"Key": key, "Value": value} for key, value in tagger.get_tag_dict_for_resource(resource.arn).items()]
    )
    tagger.delete_all_tags_for_resource(resource.arn)
    resource.arn = arn


def check_role(call: Call, name: str, policy: str) -> None:
    """Refuse unless the role is there by name, with its policy."""
    role = next((role for role in call.backend("iam").roles.values() if role.name == name), None)
    trusted = role is not None and "dms.amazonaws.com" in json.dumps(role.assume_role_policy_document)
    if role is None or not trusted or not any(arn.endswith(f"/{policy}") for arn in role.managed_policies):
        arn = f"arn:aws:iam::{call.account}:role/{name}"
        raise Refuse("AccessDeniedFault", f"The IAM Role {arn} is not configured properly.")


def check_key(call: Call, arn: str | None) -> None:
    """Refuse a key that is not there."""
    if arn and arn.rsplit("/", maxsplit=1)[-1] not in call.backend("kms").keys:
        raise Refuse("KMSKeyNotAccessibleFault", f"AWS DMS cannot access the KMS key {arn}.")
