"""State Manager associations: which document runs on which hosts, and when. moto has none."""

import datetime
import re
import uuid
from typing import Any

from moto.moto_api._internal import mock_random

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.ssm.documents import check_use

RATE = re.compile(r"rate\((\d+) (minutes?|hours?|days?)\)")
MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


@operation("ssm", "CreateAssociation")
def create_association(call: Call) -> dict[str, Any]:
    """The document is there and takes the parameters; the schedule is one that State Manager has."""
    params = call.params
    own = call.backend("ssm")._documents.get(params["Name"])
    automation = own is not None and own.get_default_version().document_type == "Automation"
    if not params.get("Targets") and "InstanceId" not in params and not automation:
        raise Refuse("InvalidTarget", "An association needs targets.")
    _check(call, params["Name"])
    identifier = str(uuid.UUID(int=mock_random.getrandbits(128), version=4))
    now = datetime.datetime.now(datetime.UTC)
    association = {
        **{key: value for key, value in params.items() if key != "Tags"},
        "AssociationId": identifier,
        "AssociationVersion": "1",
        "DocumentVersion": params.get("DocumentVersion", "$DEFAULT"),
        "Date": now,
        "LastUpdateAssociationDate": now,
        "Overview": {"Status": "Pending", "DetailedStatus": "Creating"},
    }
    call.state["associations"][identifier] = association
    if params.get("Tags"):
        tags = {tag["Key"]: tag["Value"] for tag in params["Tags"]}
        call.backend("ssm")._resource_tags["Association"][identifier] = tags
    return {"AssociationDescription": association}


@operation("ssm", "UpdateAssociation")
def update_association(call: Call) -> dict[str, Any]:
    """Another version of it: what the call leaves out is gone, but for the document and the targets."""
    before = _association(call)
    kept = ("AssociationId", "Name", "Targets", "InstanceId", "DocumentVersion", "Date", "Overview")
    after = {key: before[key] for key in kept if key in before} | call.params
    _check(call, after["Name"])
    after["AssociationVersion"] = str(int(before["AssociationVersion"]) + 1)
    after["LastUpdateAssociationDate"] = datetime.datetime.now(datetime.UTC)
    call.state["associations"][before["AssociationId"]] = after
    return {"AssociationDescription": after}


def _check(call: Call, document: str) -> None:
    check_use(call, document, call.params.get("Parameters", {}))
    _check_schedule(call.params.get("ScheduleExpression", ""))


def _check_schedule(expression: str) -> None:
    if not expression:
        return
    if rate := RATE.fullmatch(expression):
        if int(rate.group(1)) * MINUTES[rate.group(2).removesuffix("s")] < 30:
            raise Refuse("InvalidSchedule", f"Associations run every 30 minutes at most: {expression}")
        return
    if not re.fullmatch(r"cron\(\S+( \S+){5}\)", expression):
        raise Refuse("InvalidSchedule", f"The schedule is invalid: {expression}")


@operation("ssm", "DescribeAssociation")
def describe_association(call: Call) -> dict[str, Any]:
    """One association."""
    return {"AssociationDescription": _association(call)}


@operation("ssm", "ListAssociations")
def list_associations(call: Call) -> dict[str, Any]:
    """All, or those of a document or of a name."""
    found = list(call.state["associations"].values())
    members = {"Name": "Name", "AssociationId": "AssociationId", "AssociationName": "AssociationName"}
    for one in call.params.get("AssociationFilterList", []):
        if one["key"] in members:
            found = [association for association in found if association.get(members[one["key"]]) == one["value"]]
    return {"Associations": found}


@operation("ssm", "DeleteAssociation")
def delete_association(call: Call) -> dict[str, Any]:
    """It no longer runs."""
    del call.state["associations"][_association(call)["AssociationId"]]
    return {}


def _association(call: Call) -> dict[str, Any]:
    identifier = call.params.get("AssociationId", "")
    if identifier not in call.state["associations"]:
        raise Refuse("AssociationDoesNotExist", f"The association {identifier} does not exist.")
    found: dict[str, Any] = call.state["associations"][identifier]
    return found
