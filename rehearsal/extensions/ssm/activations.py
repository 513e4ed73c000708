"""Hybrid activations, by which on-premises servers become managed nodes. moto has none."""

import datetime
import json
import uuid
from typing import Any

from moto.moto_api._internal import mock_random

from rehearsal.extend import Call, Refuse, operation

LONGEST = datetime.timedelta(days=30)
DEFAULT = datetime.timedelta(hours=24)
SERVICE = "ssm.amazonaws.com"
FILTERS = {"ActivationIds": "ActivationId", "DefaultInstanceName": "DefaultInstanceName", "IamRole": "IamRole"}


@operation("ssm", "CreateActivation")
def create_activation(call: Call) -> dict[str, Any]:
    """The role is there by name and trusts Systems Manager; nobody can join for longer than 30 days."""
    params, now = call.params, datetime.datetime.now(datetime.UTC)
    role = params["IamRole"].removeprefix("service-role/")
    if not _trusts_systems_manager(call, role):
        raise Refuse("ValidationException", f"Nonexistent role or missing ssm service principal in trust policy: {role}")
    expires = _time(params.get("ExpirationDate")) or now + DEFAULT
    if not now < expires <= now + LONGEST:
        message = "Expiration date must be in the future and within 30 days"
        raise Refuse("ValidationException", f"{message}: {expires.isoformat()}")
    identifier = str(uuid.UUID(int=mock_random.getrandbits(128), version=4))
    call.state["activations"][identifier] = {
        **params,
        "ActivationId": identifier,
        "RegistrationLimit": params.get("RegistrationLimit", 1),
        "RegistrationsCount": 0,
        "ExpirationDate": expires,
        "Expired": False,
        "CreatedDate": now,
    }
    return {"ActivationId": identifier, "ActivationCode": mock_random.get_random_string(length=20)}


@operation("ssm", "DescribeActivations")
def describe_activations(call: Call) -> dict[str, Any]:
    """All, or those that every filter lets through."""
    found = list(call.state["activations"].values())
    for one in call.params.get("Filters", []):
        member = FILTERS[one["FilterKey"]]
        found = [activation for activation in found if activation.get(member) in one["FilterValues"]]
    return {"ActivationList": found}


@operation("ssm", "DeleteActivation")
def delete_activation(call: Call) -> dict[str, Any]:
    """Servers that joined by it stay."""
    if call.state["activations"].pop(call.params["ActivationId"], None) is None:
        raise Refuse("InvalidActivationId", f"No activation {call.params['ActivationId']}")
    return {}


def _trusts_systems_manager(call: Call, role: str) -> bool:
    found = next((one for one in call.backend("iam").roles.values() if one.name == role), None)
    if found is None:
        return False
    document = found.assume_role_policy_document
    statements = (json.loads(document) if isinstance(document, str) else document)["Statement"]
    principals = (statement.get("Principal", {}) for statement in statements if statement["Effect"] == "Allow")
    services = (principal.get("Service", []) for principal in principals if isinstance(principal, dict))
    return any(SERVICE in ([service] if isinstance(service, str) else service) for service in services)


def _time(given: Any) -> datetime.datetime | None:
    """A time as the wire has it: seconds since 1970, or text."""
    if given is None:
        return None
    if isinstance(given, (int, float)):
        return datetime.datetime.fromtimestamp(given, datetime.UTC)
    time = datetime.datetime.fromisoformat(str(given))
    return time if time.tzinfo else time.replace(tzinfo=datetime.UTC)
