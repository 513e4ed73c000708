"""Provider functions (`aws.get_...`), answered from the emulated account."""

from collections.abc import Callable
from typing import Any

from rehearsal.emulator import ACCOUNT, Emulator

Answer = dict[str, Any]


def answer(aws: Emulator, token: str, args: dict[str, Any], region: str) -> Answer:
    """The result of a provider function. Raises ValueError for one that is not answered here."""
    function = FUNCTIONS.get(token)
    if function is None:
        raise ValueError(f"provider function {token} is not answered; add it to rehearsal/functions.py")
    return function(aws, args, args.get("region", region))


def _caller_identity(aws: Emulator, args: dict[str, Any], region: str) -> Answer:
    found = aws.call("sts", "GetCallerIdentity", {}, region=region)
    return {"accountId": found["Account"], "arn": found["Arn"], "userId": found["UserId"], "id": ACCOUNT}


def _partition(aws: Emulator, args: dict[str, Any], region: str) -> Answer:
    return {"partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws", "id": "aws"}


def _region(aws: Emulator, args: dict[str, Any], region: str) -> Answer:
    return {"region": region, "id": region, "endpoint": f"ec2.{region}.amazonaws.com"}


def _ami(aws: Emulator, args: dict[str, Any], region: str) -> Answer:
    filters = [{"Name": one["name"], "Values": one["values"]} for one in args.get("filters", [])]
    asked = {"Filters": filters} | ({"Owners": args["owners"]} if "owners" in args else {})
    images = aws.call("ec2", "DescribeImages", asked, region=region)["Images"]
    if len(images) != 1:
        raise ValueError(f"aws.ec2.get_ami: {len(images)} images for {filters}; one is asked for")
    image = images[0]
    return {
        "id": image["ImageId"],
        "imageId": image["ImageId"],
        "architecture": image["Architecture"],
        "rootDeviceName": image["RootDeviceName"],
    }


def _endpoint_service(aws: Emulator, args: dict[str, Any], region: str) -> Answer:
    name, kind = args["serviceName"], args.get("serviceType", "Interface")
    found = aws.call("ec2", "DescribeVpcEndpointServices", {"ServiceNames": [name]}, region=region)["ServiceDetails"]
    offered = [one for one in found if kind in {type_["ServiceType"] for type_ in one["ServiceType"]}]
    if len(offered) != 1:
        raise ValueError(f"aws.ec2.get_vpc_endpoint_service: {len(offered)} services {name} of the type {kind} in {region}")
    one = offered[0]
    return {
        "serviceName": name,
        "serviceType": kind,
        "serviceId": one["ServiceId"],
        "availabilityZones": one["AvailabilityZones"],
        "privateDnsName": one.get("PrivateDnsName", ""),
        "privateDnsNames": [each["PrivateDnsName"] for each in one.get("PrivateDnsNames", [])],
        "vpcEndpointPolicySupported": one["VpcEndpointPolicySupported"],
        "id": one["ServiceId"],
    }


def _role(aws: Emulator, args: dict[str, Any], region: str) -> Answer:
    found = aws.call("iam", "GetRole", {"RoleName": args["name"]}, region=region)["Role"]
    return {
        "name": found["RoleName"],
        "arn": found["Arn"],
        "path": found["Path"],
        "uniqueId": found["RoleId"],
        "id": found["RoleName"],
    }


def _parameter(aws: Emulator, args: dict[str, Any], region: str) -> Answer:
    # Public parameters (/aws/service/...) are part of moto's data, so that the AMI ids they hold exist there too.
    found = aws.call("ssm", "GetParameter", {"Name": args["name"]}, region=region)["Parameter"]
    return {
        "name": found["Name"],
        "value": found["Value"],
        "insecureValue": found["Value"],
        "type": found["Type"],
        "arn": found["ARN"],
        "version": found["Version"],
        "id": found["Name"],
    }


def _secret_version(aws: Emulator, args: dict[str, Any], region: str) -> Answer:
    wanted = {"SecretId": args["secretId"], "VersionStage": args.get("versionStage", "AWSCURRENT")}
    found = aws.call("secretsmanager", "GetSecretValue", wanted, region=region)
    return {
        "secretId": args["secretId"],
        "arn": found["ARN"],
        "secretString": found["SecretString"],
        "versionId": found["VersionId"],
        "versionStages": found["VersionStages"],
        "id": f"{args['secretId']}|{found['VersionId']}",
    }


def _parameters_by_path(aws: Emulator, args: dict[str, Any], region: str) -> Answer:
    request = {"Path": args["path"], "Recursive": args.get("recursive", False), "WithDecryption": True}
    found = aws.call("ssm", "GetParametersByPath", request, region=region)["Parameters"]
    return {
        "id": args["path"],
        "path": args["path"],
        "arns": [one["ARN"] for one in found],
        "names": [one["Name"] for one in found],
        "types": [one["Type"] for one in found],
        "values": [one["Value"] for one in found],
    }


def _local_disk(aws: Emulator, args: dict[str, Any], region: str) -> Answer:
    disks = aws.call("storagegateway", "ListLocalDisks", {"GatewayARN": args["gatewayArn"]}, region=region)["Disks"]
    for disk in disks:
        if args.get("diskPath") == disk["DiskPath"] or args.get("diskNode") == disk["DiskNode"]:
            found = {"diskId": disk["DiskId"], "diskNode": disk["DiskNode"], "diskPath": disk["DiskPath"]}
            return {**found, "gatewayArn": args["gatewayArn"], "id": disk["DiskId"]}
    raise ValueError(f"no disk at {args.get('diskPath') or args.get('diskNode')}; the gateway has {disks}")


FUNCTIONS: dict[str, Callable[[Emulator, dict[str, Any], str], Answer]] = {
    "aws:ec2/getAmi:getAmi": _ami,
    "aws:ec2/getVpcEndpointService:getVpcEndpointService": _endpoint_service,
    "aws:iam/getRole:getRole": _role,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:secretsmanager/getSecretVersion:getSecretVersion": _secret_version,
    "aws:ssm/getParameter:getParameter": _parameter,
    "aws:ssm/getParametersByPath:getParametersByPath": _parameters_by_path,
    "aws:storagegateway/getLocalDisk:getLocalDisk": _local_disk,
}
