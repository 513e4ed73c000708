"""Provider functions (`aws.get_...`), answered from the emulated account."""

from typing import Any

from rehearsal.emulator import ACCOUNT, Emulator

Answer = dict[str, Any]


def answer(aws: Emulator, token: str, args: dict[str, Any], region: str) -> Answer:
    """The result of a provider function. Raises ValueError for one that is not answered here."""
    region = args.get("region", region)
    match token:
        case "aws:index/getCallerIdentity:getCallerIdentity":
            found = aws.call("sts", "GetCallerIdentity", {}, region=region)
            return {"accountId": found["Account"], "arn": found["Arn"], "userId": found["UserId"], "id": ACCOUNT}
        case "aws:index/getPartition:getPartition":
            return {"partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws", "id": "aws"}
        case "aws:index/getRegion:getRegion":
            return {"region": region, "id": region, "endpoint": f"ec2.{region}.amazonaws.com"}
        case "aws:ssm/getParameter:getParameter":
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
        case "aws:storagegateway/getLocalDisk:getLocalDisk":
            disks = aws.call("storagegateway", "ListLocalDisks", {"GatewayARN": args["gatewayArn"]}, region=region)["Disks"]
            for disk in disks:
                if args.get("diskPath") == disk["DiskPath"] or args.get("diskNode") == disk["DiskNode"]:
                    found = {"diskId": disk["DiskId"], "diskNode": disk["DiskNode"], "diskPath": disk["DiskPath"]}
                    return {**found, "gatewayArn": args["gatewayArn"], "id": disk["DiskId"]}
            raise ValueError(f"no disk at {args.get('diskPath') or args.get('diskNode')}; the gateway has {disks}")
    raise ValueError(f"provider function {token} is not answered; add it to rehearsal/functions.py")
