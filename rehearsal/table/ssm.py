"""Systems Manager: documents, parameters, settings, associations, patching."""

from collections.abc import Mapping
from typing import Any

from rehearsal.emulator import Refused
from rehearsal.row import Call, Context, Read, Row, Table, Update


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
    if automation := given.get("automationParameters"):
        sent = {
            "DocumentVersion": automation.get("documentVersion"),
            "Parameters": {one["name"]: one["values"] for one in automation.get("parameters", [])},
        }
        return {"TaskInvocationParameters": {"Automation": {key: value for key, value in sent.items() if value is not None}}}
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
    if automation := found["TaskInvocationParameters"].get("Automation"):
        parameters = [{"name": name, "values": values} for name, values in automation.get("Parameters", {}).items()]
        return {"automationParameters": {"documentVersion": automation.get("DocumentVersion"), "parameters": parameters}}
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


def _new_version(context: Context) -> None:
    """A changed document is another version of it, which the provider makes the default one."""
    if context.inputs["content"] == context.old["content"]:
        return
    given = {key: context.inputs[key] for key in ("documentFormat", "targetType", "versionName") if key in context.inputs}
    request = {"Name": context.id, "Content": context.inputs["content"], "DocumentVersion": "$LATEST"}
    request |= {key[0].upper() + key[1:]: value for key, value in given.items()}
    try:
        version = context.call("ssm", "UpdateDocument", request)["DocumentDescription"]["DocumentVersion"]
    except Refused as error:
        if "DuplicateDocumentContent" not in str(error):
            raise
        version = context.outputs["latestVersion"]  # as the provider does
    context.call("ssm", "UpdateDocumentDefaultVersion", {"Name": context.id, "DocumentVersion": version})


ROWS: Table = {
    "aws:ssm/document:Document": Row(
        service="ssm",
        create="CreateDocument",
        id="$inputs.name",
        delete=(Call("DeleteDocument", {"Name": "$id"}),),
        updated_by=_new_version,
        renewed=frozenset({"latestVersion", "defaultVersion"}),
        autoname="name",
        read=(
            Read("GetDocument", {"Name": "$id"}, "@"),
            tags_of_ssm("Document"),
        ),
        outputs={
            "arn": _arn("document"),
            "status": "Active",
            "defaultVersion": "$read.DocumentVersion",
            "latestVersion": "$read.DocumentVersion",
        },
    ),
    "aws:ssm/parameter:Parameter": Row(
        service="ssm",
        create="PutParameter",
        id="$inputs.name",
        delete=(Call("DeleteParameter", {"Name": "$id"}),),
        update=(Update("PutParameter", {"Name": "$id", "Overwrite": True}, whole=True),),
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
        delete=(Call("ResetServiceSetting", {"SettingId": "$id"}),),
        upsert=True,
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
        delete=(Call("DeleteAssociation", {"AssociationId": "$id"}),),
        update=(Update("UpdateAssociation", {"AssociationId": "$id"}, whole=True),),
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
        delete=(Call("DeletePatchBaseline", {"BaselineId": "$id"}),),
        update=(Update("UpdatePatchBaseline", {"BaselineId": "$id"}),),
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
        delete=(
            Call(
                "DeregisterPatchBaselineForPatchGroup", {"BaselineId": "$inputs.baselineId", "PatchGroup": "$inputs.patchGroup"}
            ),
        ),
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
        delete=(Call("DeleteMaintenanceWindow", {"WindowId": "$id"}),),
        update=(Update("UpdateMaintenanceWindow", {"WindowId": "$id"}),),
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
        delete=(Call("DeregisterTargetFromMaintenanceWindow", {"WindowId": "$inputs.windowId", "WindowTargetId": "$id"}),),
        update=(Update("UpdateMaintenanceWindowTarget", {"WindowId": "$inputs.windowId", "WindowTargetId": "$id"}),),
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
        delete=(Call("DeregisterTaskFromMaintenanceWindow", {"WindowId": "$inputs.windowId", "WindowTaskId": "$id"}),),
        update=(Update("UpdateMaintenanceWindowTask", {"WindowId": "$inputs.windowId", "WindowTaskId": "$id"}),),
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
