"""Systems Manager: documents, parameters, settings, associations, patching."""

from collections.abc import Mapping
from typing import Any

from rehearsal.row import Context, Read, Row, Table


def tags_of_ssm(kind: str) -> Read:
    """Reads the tags of a resource of this kind."""
    return Read("ListTagsForResource", {"ResourceType": kind, "ResourceId": "$id"}, "@", fields={"tags": "TagList"})


def _arn(kind: str) -> Any:
    return lambda c: f"arn:aws:ssm:{c.region}:{c.account}:{kind}/{c.id}"


def _approval_rules(rules: list[dict[str, Any]], _: Context) -> dict[str, Any]:
    """As the provider sends them: a rule without a delay has one of 0 days."""
    return {
        "ApprovalRules": {
            "PatchRules": [
                {
                    "PatchFilterGroup": {
                        "PatchFilters": [{"Key": one["key"], "Values": one["values"]} for one in rule["patchFilters"]]
                    },
                    **({} if "approveUntilDate" in rule else {"ApproveAfterDays": rule.get("approveAfterDays", 0)}),
                    **({"ApproveUntilDate": rule["approveUntilDate"]} if "approveUntilDate" in rule else {}),
                    "ComplianceLevel": rule.get("complianceLevel", "UNSPECIFIED"),
                    "EnableNonSecurity": rule.get("enableNonSecurity", False),
                }
                for rule in rules
            ]
        }
    }


def _rules_read(found: Mapping[str, Any], _: Context) -> list[dict[str, Any]]:
    return [
        {
            "approveAfterDays": rule.get("ApproveAfterDays"),
            "approveUntilDate": rule.get("ApproveUntilDate"),
            "complianceLevel": rule.get("ComplianceLevel"),
            "enableNonSecurity": rule.get("EnableNonSecurity"),
            "patchFilters": [{"key": one["Key"], "values": one["Values"]} for one in rule["PatchFilterGroup"]["PatchFilters"]],
        }
        for rule in found["ApprovalRules"]["PatchRules"]
    ]


def _invocation(given: Mapping[str, Any], _: Context) -> dict[str, Any]:
    command = given["runCommandParameters"]
    output = command.get("cloudwatchConfig", {})
    sent = {
        "Comment": command.get("comment"),
        "DocumentVersion": command.get("documentVersion"),
        "TimeoutSeconds": command.get("timeoutSeconds"),
        "Parameters": {one["name"]: one["values"] for one in command.get("parameters", [])},
        "CloudWatchOutputConfig": {
            "CloudWatchLogGroupName": output.get("cloudwatchLogGroupName"),
            "CloudWatchOutputEnabled": output.get("cloudwatchOutputEnabled"),
        }
        if output
        else None,
    }
    return {"TaskInvocationParameters": {"RunCommand": {key: value for key, value in sent.items() if value is not None}}}


def _invocation_read(found: Mapping[str, Any], _: Context) -> dict[str, Any]:
    command = found["TaskInvocationParameters"]["RunCommand"]
    output = command.get("CloudWatchOutputConfig", {})
    return {
        "runCommandParameters": {
            "comment": command.get("Comment"),
            "documentVersion": command.get("DocumentVersion"),
            "timeoutSeconds": command.get("TimeoutSeconds"),
            "parameters": [{"name": name, "values": values} for name, values in command.get("Parameters", {}).items()],
            "cloudwatchConfig": {
                "cloudwatchLogGroupName": output.get("CloudWatchLogGroupName"),
                "cloudwatchOutputEnabled": output.get("CloudWatchOutputEnabled"),
            },
        }
    }


def _value(value: str, _: Context) -> dict[str, Any]:
    return {"Value": value}


ROWS: Table = {
    "aws:ssm/document:Document": Row(
        service="ssm",
        create="CreateDocument",
        id="$inputs.name",
        autoname="name",
        read=(
            Read("GetDocument", {"Name": "$id"}, "@"),
            tags_of_ssm("Document"),
        ),
        outputs={"arn": _arn("document"), "status": "Active", "defaultVersion": "1", "latestVersion": "1"},
    ),
    "aws:ssm/parameter:Parameter": Row(
        service="ssm",
        create="PutParameter",
        id="$inputs.name",
        autoname="name",
        inputs={"insecureValue": _value, "value": _value, "keyId": "KeyId"},
        read=(
            Read(
                "GetParameter",
                {"Name": "$id", "WithDecryption": True},
                "Parameter",
                fields={"insecureValue": "Value", "value": "Value"},
            ),
            Read(
                "DescribeParameters",
                {"ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": ["$id"]}]},
                "Parameters[0]",
                fields={"description": "Description", "tier": "Tier", "keyId": "KeyId", "allowedPattern": "AllowedPattern"},
            ),
            tags_of_ssm("Parameter"),
        ),
        local={"overwrite": "decides between create and update"},
        outputs={"arn": "$read.ARN", "version": "$read.Version"},
    ),
    "aws:ssm/serviceSetting:ServiceSetting": Row(
        service="ssm",
        create="UpdateServiceSetting",
        id="$inputs.settingId",
        read=(
            Read(
                "GetServiceSetting",
                {"SettingId": "$id"},
                "ServiceSetting",
                fields={"settingId": "ARN"},
            ),
        ),
        outputs={"arn": "$read.ARN", "status": "$read.Status"},
        extended=True,
    ),
    "aws:ssm/association:Association": Row(
        service="ssm",
        create="CreateAssociation",
        id="$response.AssociationDescription.AssociationId",
        inputs={"parameters": lambda given, _: {"Parameters": {key: [value] for key, value in given.items()}}},
        local={"waitForSuccessTimeoutSeconds": "how long the provider waits"},
        read=(
            Read(
                "DescribeAssociation",
                {"AssociationId": "$id"},
                "AssociationDescription",
                fields={"parameters": lambda found, _: {key: value[0] for key, value in found.get("Parameters", {}).items()}},
            ),
            tags_of_ssm("Association"),
        ),
        outputs={"arn": _arn("association"), "associationId": "$id"},
        extended=True,
    ),
    "aws:ssm/patchBaseline:PatchBaseline": Row(
        service="ssm",
        create="CreatePatchBaseline",
        id="$response.BaselineId",
        autoname="name",
        inputs={"approvalRules": _approval_rules},
        read=(
            Read("GetPatchBaseline", {"BaselineId": "$id"}, "@", fields={"approvalRules": _rules_read}),
            tags_of_ssm("PatchBaseline"),
        ),
        outputs={"arn": _arn("patchbaseline")},
        extended=True,
    ),
    "aws:ssm/patchGroup:PatchGroup": Row(
        service="ssm",
        create="RegisterPatchBaselineForPatchGroup",
        id=lambda c: f"{c.inputs['patchGroup']},{c.inputs['baselineId']}",
        read=(
            Read(
                "DescribePatchGroups",
                {},
                lambda c: (
                    f"Mappings[?PatchGroup=='{c.inputs['patchGroup']}'"
                    f" && BaselineIdentity.BaselineId=='{c.inputs['baselineId']}'] | [0]"
                ),
                fields={"baselineId": "BaselineIdentity.BaselineId", "patchGroup": "PatchGroup"},
            ),
        ),
        extended=True,
    ),
    "aws:ssm/maintenanceWindow:MaintenanceWindow": Row(
        service="ssm",
        create="CreateMaintenanceWindow",
        id="$response.WindowId",
        autoname="name",
        local={"enabled": "a later call, where a window is not"},
        read=(
            Read("GetMaintenanceWindow", {"WindowId": "$id"}, "@"),
            tags_of_ssm("MaintenanceWindow"),
        ),
        extended=True,
    ),
    "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget": Row(
        service="ssm",
        create="RegisterTargetWithMaintenanceWindow",
        id="$response.WindowTargetId",
        read=(
            Read(
                "DescribeMaintenanceWindowTargets",
                {"WindowId": "$inputs.windowId"},
                lambda c: f"Targets[?WindowTargetId=='{c.id}'] | [0]",
            ),
        ),
    ),
    "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask": Row(
        service="ssm",
        create="RegisterTaskWithMaintenanceWindow",
        id="$response.WindowTaskId",
        inputs={"taskInvocationParameters": _invocation},
        read=(
            Read(
                "GetMaintenanceWindowTask",
                {"WindowId": "$inputs.windowId", "WindowTaskId": "$id"},
                "@",
                fields={"taskInvocationParameters": _invocation_read},
            ),
        ),
        outputs={
            "arn": lambda c: f"arn:aws:ssm:{c.region}:{c.account}:windowtask/{c.id}",
            "windowTaskId": "$id",
        },
        extended=True,
    ),
}
