"""Route 53: moto joins any VPC to a zone, one that does not exist or that has the name already."""

import datetime
from typing import Any

from rehearsal.extend import Call, Refuse, operation


@operation("route53", "CreateHostedZone")
def create_zone(call: Call) -> Any:
    """A zone that begins with a VPC is a private one, whether the request says so or not; the VPC exists."""
    params, vpc = call.params, call.params.get("VPC")
    if not vpc:
        return call.moto()
    _check(call, vpc, params["Name"])
    zone = call.backend("route53").create_hosted_zone(
        params["Name"].rstrip(".") + ".",
        private_zone=True,
        caller_reference=params["CallerReference"],
        vpcid=vpc["VPCId"],
        vpcregion=vpc.get("VPCRegion", call.region),
        comment=params.get("HostedZoneConfig", {}).get("Comment"),
    )
    return {
        "HostedZone": zone,
        "ChangeInfo": {"Id": "/change/C1PA6795UKMFR9", "Status": "INSYNC", "SubmittedAt": datetime.datetime.now(datetime.UTC)},
        "VPC": vpc,
        "Location": f"https://route53.amazonaws.com/2013-04-01/hostedzone/{zone.resource_id}",
    }


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
