"""Client VPN: how rules, routes, associations and endpoints go, in this order."""

from ipaddress import IPv4Network
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.ec2.client_vpn import associations_of, endpoint_of


@operation("ec2", "RevokeClientVpnIngress")
def revoke(call: Call) -> dict[str, Any]:
    """Close the network to a group, or to those that were let in by no group."""
    cidr = str(IPv4Network(call.params["TargetNetworkCidr"]))
    key = " ".join((endpoint_of(call)["ClientVpnEndpointId"], cidr, call.params.get("AccessGroupId", "")))
    if call.state["client-vpn-rules"].pop(key, None) is None:
        raise Refuse("InvalidClientVpnEndpointAuthorizationRuleNotFound", f"There is no rule for {cidr} and this group")
    return {"Status": {"Code": "revoking"}}


@operation("ec2", "DeleteClientVpnRoute")
def delete_route(call: Call) -> dict[str, Any]:
    """Routes that came with an association go with it alone."""
    destination, subnet = str(IPv4Network(call.params["DestinationCidrBlock"])), call.params.get("TargetVpcSubnetId", "")
    key = " ".join((endpoint_of(call)["ClientVpnEndpointId"], destination, subnet))
    route = call.state["client-vpn-routes"].get(key)
    if route is None:
        raise Refuse("InvalidClientVpnRouteNotFound", f"There is no route to {destination} through {subnet}")
    if route["Origin"] == "associate":
        raise Refuse("OperationNotPermitted", f"The route to {destination} was made by the association of {subnet}")
    del call.state["client-vpn-routes"][key]
    return {"Status": {"Code": "deleting"}}


@operation("ec2", "DisassociateClientVpnTargetNetwork")
def disassociate(call: Call) -> dict[str, Any]:
    """Its routes go along; without any association no client gets in."""
    endpoint, wanted = endpoint_of(call), call.params["AssociationId"]
    association = next((one for one in associations_of(call, endpoint) if one["AssociationId"] == wanted), None)
    if association is None:
        raise Refuse("InvalidClientVpnAssociationIdNotFound", f"Association {wanted} does not exist")
    del call.state["client-vpn-associations"][wanted]
    routes = call.state["client-vpn-routes"]
    for key, route in list(routes.items()):
        through = (route["ClientVpnEndpointId"], route["TargetSubnet"])
        if through == (endpoint["ClientVpnEndpointId"], association["TargetNetworkId"]):
            del routes[key]
    if not associations_of(call, endpoint):
        endpoint["Status"] = {"Code": "pending-associate"}
    return {"AssociationId": wanted, "Status": {"Code": "disassociating"}}


@operation("ec2", "DeleteClientVpnEndpoint")
def delete_endpoint(call: Call) -> dict[str, Any]:
    """Its associations have to go first."""
    endpoint = endpoint_of(call)
    if associations_of(call, endpoint):
        raise Refuse("InvalidOperation", f"{endpoint['ClientVpnEndpointId']} has associations: delete them first")
    identifier = endpoint["ClientVpnEndpointId"]
    rules = call.state["client-vpn-rules"]
    for key in [key for key, rule in rules.items() if rule["ClientVpnEndpointId"] == identifier]:
        del rules[key]
    del call.state["client-vpn-endpoints"][identifier]
    return {"Status": {"Code": "deleting"}}
