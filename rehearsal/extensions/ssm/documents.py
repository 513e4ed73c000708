"""Documents: what AWS refuses in their content, and who may be named where a document is asked for."""

import json
import re
from collections.abc import Collection
from typing import Any

from rehearsal.extend import Call, Refuse, operation

VERSIONS = {"Session": {"1.0"}, "Command": {"1.2", "2.0", "2.2"}, "Automation": {"0.3"}}
COMMAND_ACTIONS = {
    "aws:applications",
    "aws:cloudWatch",
    "aws:configureDocker",
    "aws:configurePackage",
    "aws:domainJoin",
    "aws:downloadContent",
    "aws:psModule",
    "aws:refreshAssociation",
    "aws:runDockerAction",
    "aws:runDocument",
    "aws:runPowerShellScript",
    "aws:runShellScript",
    "aws:softwareInventory",
    "aws:updateAgent",
    "aws:updateSsmAgent",
}
AUTOMATION_ACTIONS = {
    "aws:approve",
    "aws:assertAwsResourceProperty",
    "aws:branch",
    "aws:changeInstanceState",
    "aws:executeAutomation",
    "aws:executeAwsApi",
    "aws:executeScript",
    "aws:invokeLambdaFunction",
    "aws:loop",
    "aws:pause",
    "aws:runCommand",
    "aws:sleep",
    "aws:updateVariable",
    "aws:waitForAwsResourceProperty",
}
TYPES = {"String", "StringList", "Integer", "Boolean", "MapList", "StringMap"}
SESSION_TYPES = {"Standard_Stream", "InteractiveCommands", "NonInteractiveCommands", "Port"}
OF_AWS = re.compile(r"(AWS|Amazon|AWSEC2|AWSSSO|AWSSupport|AmazonCloudWatch|AmazonInspector)-[A-Za-z0-9-]+")
KNOWN_PARAMETERS = {
    "AWS-UpdateSSMAgent": {"version", "allowDowngrade"},
    "AWS-GatherSoftwareInventory": {
        "applications",
        "awsComponents",
        "billingInfo",
        "customInventory",
        "files",
        "instanceDetailedInformation",
        "networkConfig",
        "services",
        "windowsRegistry",
        "windowsRoles",
        "windowsUpdates",
    },
    "AWS-ConfigureAWSPackage": {"action", "additionalArguments", "installationType", "name", "version"},
    "AmazonCloudWatch-ManageAgent": {
        "action",
        "mode",
        "optionalConfigurationLocation",
        "optionalConfigurationSource",
        "optionalOpenTelemetryCollectorConfigurationLocation",
        "optionalOpenTelemetryCollectorConfigurationSource",
        "optionalRestart",
    },
    "AWS-RunPatchBaseline": {
        "AssociationId",
        "BaselineOverride",
        "InstallOverrideList",
        "Operation",
        "RebootOption",
        "SnapshotId",
    },
}
"""Parameters of documents of AWS that are in use here."""


@operation("ssm", "CreateDocument")
def create_document(call: Call) -> Any:
    """AWS parses the content: versions, actions, and the parameters that steps refer to."""
    params = call.params
    if params.get("DocumentFormat", "JSON") == "JSON":
        _check(params.get("DocumentType", "Command"), params["Content"])
    return call.moto()


def _check(kind: str, text: str) -> None:
    if len(text.encode()) > 64 * 1024:
        raise Refuse("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.")
    try:
        content = json.loads(text)
    except ValueError as error:
        raise Refuse("InvalidDocumentContent", f"JSON not well-formed: {error}") from error
    version = content.get("schemaVersion")
    if kind in VERSIONS and version not in VERSIONS[kind]:
        raise Refuse("InvalidDocumentSchemaVersion", f"The schema version {version} is not supported for {kind}.")
    if kind == "Session" and content.get("sessionType") not in SESSION_TYPES:
        raise Refuse("InvalidDocumentContent", f"sessionType must be one of {sorted(SESSION_TYPES)}.")
    steps = content.get("mainSteps", [])
    names = [step.get("name") for step in steps]
    if len(names) != len(set(names)) or not all(re.fullmatch(r"[a-zA-Z0-9_-]+", name or "") for name in names):
        raise Refuse("InvalidDocumentContent", f"Steps must have unique names of letters, digits, - and _: {names}")
    for step in steps:
        if kind == "Command" and step.get("action") not in COMMAND_ACTIONS:
            raise Refuse("InvalidDocumentContent", f"The action {step.get('action')} is not supported in Command documents.")
        if kind == "Automation" and step.get("action") not in AUTOMATION_ACTIONS:
            raise Refuse("InvalidDocumentContent", f"The action {step.get('action')} is not supported in Automation runbooks.")
    declared = content.get("parameters", {})
    for name, parameter in declared.items():
        # A runbook also takes types of AWS's resources: AWS::IAM::Role::Arn.
        if parameter.get("type") not in TYPES and not (kind == "Automation" and parameter.get("type", "").startswith("AWS::")):
            raise Refuse("InvalidDocumentContent", f"Parameter {name} has no type of a document parameter.")
        check_value(name, parameter, parameter.get("default"))
    used = set(re.findall(r"\{\{\s*([^{}\s]+)\s*\}\}", json.dumps([steps, content.get("assumeRole")])))
    known = set(declared)
    if kind == "Automation":
        known |= {f"{step['name']}.{one['Name']}" for step in steps for one in step.get("outputs", [])}
    undeclared = {name for name in used - known if not name.startswith(("ssm:", "platformType", "global:", "automation:"))}
    if undeclared:
        raise Refuse("InvalidDocumentContent", f"Parameters {sorted(undeclared)} are used but not defined in the document.")


def check_value(name: str, parameter: dict[str, Any], value: Any) -> None:
    """Refuse a value that the declaration of a parameter does not allow."""
    if value is None:
        return
    allowed, pattern = parameter.get("allowedValues"), parameter.get("allowedPattern")
    for one in value if isinstance(value, list) else [value]:
        if allowed and one not in allowed:
            raise Refuse("InvalidParameters", f"{one!r} is not an allowed value of the parameter {name}: {allowed}")
        if pattern and not re.search(pattern, str(one)):
            raise Refuse("InvalidParameters", f"{one!r} does not match the allowed pattern of the parameter {name}: {pattern}")


def check_use(call: Call, name: str, given: dict[str, list[str]], there: Collection[str] = ()) -> None:
    """Refuse a document that does not exist, and parameters that it does not take. Of those `there` the value comes later."""
    own = call.backend("ssm")._documents.get(name)
    if own is None:
        if not OF_AWS.fullmatch(name):
            raise Refuse("InvalidDocument", f"Document with name {name} does not exist.")
        unknown = set(given) - KNOWN_PARAMETERS.get(name, set(given))
        if unknown:
            raise Refuse("InvalidParameters", f"Parameters {sorted(unknown)} are not defined in the document {name}.")
        return
    declared = own.get_default_version().content_json.get("parameters", {})
    if unknown := set(given) - set(declared):
        raise Refuse("InvalidParameters", f"Parameters {sorted(unknown)} are not defined in the document {name}.")
    for parameter, declaration in declared.items():
        if parameter not in given and parameter not in there and "default" not in declaration:
            raise Refuse("InvalidParameters", f"The document {name} needs a value for its parameter {parameter}.")
        check_value(parameter, declaration, given.get(parameter))
