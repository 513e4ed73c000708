"""Route 53: moto joins any VPC to a zone, one that does not exist or that has the name already."""

import datetime
from typing import Any

from rehearsal.extend import Call, Refuse, operation


@operation("route53", "CreateHostedZone")
def create_zone(call: Call) -> Any:
    """A zone that begins with a VPC is a private one, whether the request says so or not; the VPC exists."""
    params, vpc = call.params, call.params.get("VPC")
    if not vpc:
        answer = call.moto()
        _spell(answer.result["HostedZone"])
        return answer
    _check(call, vpc, params["Name"])
    zone = call.backend("route53").create_hosted_zone(
        params["Name"].rstrip(".") + ".",
        private_zone=True,
        caller_reference=params["CallerReference"],
        vpcid=vpc["VPCId"],
        vpcregion=vpc.get("VPCRegion", call.region),
        comment=params.get("HostedZoneConfig", {}).get("Comment"),
    )
    _spell(zone)
    return {
        "HostedZone": zone,
        "ChangeInfo": {"Id": "/change/C1PA6795UKMFR9", "Status": "INSYNC", "SubmittedAt": datetime.datetime.now(datetime.UTC)},
        "VPC": vpc,
        "Location": f"https://route53.amazonaws.com/2013-04-01/hostedzone/{zone.resource_id}",
    }


def _spell(zone: Any) -> None:
    """The zone's first record holds a text, not moto's structure around it."""
    for record in zone.rrsets:
        record.records = [value["Value"] if isinstance(value, dict) else value for value in record.records]


@operation("route53", "ChangeResourceRecordSets")
def change_records(call: Call) -> Any:
    """moto deletes whatever shares the set identifier of one that is deleted: with regions, every record of a zone."""
    zone = call.backend("route53").get_hosted_zone(call.params["HostedZoneId"])
    before = list(zone.rrsets)
    answer = call.moto()
    asked = [change["ResourceRecordSet"] for change in call.params["ChangeBatch"]["Changes"]]
    meant = {(one["Name"].rstrip("."), one["Type"], one.get("SetIdentifier")) for one in asked}
    left = set(map(id, zone.rrsets))
    for record in before:
        if id(record) not in left and (record.name.rstrip("."), record.type, record.set_identifier) not in meant:
            zone.rrsets.append(record)
    return answer


@operation("route53", "AssociateVPCWithHostedZone")
def associate_vpc(call: Call) -> Any:
    """A VPC of any region joins a private zone."""
    zone = call.backend("route53").get_hosted_zone(call.params["HostedZoneId"])
    _check(call, call.params["VPC"], zone.name)
    return call.moto()


def _check(call: Call, vpc: dict[str, Any], name: str) -> None:
    vpc_id, region = vpc.get("VPCId"), vpc.get("VPCRegion", call.region)
    if vpc_id not in call.backend("ec2", region).vpcs:
        raise Refuse(
            "InvalidVPCId", f"The VPC {vpc_id} in region {region} that you provided is not authorized or does not exist."
        )
    for zone in call.backend("route53").zones.values():
        if zone.name.rstrip(".") == name.rstrip(".") and any(one.get("vpc_id") == vpc_id for one in zone.vpcs):
            message = (
                f"The VPC {vpc_id} in region {region} has already been associated with the hosted zone {zone.resource_id} "
            )
            raise Refuse("ConflictingDomainExists", message + "with the same domain name.")
