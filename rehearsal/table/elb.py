"""Elastic Load Balancing: Application Load Balancers, listeners, rules, target groups."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update

BALANCER_ATTRIBUTES = {
    "accessLogs": ("access_logs.s3.enabled", "access_logs.s3.bucket", "access_logs.s3.prefix"),
    "desyncMitigationMode": ("routing.http.desync_mitigation_mode",),
    "dropInvalidHeaderFields": ("routing.http.drop_invalid_header_fields.enabled",),
    "enableDeletionProtection": ("deletion_protection.enabled",),
    "enableHttp2": ("routing.http2.enabled",),
    "idleTimeout": ("idle_timeout.timeout_seconds",),
    "preserveHostHeader": ("routing.http.preserve_host_header.enabled",),
}
"""Inputs of a load balancer that AWS takes by a later call, as text."""
GROUP_ATTRIBUTES = {
    "deregistrationDelay": ("deregistration_delay.timeout_seconds",),
    "loadBalancingAlgorithmType": ("load_balancing.algorithm.type",),
    "slowStart": ("slow_start.duration_seconds",),
    "stickiness": ("stickiness.enabled", "stickiness.type", "stickiness.lb_cookie.duration_seconds"),
}
"""The same for a target group."""


def _values(key: str, value: Any) -> list[Any]:
    """The value of each attribute that an input stands for, in the order of the tables above."""
    if key == "accessLogs":
        return [value.get("enabled", False), value.get("bucket"), value.get("prefix")]
    if key == "stickiness":
        return [value.get("enabled", True), value["type"], value.get("cookieDuration")]
    return [value]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) else str(value)


def _attributes(table: dict[str, tuple[str, ...]], inputs: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"Key": name, "Value": _text(value)}
        for key, names in table.items()
        if key in inputs
        for name, value in zip(names, _values(key, inputs[key]), strict=True)
        if value is not None
    ]


def _balancer_attributes(context: Context) -> list[dict[str, str]]:
    return _attributes(BALANCER_ATTRIBUTES, context.inputs)


def _group_attributes(context: Context) -> list[dict[str, str]]:
    return _attributes(GROUP_ATTRIBUTES, context.inputs)


def _attribute_fields(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Where each input is found in the answer of a Describe...Attributes call."""
    fields = {key: f"Attributes[?Key=='{names[0]}'].Value | [0]" for key, names in table.items() if len(names) == 1}
    if "accessLogs" in table:
        fields["accessLogs"] = (
            "{enabled: Attributes[?Key=='access_logs.s3.enabled'].Value | [0], "
            "bucket: Attributes[?Key=='access_logs.s3.bucket'].Value | [0]}"
        )
    if "stickiness" in table:
        fields["stickiness"] = (
            "{enabled: Attributes[?Key=='stickiness.enabled'].Value | [0], "
            "type: Attributes[?Key=='stickiness.type'].Value | [0], "
            "cookieDuration: Attributes[?Key=='stickiness.lb_cookie.duration_seconds'].Value | [0]}"
        )
    return fields


def _action(action: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Type": action["type"]}
    if "targetGroupArn" in action:
        made["TargetGroupArn"] = action["targetGroupArn"]
    if "forward" in action:
        made["ForwardConfig"] = _forward(action["forward"])
    if "redirect" in action:
        made["RedirectConfig"] = _capitalized(action["redirect"])
    if "fixedResponse" in action:
        made["FixedResponseConfig"] = _capitalized(action["fixedResponse"])
    return made


def _forward(forward: dict[str, Any]) -> dict[str, Any]:
    """Several target groups, each with its weight."""
    made: dict[str, Any] = {
        "TargetGroups": [{"TargetGroupArn": one["arn"], "Weight": int(one.get("weight", 1))} for one in forward["targetGroups"]]
    }
    if "stickiness" in forward:
        sticky = forward["stickiness"]
        enabled, duration = bool(sticky.get("enabled", False)), int(sticky["duration"])
        made["TargetGroupStickinessConfig"] = {"Enabled": enabled, "DurationSeconds": duration}
    return made


def _actions_read(rule: dict[str, Any], context: Context) -> list[dict[str, Any]]:
    """The actions of a rule in the provider's words: the forward to one target group is said in one of two ways."""
    found = []
    for action in rule["Actions"]:
        read: dict[str, Any] = {"type": action["Type"]}
        forward = action.get("ForwardConfig") or {}
        groups = forward.get("TargetGroups") or []
        if len(groups) > 1:
            read["forward"] = {"targetGroups": [{"arn": one["TargetGroupArn"], "weight": one["Weight"]} for one in groups]}
            sticky = forward.get("TargetGroupStickinessConfig") or {}
            if sticky.get("Enabled"):
                read["forward"]["stickiness"] = {"enabled": True, "duration": sticky.get("DurationSeconds")}
        else:
            read["targetGroupArn"] = action.get("TargetGroupArn") or groups[0]["TargetGroupArn"]
        found.append(read)
    return found


def _target(context: Context) -> list[dict[str, Any]]:
    """The one target of an attachment."""
    names = {"targetId": "Id", "port": "Port", "availabilityZone": "AvailabilityZone"}
    given = {member: context.inputs[key] for key, member in names.items() if key in context.inputs}
    return [given | ({"Port": int(given["Port"])} if "Port" in given else {})]


def _capitalized(value: dict[str, Any]) -> dict[str, Any]:
    return {key[0].upper() + key[1:]: item for key, item in value.items()}


def _actions(member: str) -> Any:
    return lambda actions, context: {member: [_action(action) for action in actions]}


def _conditions(conditions: list[dict[str, Any]], context: Context) -> dict[str, Any]:
    made = []
    for condition in conditions:
        if "hostHeader" in condition:
            made.append({"Field": "host-header", "HostHeaderConfig": {"Values": condition["hostHeader"]["values"]}})
        if "pathPattern" in condition:
            made.append({"Field": "path-pattern", "PathPatternConfig": {"Values": condition["pathPattern"]["values"]}})
    return {"Conditions": made}


def _health_check(check: dict[str, Any], context: Context) -> dict[str, Any]:
    """One input in the provider, eight members in the API."""
    names = {
        "enabled": ("HealthCheckEnabled", bool),
        "healthyThreshold": ("HealthyThresholdCount", int),
        "interval": ("HealthCheckIntervalSeconds", int),
        "path": ("HealthCheckPath", str),
        "port": ("HealthCheckPort", str),
        "protocol": ("HealthCheckProtocol", str),
        "timeout": ("HealthCheckTimeoutSeconds", int),
        "unhealthyThreshold": ("UnhealthyThresholdCount", int),
    }
    made: dict[str, Any] = {member: kind(check[key]) for key, (member, kind) in names.items() if key in check}
    return made | ({"Matcher": {"HttpCode": check["matcher"]}} if "matcher" in check else {})


def _priority(priority: float, context: Context) -> dict[str, Any]:
    """Priorities are set by a call of their own, and one rule at a time by the provider."""
    return {"RulePriorities": [{"RuleArn": context.id, "Priority": int(priority)}]}


ROWS: Table = {
    "aws:lb/listenerCertificate:ListenerCertificate": Row(
        service="elbv2",
        create="AddListenerCertificates",
        id=lambda c: f"{c.inputs['listenerArn']}_{c.inputs['certificateArn']}",
        delete=(
            Call(
                "RemoveListenerCertificates",
                {"ListenerArn": "$inputs.listenerArn", "Certificates": [{"CertificateArn": "$inputs.certificateArn"}]},
            ),
        ),
        inputs={"certificateArn": lambda value, context: {"Certificates": [{"CertificateArn": value}]}},
        read=(
            Read(
                "DescribeListenerCertificates",
                {"ListenerArn": "$inputs.listenerArn"},
                "@",
                fields={
                    "certificateArn": lambda answer, c: next(
                        (
                            one["CertificateArn"]
                            for one in answer["Certificates"]
                            if one["CertificateArn"] == c.inputs["certificateArn"]
                        ),
                        None,
                    )
                },
            ),
        ),
        unverified={"listenerArn": "what was asked about"},
    ),
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": Row(
        service="elbv2",
        create="RegisterTargets",
        id=lambda c: f"{c.inputs['targetGroupArn']}-{c.inputs['targetId']}-{int(c.inputs.get('port', 0))}",
        delete=(Call("DeregisterTargets", {"TargetGroupArn": "$inputs.targetGroupArn", "Targets": _target}),),
        inputs={
            "targetId": lambda value, context: {"Targets": _target(context)},
        },
        consumes=frozenset({"port", "availabilityZone"}),
        read=(
            Read(
                "DescribeTargetHealth",
                {"TargetGroupArn": "$inputs.targetGroupArn", "Targets": _target},
                "TargetHealthDescriptions[0]",
                fields={"targetId": "Target.Id", "port": "Target.Port", "availabilityZone": "Target.AvailabilityZone"},
            ),
        ),
        unverified={"targetGroupArn": "what was asked about"},
        extended=True,
    ),
    "aws:lb/loadBalancer:LoadBalancer": Row(
        service="elbv2",
        create="CreateLoadBalancer",
        id="$response.LoadBalancers[0].LoadBalancerArn",
        delete=(Call("DeleteLoadBalancer", {"LoadBalancerArn": "$id"}),),
        update=(
            Update("SetSecurityGroups", {"LoadBalancerArn": "$id"}, takes=frozenset({"securityGroups"})),
            Update("SetSubnets", {"LoadBalancerArn": "$id"}, takes=frozenset({"subnets"})),
        ),
        autoname="name",
        inputs={
            "internal": lambda value, context: {"Scheme": "internal" if value else "internet-facing"},
            "loadBalancerType": "Type",
        },
        consumes=frozenset(BALANCER_ATTRIBUTES),
        after=(Call("ModifyLoadBalancerAttributes", {"LoadBalancerArn": "$id", "Attributes": _balancer_attributes}),),
        read=(
            Read(
                "DescribeLoadBalancers",
                {"LoadBalancerArns": ["$id"]},
                "LoadBalancers[0]",
                fields={
                    "name": "LoadBalancerName",
                    "internal": "Scheme == 'internal'",
                    "subnets": "AvailabilityZones[].SubnetId",
                },
            ),
            Read(
                "DescribeLoadBalancerAttributes",
                {"LoadBalancerArn": "$id"},
                "@",
                fields=_attribute_fields(BALANCER_ATTRIBUTES),
            ),
            Read("DescribeTags", {"ResourceArns": ["$id"]}, "TagDescriptions[0]", fields={"tags": "Tags"}),
        ),
        outputs={
            "arn": "$id",
            "arnSuffix": lambda c: c.id.split(":loadbalancer/", 1)[1],
            "dnsName": "$read.DNSName",
            "zoneId": "$read.CanonicalHostedZoneId",
            "vpcId": "$read.VpcId",
        },
    ),
    "aws:lb/targetGroup:TargetGroup": Row(
        service="elbv2",
        create="CreateTargetGroup",
        id="$response.TargetGroups[0].TargetGroupArn",
        delete=(Call("DeleteTargetGroup", {"TargetGroupArn": "$id"}),),
        update=(Update("ModifyTargetGroup", {"TargetGroupArn": "$id"}, takes=frozenset({"healthCheck"})),),
        autoname="name",
        inputs={"healthCheck": _health_check},
        consumes=frozenset(GROUP_ATTRIBUTES),
        after=(Call("ModifyTargetGroupAttributes", {"TargetGroupArn": "$id", "Attributes": _group_attributes}),),
        read=(
            Read(
                "DescribeTargetGroups",
                {"TargetGroupArns": ["$id"]},
                "TargetGroups[0]",
                fields={
                    "name": "TargetGroupName",
                    "healthCheck": (
                        "{enabled: HealthCheckEnabled, healthyThreshold: HealthyThresholdCount, "
                        "interval: HealthCheckIntervalSeconds, path: HealthCheckPath, port: HealthCheckPort, "
                        "protocol: HealthCheckProtocol, timeout: HealthCheckTimeoutSeconds, "
                        "unhealthyThreshold: UnhealthyThresholdCount, matcher: Matcher.HttpCode}"
                    ),
                },
            ),
            Read("DescribeTargetGroupAttributes", {"TargetGroupArn": "$id"}, "@", fields=_attribute_fields(GROUP_ATTRIBUTES)),
            Read("DescribeTags", {"ResourceArns": ["$id"]}, "TagDescriptions[0]", fields={"tags": "Tags"}),
        ),
        outputs={"arn": "$id", "arnSuffix": lambda c: c.id.rsplit(":", 1)[1]},
    ),
    "aws:lb/listener:Listener": Row(
        service="elbv2",
        create="CreateListener",
        id="$response.Listeners[0].ListenerArn",
        delete=(Call("DeleteListener", {"ListenerArn": "$id"}),),
        update=(Update("ModifyListener", {"ListenerArn": "$id"}),),
        inputs={
            "defaultActions": _actions("DefaultActions"),
            "certificateArn": lambda value, context: {"Certificates": [{"CertificateArn": value}]},
        },
        read=(
            Read(
                "DescribeListeners",
                {"ListenerArns": ["$id"]},
                "Listeners[0]",
                fields={
                    "certificateArn": "Certificates[0].CertificateArn",
                    "defaultActions": (
                        "DefaultActions[].{type: Type, targetGroupArn: TargetGroupArn, redirect: RedirectConfig, "
                        "fixedResponse: FixedResponseConfig}"
                    ),
                },
            ),
            Read("DescribeTags", {"ResourceArns": ["$id"]}, "TagDescriptions[0]", fields={"tags": "Tags"}),
        ),
        outputs={"arn": "$id"},
    ),
    "aws:lb/listenerRule:ListenerRule": Row(
        service="elbv2",
        create="CreateRule",
        id="$response.Rules[0].RuleArn",
        delete=(Call("DeleteRule", {"RuleArn": "$id"}),),
        update=(
            Update("SetRulePriorities", {}, takes=frozenset({"priority"}), inputs={"priority": _priority}),
            Update("ModifyRule", {"RuleArn": "$id"}),
        ),
        inputs={"actions": _actions("Actions"), "conditions": _conditions},
        read=(
            Read(
                "DescribeRules",
                {"RuleArns": ["$id"]},
                "Rules[0]",
                fields={
                    "actions": _actions_read,
                    "conditions": "Conditions[].{hostHeader: HostHeaderConfig, pathPattern: PathPatternConfig}",
                },
            ),
            Read("DescribeTags", {"ResourceArns": ["$id"]}, "TagDescriptions[0]", fields={"tags": "Tags"}),
        ),
        unverified={"listenerArn": "part of the rule's own ARN"},
        outputs={"arn": "$id"},
    ),
}
