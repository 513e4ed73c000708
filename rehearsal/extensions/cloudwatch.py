"""CloudWatch: composite alarms, which moto lacks, and what it takes where CloudWatch refuses: alarms and dashboards."""

import json
import re
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend

from rehearsal.extend import Call, Refuse, operation

DAY, WEEK = 86_400, 604_800
MOST_ACTIONS = 5
WIDGETS = {"alarm", "explorer", "log", "metric", "table", "text", "trace"}
COLUMNS, MOST_WIDGETS, MOST_METRICS, MOST_ALARMS = 24, 500, 500, 100
ACTION = re.compile(
    r"arn:aws:(sns|lambda|autoscaling|ssm-incidents):.*|arn:aws:automate:.*|arn:aws:swf:.*"
    r"|arn:aws:ssm:[a-z0-9-]+:\d{12}:opsitem:[1-4](#CATEGORY=(Availability|Cost|Performance|Recovery|Security))?"
)


def _invalid(message: str) -> Refuse:
    return Refuse("ValidationError", message)


def _check_actions(call: Call) -> None:
    for member in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        actions = call.params.get(member, [])
        if len(actions) > MOST_ACTIONS:
            raise _invalid(f"{member} has at most {MOST_ACTIONS} actions.")
        for action in actions:
            if not ACTION.fullmatch(action):
                raise _invalid(f"Invalid arn syntax: {action}")
            if action.startswith("arn:aws:ssm:") and member != "AlarmActions":
                raise _invalid("An OpsItem can be opened by an alarm that rings only.")


def _check_expression(query: dict[str, Any], ids: list[str]) -> None:
    expression = query.get("Expression", "")
    if expression.startswith("SELECT "):
        if "Period" not in query:
            raise _invalid(f"The query of {query['Id']} needs a period.")
        return
    if unknown := set(re.findall(r"\b[a-z]\w*\b", expression)) - set(ids):
        raise _invalid(f"The expression of {query['Id']} refers to {sorted(unknown)}, which is no metric of the alarm.")


@operation("cloudwatch", "PutMetricAlarm")
def put_metric_alarm(call: Call) -> Any:
    """One metric or several with one result; a span that CloudWatch keeps; actions that there are."""
    params = call.params
    _check_actions(call)
    queries = params.get("Metrics", [])
    periods = [query.get("MetricStat", {}).get("Period") or query.get("Period") for query in queries]
    if queries:
        if any(
            member in params for member in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions")
        ):
            raise _invalid("Metrics and the members of a single metric exclude each other.")
        if sum(query.get("ReturnData", True) for query in queries) != 1:
            raise _invalid("Exactly one element of the metrics list should return data.")
        ids = [query["Id"] for query in queries]
        if len(set(ids)) != len(ids) or not all(re.fullmatch(r"[a-z][a-zA-Z0-9_]*", identifier) for identifier in ids):
            raise _invalid(f"Ids of metrics are unique and begin with a lower case letter: {ids}")
        for query in queries:
            _check_expression(query, ids)
    elif not {"MetricName", "Namespace", "Period"} <= set(params) or ("Statistic" in params) == ("ExtendedStatistic" in params):
        raise _invalid("An alarm on a metric needs its name, namespace, period and one statistic.")
    else:
        periods = [params["Period"]]
    longest = max((period for period in periods if period), default=60)
    if longest * params["EvaluationPeriods"] > (WEEK if longest >= 3600 else DAY):
        raise _invalid("Metrics cannot be checked across more than a day, or seven with periods of an hour or more.")
    if any(period and period not in {10, 20, 30} and period % 60 for period in periods):
        raise _invalid("A period is 10, 20, 30 or a multiple of 60 seconds.")
    if params.get("DatapointsToAlarm", 1) > params["EvaluationPeriods"]:
        raise _invalid("DatapointsToAlarm cannot be more than EvaluationPeriods.")
    return call.moto()


@operation("cloudwatch", "PutCompositeAlarm")
def put_composite_alarm(call: Call) -> dict[str, Any]:
    """Over alarms that are there."""
    params, backend = call.params, call.backend("cloudwatch")
    rule = params["AlarmRule"]
    _check_actions(call)
    named = re.findall(r'(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^")]+?)"?\s*\)', rule)
    rest = re.sub(r'(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"[^"]+"|[^")]+?)\s*\)|\b(AND|OR|NOT|TRUE|FALSE)\b|[()\s]', "", rule)
    if rest or rule != rule.strip() or not (named or re.search(r"\b(TRUE|FALSE)\b", rule)):
        raise _invalid(f"AlarmRule syntax error: {rule}")
    for name in named:
        if name.rsplit(":alarm:", maxsplit=1)[-1] not in backend.alarms:
            raise _invalid(f"Could not save the composite alarm as alarm {name} does not exist.")
    if len(set(named)) > 100:
        raise _invalid("A composite alarm has at most 100 children.")
    backend.put_metric_alarm(
        name=params["AlarmName"],
        namespace=None,
        metric_name=None,
        comparison_operator=None,
        evaluation_periods=None,
        period=None,
        threshold=None,
        statistic=None,
        description=params.get("AlarmDescription"),
        dimensions=[],
        alarm_actions=params.get("AlarmActions", []),
        ok_actions=params.get("OKActions", []),
        insufficient_data_actions=params.get("InsufficientDataActions", []),
        actions_enabled=params.get("ActionsEnabled", True),
        rule=rule,
        tags=params.get("Tags", []),
    )
    return {}


@operation("cloudwatch", "PutDashboard")
def put_dashboard(call: Call) -> Any:
    """Widgets of types that there are, within the grid, with what their type needs."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", call.params["DashboardName"]):
        raise Refuse("InvalidParameterInput", "The name of a dashboard has letters, digits, - and _ only.")
    try:
        body = json.loads(call.params["DashboardBody"])
    except ValueError as error:
        raise Refuse("InvalidParameterInput", f"The dashboard body is no JSON: {error}") from error
    widgets = body.get("widgets", [])
    messages = [f"/widgets/{position}: {text}" for position, widget in enumerate(widgets) for text in _widget_mistakes(widget)]
    if len(widgets) > MOST_WIDGETS:
        messages.append(f"/widgets: at most {MOST_WIDGETS}")
    if messages:
        raise Refuse("InvalidParameterInput", "The field DashboardBody must be valid: " + "; ".join(messages))
    return call.moto()


def _widget_mistakes(widget: dict[str, Any]) -> list[str]:
    mistakes = []
    properties = widget.get("properties", {})
    if widget.get("type") not in WIDGETS:
        mistakes.append(f"type must be one of {sorted(WIDGETS)}")
    if not 1 <= widget.get("width", 6) <= COLUMNS or widget.get("x", 0) + widget.get("width", 6) > COLUMNS:
        mistakes.append(f"the widget leaves the grid of {COLUMNS} columns")
    if not 1 <= widget.get("height", 6) <= 1000:
        mistakes.append("height must be 1 to 1000")
    if widget.get("type") == "text" and not properties.get("markdown"):
        mistakes.append("a text widget needs markdown")
    if widget.get("type") == "alarm" and not 1 <= len(properties.get("alarms", [])) <= MOST_ALARMS:
        mistakes.append(f"an alarm widget has 1 to {MOST_ALARMS} alarms")
    if widget.get("type") == "metric" and "annotations" not in properties:
        metrics = properties.get("metrics", [])
        if not properties.get("region"):
            mistakes.append("a metric widget needs a region")
        if not 1 <= len(metrics) <= MOST_METRICS:
            mistakes.append(f"a metric widget has 1 to {MOST_METRICS} metrics")
        if any(not _line_is_right(line) for line in metrics):
            mistakes.append("a metric has a namespace, a name and dimensions by twos, or is an expression")
    return mistakes


def _line_is_right(line: Any) -> bool:
    if not isinstance(line, list) or not line:
        return False
    if isinstance(line[0], dict):
        return len(line) == 1 and "expression" in line[0]
    parts = line[:-1] if isinstance(line[-1], dict) else line
    return len(parts) >= 2 and len(parts) % 2 == 0 and all(isinstance(part, str) and part for part in parts)


_alarms_of = CloudWatchBackend.get_alarms_by_alarm_names


def _alarms(self: CloudWatchBackend, alarm_names: list[str]) -> Any:
    """Alarms by their names; one is not looked for among all."""
    if len(alarm_names) == 1:
        return [self.alarms[alarm_names[0]]] if alarm_names[0] in self.alarms else []
    return _alarms_of(self, alarm_names)


CloudWatchBackend.get_alarms_by_alarm_names = _alarms  # type: ignore[method-assign]
