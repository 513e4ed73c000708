"""EFS: file systems, mount targets, access points."""

from rehearsal.row import Call, Read, Row, Table, Update

OF_FILE_SYSTEM = {"fileSystemId": "every read is of this very file system"}

ROWS: Table = {
    "aws:efs/fileSystem:FileSystem": Row(
        service="efs",
        create="CreateFileSystem",
        id="$response.FileSystemId",
        delete=(Call("DeleteFileSystem", {"FileSystemId": "$id"}),),
        update=(
            Update(
                "UpdateFileSystem", {"FileSystemId": "$id"}, takes=frozenset({"throughputMode", "provisionedThroughputInMibps"})
            ),
        ),
        after=(
            Call(
                "PutLifecycleConfiguration",
                {"FileSystemId": "$id", "LifecyclePolicies": "$inputs.lifecyclePolicies"},
                when="lifecyclePolicies",
            ),
        ),
        read=(
            Read("DescribeFileSystems", {"FileSystemId": "$id"}, "FileSystems[0]"),
            Read(
                "DescribeLifecycleConfiguration",
                {"FileSystemId": "$id"},
                "@",
                fields={"lifecyclePolicies": "LifecyclePolicies"},
            ),
        ),
        outputs={
            "arn": "$read.FileSystemArn",
            "dnsName": lambda c: f"{c.id}.efs.{c.region}.amazonaws.com",
        },
    ),
    "aws:efs/backupPolicy:BackupPolicy": Row(
        service="efs",
        create="PutBackupPolicy",
        id="$inputs.fileSystemId",
        delete=(Call("PutBackupPolicy", {"FileSystemId": "$id", "BackupPolicy": {"Status": "DISABLED"}}),),
        upsert=True,
        read=(Read("DescribeBackupPolicy", {"FileSystemId": "$id"}, "@"),),
        unverified=OF_FILE_SYSTEM,
        extended=True,
    ),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": Row(
        service="efs",
        create="PutFileSystemPolicy",
        id="$inputs.fileSystemId",
        delete=(Call("DeleteFileSystemPolicy", {"FileSystemId": "$id"}),),
        upsert=True,
        read=(Read("DescribeFileSystemPolicy", {"FileSystemId": "$id"}, "@"),),
    ),
    "aws:efs/mountTarget:MountTarget": Row(
        service="efs",
        create="CreateMountTarget",
        id="$response.MountTargetId",
        delete=(Call("DeleteMountTarget", {"MountTargetId": "$id"}),),
        update=(Update("ModifyMountTargetSecurityGroups", {"MountTargetId": "$id"}, takes=frozenset({"securityGroups"})),),
        read=(
            Read("DescribeMountTargets", {"MountTargetId": "$id"}, "MountTargets[0]"),
            Read(
                "DescribeMountTargetSecurityGroups",
                {"MountTargetId": "$id"},
                "@",
                fields={"securityGroups": "SecurityGroups"},
            ),
        ),
        outputs={
            "availabilityZoneName": "$read.AvailabilityZoneName",
            "dnsName": lambda c: f"{c.inputs['fileSystemId']}.efs.{c.region}.amazonaws.com",
        },
    ),
    "aws:efs/accessPoint:AccessPoint": Row(
        service="efs",
        create="CreateAccessPoint",
        id="$response.AccessPointId",
        delete=(Call("DeleteAccessPoint", {"AccessPointId": "$id"}),),
        read=(Read("DescribeAccessPoints", {"AccessPointId": "$id"}, "AccessPoints[0]"),),
        outputs={"arn": "$read.AccessPointArn"},
    ),
}
