"""Gateways, their disks and their cache.

An activated gateway is a VM that somebody set up: it has a second disk at `/dev/sdb`, unless `attach` says otherwise.
"""

import re
from collections.abc import Sequence
from typing import Any

from rehearsal.extend import Call, Refuse, operation, state

ERROR = "InvalidGatewayRequestException"
"""The service has one code for whatever the caller did wrong."""
GIB = 1024**3
FIRST_DISK = {
    "DiskId": "pci-0000:03:00.0-scsi-0:0:1:0",
    "DiskPath": "/dev/sdb",
    "DiskNode": "SCSI (0:1)",
    "DiskStatus": "present",
    "DiskSizeInBytes": 150 * GIB,
    "DiskAllocationType": "AVAILABLE",
}
TYPES = {"STORED", "CACHED", "VTL", "FILE_S3", "FILE_FSX_SMB"}
LEAST_UPLOAD = 104_857_600
"""Bits a second: the lowest limit of an S3 File Gateway's uploads."""
TIME_ZONE = re.compile(r"GMT([+-][0-9]{1,2}:[0-9]{2})?")


def attach(account: str, region: str, gateway: str, *, path: str, disk_id: str | None = None, more: Sequence[str] = ()) -> None:
    """What a human does: give the VM disks at these paths. They take the place of the disk that a VM has by itself."""
    kept = state("storagegateway", account, region)
    disk = {**FIRST_DISK, "DiskPath": path, **({"DiskId": disk_id} if disk_id else {})}
    further = [{**FIRST_DISK, "DiskPath": one, "DiskId": f"{FIRST_DISK['DiskId']}-{one}"} for one in more]
    kept["disks"][gateway] = [disk, *further]


def find_gateway(call: Call) -> dict[str, Any]:
    """The gateway that the request names. Raises Refuse if there is none."""
    arn = call.params["GatewayARN"]
    found: dict[str, Any] | None = call.state["gateways"].get(arn)
    if found is None:
        raise Refuse(ERROR, f"The specified gateway was not found: {arn}", error={"errorCode": "GatewayNotFound"})
    return found


def need_log_group(call: Call, arn: str) -> None:
    """Raise Refuse unless the log group exists, or none is named."""
    name = arn.rsplit(":log-group:", maxsplit=1)[-1].removesuffix(":*")
    if arn and name not in call.backend("logs").groups:
        raise Refuse(ERROR, f"The log group does not exist: {arn}")


def tags_of(tags: list[dict[str, str]]) -> dict[str, str]:
    """The API's list of tags as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """A mapping as the API's list of tags."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


@operation("storagegateway", "ActivateGateway")
def activate_gateway(call: Call) -> dict[str, Any]:
    """Make a gateway of a VM whose key has not served before."""
    params = call.params
    key, kind = params["ActivationKey"], params.get("GatewayType", "STORED")
    if key in call.state["keys"]:
        raise Refuse(ERROR, "The specified activation key is not valid: it was used before.")
    if params["GatewayRegion"] != call.region:
        raise Refuse(ERROR, f"GatewayRegion {params['GatewayRegion']} is not the region of the request, {call.region}.")
    if kind not in TYPES or not TIME_ZONE.fullmatch(params["GatewayTimezone"]):
        raise Refuse(ERROR, f"The gateway type {kind} or the time zone {params['GatewayTimezone']} is not valid.")
    identifier = call.new_id("sgw-", 8)
    arn = call.arn(f"gateway/{identifier}")
    call.state["keys"][key] = arn
    call.state["disks"][arn] = [dict(FIRST_DISK)]
    call.state["tags"][arn] = tags_of(params.get("Tags", []))
    call.state["gateways"][arn] = {
        "GatewayARN": arn,
        "GatewayId": identifier,
        "GatewayName": params["GatewayName"],
        "GatewayTimezone": params["GatewayTimezone"],
        "GatewayType": kind,
        "GatewayState": "RUNNING",
        "GatewayNetworkInterfaces": [],
        "EndpointType": "STANDARD",
        **_endpoint(call),
        "HostEnvironment": "VMWARE",
        "GatewayCapacity": "Small",
        "SupportedGatewayCapacities": ["Small", "Medium", "Large"],
    }
    call.state["smb"][arn] = {"GatewayARN": arn, "ActiveDirectoryStatus": "DETACHED", "SMBGuestPasswordSet": False}
    call.state["maintenance"][arn] = {"GatewayARN": arn, "HourOfDay": 3, "MinuteOfHour": 0, "DayOfWeek": 0}
    return {"GatewayARN": arn}


def _endpoint(call: Call) -> dict[str, str]:
    """The VPC endpoint that the VM was asked for its key with: that of the service, if the region has one."""
    service = f"com.amazonaws.{call.region}.storagegateway"
    endpoints = [one for one in call.backend("ec2").vpc_end_points.values() if one.service_name == service]
    return {"VPCEndpoint": endpoints[0].dns_entries[0]["DnsName"]} if endpoints else {}


@operation("storagegateway", "DescribeGatewayInformation")
def describe_gateway_information(call: Call) -> dict[str, Any]:
    """A gateway."""
    gateway = find_gateway(call)
    told = {key: value for key, value in gateway.items() if key != "limits"}
    return {**told, "Tags": tag_list(call.state["tags"][gateway["GatewayARN"]])}


@operation("storagegateway", "ListGateways")
def list_gateways(call: Call) -> dict[str, Any]:
    """Every gateway of the region."""
    return {"Gateways": [{**gateway, "GatewayOperationalState": "ACTIVE"} for gateway in call.state["gateways"].values()]}


@operation("storagegateway", "UpdateGatewayInformation")
def update_gateway_information(call: Call) -> dict[str, Any]:
    """Change name, time zone, capacity, health log."""
    gateway = find_gateway(call)
    need_log_group(call, call.params.get("CloudWatchLogGroupARN", ""))
    gateway.update({key: value for key, value in call.params.items() if key != "GatewayARN"})
    return {"GatewayARN": gateway["GatewayARN"], "GatewayName": gateway["GatewayName"]}


@operation("storagegateway", "DeleteGateway")
def delete_gateway(call: Call) -> dict[str, Any]:
    """Forget a gateway and its shares; its files stay in the bucket."""
    arn = find_gateway(call)["GatewayARN"]
    shares = call.state["shares"]
    for share in [key for key, value in shares.items() if value["GatewayARN"] == arn]:
        del shares[share]
    del call.state["gateways"][arn]
    return {"GatewayARN": arn}


@operation("storagegateway", "UpdateMaintenanceStartTime")
def update_maintenance_start_time(call: Call) -> dict[str, Any]:
    """Set the weekly or monthly window."""
    arn = find_gateway(call)["GatewayARN"]
    if "DayOfWeek" in call.params and "DayOfMonth" in call.params:
        raise Refuse(ERROR, "DayOfWeek and DayOfMonth exclude each other.")
    call.state["maintenance"][arn] = dict(call.params)
    return {"GatewayARN": arn}


@operation("storagegateway", "DescribeMaintenanceStartTime")
def describe_maintenance_start_time(call: Call) -> dict[str, Any]:
    """The window, in the gateway's time zone."""
    gateway = find_gateway(call)
    return {**call.state["maintenance"][gateway["GatewayARN"]], "Timezone": gateway["GatewayTimezone"]}


@operation("storagegateway", "UpdateBandwidthRateLimitSchedule")
def update_bandwidth_rate_limit_schedule(call: Call) -> dict[str, Any]:
    """Set when uploads may take how much; the list takes the place of that before."""
    gateway, intervals = find_gateway(call), call.params["BandwidthRateLimitIntervals"]
    for position, one in enumerate(intervals):
        if gateway["GatewayType"] == "FILE_S3" and one.get("AverageUploadRateLimitInBitsPerSec", 0) < LEAST_UPLOAD:
            raise Refuse(ERROR, f"AverageUploadRateLimitInBitsPerSec is required, and {LEAST_UPLOAD} at least.")
        if gateway["GatewayType"] == "FILE_S3" and "AverageDownloadRateLimitInBitsPerSec" in one:
            raise Refuse(ERROR, "An S3 File Gateway limits uploads only.")
        for other in intervals[:position]:
            if {*one["DaysOfWeek"]} & {*other["DaysOfWeek"]} and _begin(one) <= _end(other) and _begin(other) <= _end(one):
                raise Refuse(ERROR, "The bandwidth rate limit intervals overlap.")
        if _end(one) <= _begin(one):
            raise Refuse(ERROR, "A bandwidth rate limit interval ends after it begins.")
    gateway["limits"] = intervals
    return {"GatewayARN": gateway["GatewayARN"]}


def _begin(interval: dict[str, Any]) -> int:
    return int(interval["StartHourOfDay"] * 60 + interval["StartMinuteOfHour"])


def _end(interval: dict[str, Any]) -> int:
    return int(interval["EndHourOfDay"] * 60 + interval["EndMinuteOfHour"])


@operation("storagegateway", "DescribeBandwidthRateLimitSchedule")
def describe_bandwidth_rate_limit_schedule(call: Call) -> dict[str, Any]:
    """When uploads may take how much; empty unless somebody has said so."""
    gateway = find_gateway(call)
    return {"GatewayARN": gateway["GatewayARN"], "BandwidthRateLimitIntervals": gateway.get("limits", [])}


@operation("storagegateway", "ListLocalDisks")
def list_local_disks(call: Call) -> dict[str, Any]:
    """The disks of the VM but its root disk."""
    gateway = find_gateway(call)
    return {"GatewayARN": gateway["GatewayARN"], "Disks": call.state["disks"][gateway["GatewayARN"]]}


@operation("storagegateway", "AddCache")
def add_cache(call: Call) -> dict[str, Any]:
    """Make disks the cache; they cannot be taken back."""
    arn = find_gateway(call)["GatewayARN"]
    disks = {disk["DiskId"]: disk for disk in call.state["disks"][arn]}
    for disk_id in call.params["DiskIds"]:
        if disk_id not in disks:
            raise Refuse(ERROR, f"The specified disk does not exist: {disk_id}; the gateway has {sorted(disks)}")
        if disks[disk_id]["DiskAllocationType"] != "AVAILABLE":
            raise Refuse(ERROR, f"The specified disk is already allocated: {disk_id}")
        disks[disk_id]["DiskAllocationType"] = "CACHE STORAGE"
    return {"GatewayARN": arn}


@operation("storagegateway", "DescribeCache")
def describe_cache(call: Call) -> dict[str, Any]:
    """The disks of the cache, and how full it is."""
    arn = find_gateway(call)["GatewayARN"]
    cache = [disk for disk in call.state["disks"][arn] if disk["DiskAllocationType"] == "CACHE STORAGE"]
    return {
        "GatewayARN": arn,
        "DiskIds": [disk["DiskId"] for disk in cache],
        "CacheAllocatedInBytes": sum(disk["DiskSizeInBytes"] for disk in cache),
        "CacheUsedPercentage": 0.0,
        "CacheDirtyPercentage": 0.0,
        "CacheHitPercentage": 100.0,
        "CacheMissPercentage": 0.0,
    }


def _tagged(call: Call) -> dict[str, str]:
    arn = call.params["ResourceARN"]
    if arn not in call.state["tags"]:
        raise Refuse(ERROR, f"The specified resource was not found: {arn}")
    found: dict[str, str] = call.state["tags"][arn]
    return found


@operation("storagegateway", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> dict[str, Any]:
    """The tags of a gateway or a share."""
    return {"ResourceARN": call.params["ResourceARN"], "Tags": tag_list(_tagged(call))}


@operation("storagegateway", "AddTagsToResource")
def add_tags_to_resource(call: Call) -> dict[str, Any]:
    """Tag a gateway or a share."""
    _tagged(call).update(tags_of(call.params["Tags"]))
    return {"ResourceARN": call.params["ResourceARN"]}


@operation("storagegateway", "RemoveTagsFromResource")
def remove_tags_from_resource(call: Call) -> dict[str, Any]:
    """Take tags off."""
    tags = _tagged(call)
    for key in call.params["TagKeys"]:
        tags.pop(key, None)
    return {"ResourceARN": call.params["ResourceARN"]}
