"""Route 53: records. Global: no region."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table


def _batch(action: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """One change of one set of records."""
    record: dict[str, Any] = {"Name": inputs["name"], "Type": inputs["type"]}
    if "ttl" in inputs:
        record["TTL"] = int(inputs["ttl"])
    if "records" in inputs:
        record["ResourceRecords"] = [{"Value": value} for value in inputs["records"]]
    for alias in inputs.get("aliases", []):
        record["AliasTarget"] = {
            "DNSName": alias["name"],
            "HostedZoneId": alias["zoneId"],
            "EvaluateTargetHealth": alias["evaluateTargetHealth"],
        }
    if "setIdentifier" in inputs:
        record["SetIdentifier"] = inputs["setIdentifier"]
    for policy in inputs.get("weightedRoutingPolicies", []):
        record["Weight"] = int(policy["weight"])
    return {"Changes": [{"Action": action, "ResourceRecordSet": record}]}


def _change(context: Context) -> dict[str, Any]:
    batch = _batch("UPSERT" if context.old else "CREATE", context.inputs)
    request = {"HostedZoneId": context.inputs["zoneId"], "ChangeBatch": batch}
    return context.call("route53", "ChangeResourceRecordSets", request)


def _removal(context: Context) -> dict[str, Any]:
    return _batch("DELETE", context.inputs)


def _id(context: Context) -> str:
    inputs = context.inputs
    parts = [
        inputs["zoneId"],
        inputs["name"],
        inputs["type"],
        *([inputs["setIdentifier"]] if "setIdentifier" in inputs else []),
    ]
    return "_".join(parts)


def _path(context: Context) -> str:
    """The list begins with the set asked for, or with the next one; sets of one name and type differ by their identifier."""
    name, identifier = context.inputs["name"].rstrip("."), context.inputs.get("setIdentifier")
    alone = f" && SetIdentifier=='{identifier}'" if identifier else ""
    return f"ResourceRecordSets[?Name=='{name}.' && Type=='{context.inputs['type']}'{alone}] | [0]"


ROWS: Table = {
    "aws:route53/record:Record": Row(
        service="route53",
        create="ChangeResourceRecordSets",
        id=_id,
        delete=(Call("ChangeResourceRecordSets", {"HostedZoneId": "$inputs.zoneId", "ChangeBatch": _removal}),),
        upsert=True,
        function=_change,
        consumes=frozenset({"name", "type", "ttl", "records", "aliases", "setIdentifier", "weightedRoutingPolicies", "zoneId"}),
        local={"allowOverwrite": "UPSERT in place of CREATE, which a fresh account does not need"},
        read=(
            Read(
                "ListResourceRecordSets",
                {
                    "HostedZoneId": "$inputs.zoneId",
                    "StartRecordName": "$inputs.name",
                    "StartRecordType": "$inputs.type",
                },
                _path,
                fields={
                    "type": "Type",
                    "ttl": "TTL",
                    "records": "ResourceRecords[].Value",
                    "aliases": (
                        "[AliasTarget.{zoneId: HostedZoneId, evaluateTargetHealth: EvaluateTargetHealth, name: DNSName}]"
                    ),
                    "setIdentifier": "SetIdentifier",
                    "weightedRoutingPolicies": "[{weight: Weight}]",
                },
            ),
        ),
        unverified={"name": "Route 53 adds the final dot", "zoneId": "the read is of this very zone"},
        outputs={"fqdn": "$inputs.name"},
    ),
}
