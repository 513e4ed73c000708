"""Flow logs: moto looks for the log group by a name that modern requests do not give, and takes any role."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation


@operation("ec2", "CreateFlowLogs")
def create_flow_logs(call: Call) -> Any:
    """Refuse a role that does not exist; a log group that does not exist shows as failed delivery, as with AWS."""
    params = call.params
    if params.get("LogDestinationType", "cloud-watch-logs") != "cloud-watch-logs":
        return call.moto()
    roles = {role.arn for role in call.backend("iam").roles.values()}
    if params.get("DeliverLogsPermissionArn") not in roles:
        raise Refuse("InvalidParameter", f"The role {params.get('DeliverLogsPermissionArn')} does not exist")
    answer = call.moto()
    destination = params.get("LogDestination", "").removesuffix(":*")
    found = {group.arn.removesuffix(":*") for group in call.backend("logs").groups.values()}
    for identifier in answer.result["FlowLogIds"]:
        log = call.backend("ec2").flow_logs[identifier]
        log.deliver_logs_status = "SUCCESS" if destination in found else "FAILED"
        log.deliver_logs_error_message = None if destination in found else "Access error"
    return answer
