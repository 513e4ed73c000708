"""Service settings, one value each per account and region. moto has none."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation

# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetServiceSetting.html
DEFAULTS = {
    "/ssm/appmanager/appmanager-enabled": "True",
    "/ssm/automation/customer-script-log-destination": "",
    "/ssm/automation/customer-script-log-group-name": "",
    "/ssm/documents/console/public-sharing-permission": "Enable",
    "/ssm/managed-instance/activation-tier": "standard",
    "/ssm/managed-instance/default-ec2-instance-management-role": "$None",
    "/ssm/opsinsights/opscenter": "Disabled",
    "/ssm/parameter-store/default-parameter-tier": "Standard",
    "/ssm/parameter-store/high-throughput-enabled": "false",
}
VALUES = {
    "/ssm/managed-instance/activation-tier": {"standard", "advanced"},
    "/ssm/opsinsights/opscenter": {"Enabled", "Disabled"},
    "/ssm/documents/console/public-sharing-permission": {"Enable", "Disable"},
    "/ssm/parameter-store/default-parameter-tier": {"Standard", "Advanced", "Intelligent-Tiering"},
    "/ssm/parameter-store/high-throughput-enabled": {"true", "false"},
}


def _setting(call: Call) -> str:
    """The id of a setting that is asked for by it or by its ARN."""
    given = call.params["SettingId"]
    prefix = call.arn("servicesetting")
    if given.startswith("arn:") and not given.startswith(f"{prefix}/"):
        raise Refuse("ServiceSettingNotFound", f"Setting {given} is of another account or region.")
    setting = str(given.removeprefix(prefix))
    if setting not in DEFAULTS:
        raise Refuse("ServiceSettingNotFound", f"Setting {given} not found. Please check its name.")
    return setting


@operation("ssm", "UpdateServiceSetting")
def update_service_setting(call: Call) -> dict[str, Any]:
    """Set a value."""
    setting, value = _setting(call), call.params["SettingValue"]
    if setting in VALUES and value not in VALUES[setting]:
        raise Refuse("ValidationException", f"{value} is no value of {setting}.")
    call.state["service_settings"][setting] = value
    return {}


@operation("ssm", "ResetServiceSetting")
def reset_service_setting(call: Call) -> dict[str, Any]:
    """Back to what AWS has."""
    setting = _setting(call)
    call.state["service_settings"].pop(setting, None)
    return {"ServiceSetting": _described(call, setting)}


@operation("ssm", "GetServiceSetting")
def get_service_setting(call: Call) -> dict[str, Any]:
    """The value that is set, or AWS's own."""
    return {"ServiceSetting": _described(call, _setting(call))}


def _described(call: Call, setting: str) -> dict[str, Any]:
    value = call.state["service_settings"].get(setting)
    return {
        "SettingId": setting,
        "SettingValue": DEFAULTS[setting] if value is None else value,
        "ARN": call.arn(f"servicesetting{setting}"),
        "Status": "Default" if value is None else "Customized",
        "LastModifiedUser": "System" if value is None else f"arn:aws:iam::{call.account}:root",
    }
