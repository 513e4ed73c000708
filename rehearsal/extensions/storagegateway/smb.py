"""Who may sign in to a gateway over SMB, and how."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.storagegateway.gateways import ERROR, find_gateway


def settings_of(call: Call) -> dict[str, Any]:
    """The SMB settings of the gateway that the request names. Raises Refuse for one that serves no files."""
    gateway = find_gateway(call)
    if not gateway["GatewayType"].startswith("FILE_"):
        raise Refuse(ERROR, "This operation is not valid for the specified gateway.")
    found: dict[str, Any] = call.state["smb"][gateway["GatewayARN"]]
    return found


@operation("storagegateway", "JoinDomain")
def join_domain(call: Call) -> dict[str, Any]:
    """Join an Active Directory domain. The credentials are taken for right."""
    settings = settings_of(call)
    settings.update(DomainName=call.params["DomainName"], ActiveDirectoryStatus="JOINED")
    return {"GatewayARN": settings["GatewayARN"], "ActiveDirectoryStatus": "JOINED"}


@operation("storagegateway", "SetSMBGuestPassword")
def set_smb_guest_password(call: Call) -> dict[str, Any]:
    """Set the password of the user `smbguest`; nobody can read it again."""
    settings = settings_of(call)
    settings["SMBGuestPasswordSet"] = True
    return {"GatewayARN": settings["GatewayARN"]}


@operation("storagegateway", "UpdateSMBSecurityStrategy")
def update_smb_security_strategy(call: Call) -> dict[str, Any]:
    """Set what the gateway demands of a connection."""
    settings = settings_of(call)
    settings["SMBSecurityStrategy"] = call.params["SMBSecurityStrategy"]
    return {"GatewayARN": settings["GatewayARN"]}


@operation("storagegateway", "UpdateSMBFileShareVisibility")
def update_smb_file_share_visibility(call: Call) -> dict[str, Any]:
    """Set whether shares are listed to those who browse."""
    settings = settings_of(call)
    settings["FileSharesVisible"] = call.params["FileSharesVisible"]
    return {"GatewayARN": settings["GatewayARN"]}


@operation("storagegateway", "DescribeSMBSettings")
def describe_smb_settings(call: Call) -> dict[str, Any]:
    """Domain, guest and security of SMB."""
    return settings_of(call)
