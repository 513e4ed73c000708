"""X-Ray: groups and sampling rules, which moto lacks."""

import datetime
import re
from typing import Any

from moto.xray.responses import XRayResponse

from rehearsal.extend import Call, Refuse, operation

MOST_RULES = 25
LONGEST_FILTER = 2000
KEYWORDS = re.compile(
    r"\b(ok|error|throttle|fault|partial|inferred|first|last|remote|root|responsetime|duration|http|name|user|service|edge"
    r"|annotation|json|group|rootcause|availabilityzone|instance|resource|id|type|true|false|and|or|not|contains|beginswith"
    r"|endswith|account|arn|status|method|url|useragent|clientip|message|coverage|exception|entity)\b",
    re.IGNORECASE,
)

_of_path = XRayResponse._get_action


def _operation(self: XRayResponse) -> str:
    """moto takes the path of a request for its operation; for this one the two differ."""
    path = _of_path(self)
    return "GetGroups" if path == "Groups" else path


XRayResponse._get_action = _operation  # type: ignore[method-assign]


def _check_filter(expression: str) -> None:
    """A filter has keywords, values in quotes, and brackets that close."""
    if len(expression) > LONGEST_FILTER:
        raise Refuse("InvalidRequestException", f"A filter expression has at most {LONGEST_FILTER} characters.")
    bare = re.sub(r'"[^"]*"', "", expression)
    opened: list[str] = []
    for sign in bare:
        if sign in "({[":
            opened.append({"(": ")", "{": "}", "[": "]"}[sign])
        elif sign in ")}]" and (not opened or opened.pop() != sign):
            opened = ["?"]
            break
    rest = KEYWORDS.sub("", bare)
    if opened or '"' in bare or re.search(r"[A-Za-z]", rest):
        raise Refuse("InvalidRequestException", f"Invalid filter expression: {expression}")


def _tags(call: Call, arn: str) -> None:
    call.state["tags"][arn] = {tag["Key"]: tag["Value"] for tag in call.params.get("Tags", [])}


@operation("xray", "CreateGroup")
def create_group(call: Call) -> dict[str, Any]:
    """Names are used once, and one is X-Ray's own."""
    name = call.params["GroupName"]
    if name in call.state["groups"] or name == "Default":
        raise Refuse("InvalidRequestException", f"The group {name} already exists.")
    _check_filter(call.params.get("FilterExpression", ""))
    insights = call.params.get("InsightsConfiguration", {"InsightsEnabled": False, "NotificationsEnabled": False})
    if insights.get("NotificationsEnabled") and not insights.get("InsightsEnabled"):
        raise Refuse("InvalidRequestException", "Notifications need insights.")
    arn = call.arn(f"group/{name}/{call.new_id(length=32).upper()}")
    group = {key: call.params[key] for key in ("GroupName", "FilterExpression") if key in call.params}
    call.state["groups"][name] = {**group, "GroupARN": arn, "InsightsConfiguration": insights}
    _tags(call, arn)
    return {"Group": call.state["groups"][name]}


@operation("xray", "GetGroup")
def get_group(call: Call) -> dict[str, Any]:
    """By name or by ARN."""
    return {"Group": _group(call)}


def _group(call: Call) -> dict[str, Any]:
    name, arn = call.params.get("GroupName"), call.params.get("GroupARN")
    for group in call.state["groups"].values():
        if group["GroupName"] == name or group["GroupARN"] == arn:
            found: dict[str, Any] = group
            return found
    raise Refuse("InvalidRequestException", "Group not found")


@operation("xray", "UpdateGroup")
def update_group(call: Call) -> dict[str, Any]:
    """Filter and insights."""
    group = _group(call)
    _check_filter(call.params.get("FilterExpression", ""))
    group.update({key: call.params[key] for key in ("FilterExpression", "InsightsConfiguration") if key in call.params})
    return {"Group": group}


@operation("xray", "DeleteGroup")
def delete_group(call: Call) -> dict[str, Any]:
    """Its traces stay."""
    group = call.state["groups"].pop(_group(call)["GroupName"])
    call.state["tags"].pop(group["GroupARN"], None)
    return {}


@operation("xray", "GetGroups")
def get_groups(call: Call) -> dict[str, Any]:
    """All of them."""
    return {"Groups": list(call.state["groups"].values())}


@operation("xray", "CreateSamplingRule")
def create_sampling_rule(call: Call) -> dict[str, Any]:
    """Names are used once; there are few rules in a region."""
    rule = call.params["SamplingRule"]
    name = rule["RuleName"]
    if name in call.state["sampling_rules"] or name == "Default":
        raise Refuse("InvalidRequestException", f"The sampling rule {name} already exists.")
    if len(call.state["sampling_rules"]) >= MOST_RULES:
        raise Refuse("RuleLimitExceededException", f"There are at most {MOST_RULES} sampling rules.")
    if rule["Version"] != 1:
        raise Refuse("InvalidRequestException", "The version of sampling rules is 1.")
    now, arn = datetime.datetime.now(datetime.UTC), call.arn(f"sampling-rule/{name}")
    record = {"SamplingRule": {**rule, "RuleARN": arn}, "CreatedAt": now, "ModifiedAt": now}
    call.state["sampling_rules"][name] = record
    _tags(call, arn)
    return {"SamplingRuleRecord": record}


@operation("xray", "GetSamplingRules")
def get_sampling_rules(call: Call) -> dict[str, Any]:
    """All of them."""
    return {"SamplingRuleRecords": list(call.state["sampling_rules"].values())}


@operation("xray", "UpdateSamplingRule")
def update_sampling_rule(call: Call) -> dict[str, Any]:
    """Everything but name and version."""
    record = _rule(call, call.params["SamplingRuleUpdate"])
    record["SamplingRule"].update(call.params["SamplingRuleUpdate"])
    record["ModifiedAt"] = datetime.datetime.now(datetime.UTC)
    return {"SamplingRuleRecord": record}


@operation("xray", "DeleteSamplingRule")
def delete_sampling_rule(call: Call) -> dict[str, Any]:
    """By name or by ARN."""
    record = _rule(call, call.params)
    rule = record["SamplingRule"]
    del call.state["sampling_rules"][rule["RuleName"]]
    call.state["tags"].pop(rule["RuleARN"], None)
    return {"SamplingRuleRecord": record}


def _rule(call: Call, wanted: dict[str, Any]) -> dict[str, Any]:
    for record in call.state["sampling_rules"].values():
        rule = record["SamplingRule"]
        if rule["RuleName"] == wanted.get("RuleName") or rule["RuleARN"] == wanted.get("RuleARN"):
            found: dict[str, Any] = record
            return found
    raise Refuse("InvalidRequestException", "Sampling rule does not exist.")


@operation("xray", "TagResource")
def tag_resource(call: Call) -> dict[str, Any]:
    """Add tags to a group or a rule."""
    _tagged(call).update({tag["Key"]: tag["Value"] for tag in call.params["Tags"]})
    return {}


@operation("xray", "UntagResource")
def untag_resource(call: Call) -> dict[str, Any]:
    """Take tags off."""
    for key in call.params["TagKeys"]:
        _tagged(call).pop(key, None)
    return {}


def _tagged(call: Call) -> dict[str, str]:
    arn = call.params["ResourceARN"]
    if arn not in call.state["tags"]:
        raise Refuse("ResourceNotFoundException", f"{arn} does not exist.")
    found: dict[str, str] = call.state["tags"][arn]
    return found


@operation("xray", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> dict[str, Any]:
    """The tags of a group or a rule."""
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tagged(call).items()]}
