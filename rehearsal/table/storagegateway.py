"""Storage Gateway: S3 File Gateways. The provider makes one by a row of calls, each of which has to find the gateway there."""

from rehearsal.row import Call, Read, Row, Table, Update


def _share(kind: str) -> Row:
    """A file share; `kind` is NFS or SMB."""
    return Row(
        service="storagegateway",
        create=f"Create{kind}FileShare",
        id="$response.FileShareARN",
        delete=(Call("DeleteFileShare", {"FileShareARN": "$id"}),),
        inputs={"roleArn": "Role", "kmsKeyArn": "KMSKey"},
        constant={"ClientToken": lambda c: f"rehearsal-{c.name}"[:100]},
        read=(Read(f"Describe{kind}FileShares", {"FileShareARNList": ["$id"]}, f"{kind}FileShareInfoList[0]"),),
        outputs={"arn": "$id", "fileshareId": "$read.FileShareId", "path": "$read.Path"},
        extended=True,
    )


ROWS: Table = {
    "aws:storagegateway/gateway:Gateway": Row(
        service="storagegateway",
        create="ActivateGateway",
        id="$response.GatewayARN",
        delete=(Call("DeleteGateway", {"GatewayARN": "$id"}),),
        update=(
            Update("UpdateGatewayInformation", {"GatewayARN": "$id"}, takes=frozenset({"gatewayName", "gatewayTimezone"})),
        ),
        constant={"GatewayRegion": "$region"},
        local={
            "gatewayVpcEndpoint": "the activation key is bound to it; only a provider that asks the VM for the key sends it"
        },
        after=(
            Call(
                "UpdateGatewayInformation",
                {"GatewayARN": "$id", "CloudWatchLogGroupARN": "$inputs.cloudwatchLogGroupArn"},
                when="cloudwatchLogGroupArn",
            ),
            Call(
                "UpdateMaintenanceStartTime",
                {
                    "GatewayARN": "$id",
                    "DayOfWeek": "$inputs.maintenanceStartTime.dayOfWeek",
                    "DayOfMonth": "$inputs.maintenanceStartTime.dayOfMonth",
                    "HourOfDay": "$inputs.maintenanceStartTime.hourOfDay",
                    "MinuteOfHour": "$inputs.maintenanceStartTime.minuteOfHour",
                },
                when="maintenanceStartTime",
            ),
            Call(
                "JoinDomain",
                {
                    "GatewayARN": "$id",
                    "DomainName": "$inputs.smbActiveDirectorySettings.domainName",
                    "UserName": "$inputs.smbActiveDirectorySettings.username",
                    "Password": "$inputs.smbActiveDirectorySettings.password",
                    "OrganizationalUnit": "$inputs.smbActiveDirectorySettings.organizationalUnit",
                    "DomainControllers": "$inputs.smbActiveDirectorySettings.domainControllers",
                    "TimeoutInSeconds": "$inputs.smbActiveDirectorySettings.timeoutInSeconds",
                },
                when="smbActiveDirectorySettings",
            ),
            Call("SetSMBGuestPassword", {"GatewayARN": "$id", "Password": "$inputs.smbGuestPassword"}, when="smbGuestPassword"),
            Call(
                "UpdateSMBSecurityStrategy",
                {"GatewayARN": "$id", "SMBSecurityStrategy": "$inputs.smbSecurityStrategy"},
                when="smbSecurityStrategy",
            ),
            Call(
                "UpdateSMBFileShareVisibility",
                {"GatewayARN": "$id", "FileSharesVisible": "$inputs.smbFileShareVisibility"},
                when="smbFileShareVisibility",
            ),
        ),
        read=(
            Read(
                "DescribeGatewayInformation",
                {"GatewayARN": "$id"},
                "@",
                fields={"cloudwatchLogGroupArn": "CloudWatchLogGroupARN"},
            ),
            Read("DescribeMaintenanceStartTime", {"GatewayARN": "$id"}, "@", fields={"maintenanceStartTime": "@"}),
            Read(
                "DescribeSMBSettings",
                {"GatewayARN": "$id"},
                "@",
                fields={"smbSecurityStrategy": "SMBSecurityStrategy", "smbFileShareVisibility": "FileSharesVisible"},
            ),
        ),
        outputs={"arn": "$id", "gatewayId": "$read.GatewayId"},
        write_only=frozenset({"activationKey", "smbGuestPassword"}),
        unverified={"smbActiveDirectorySettings": "AWS gives back the domain's name, not who joined it and how"},
        extended=True,
    ),
    "aws:storagegateway/cache:Cache": Row(
        service="storagegateway",
        create="AddCache",
        id=lambda c: f"{c.inputs['gatewayArn']}:{c.inputs['diskId']}",
        stays="a disk stays the cache of its gateway for as long as there is one",
        inputs={"diskId": "DiskIds"},
        # Of the disks of the cache, this one.
        read=(
            Read(
                "DescribeCache",
                {"GatewayARN": "$inputs.gatewayArn"},
                "@",
                fields={"diskId": lambda found, c: next((one for one in found["DiskIds"] if one == c.inputs["diskId"]), None)},
            ),
        ),
        extended=True,
    ),
    "aws:storagegateway/nfsFileShare:NfsFileShare": _share("NFS"),
    "aws:storagegateway/smbFileShare:SmbFileShare": _share("SMB"),
}
