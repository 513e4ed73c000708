"""EC2 capacity: launch templates and auto scaling groups."""

from collections.abc import Callable
from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update

TEMPLATE_DATA = {
    "imageId": "ImageId",
    "instanceType": "InstanceType",
    "keyName": "KeyName",
    "userData": "UserData",
    "ebsOptimized": "EbsOptimized",
    "vpcSecurityGroupIds": "SecurityGroupIds",
    "iamInstanceProfile": "IamInstanceProfile",
    "metadataOptions": "MetadataOptions",
    "blockDeviceMappings": "BlockDeviceMappings",
    "monitoring": "Monitoring",
}
"""Inputs of a launch template that AWS keeps with each version of it."""


def _switch(value: Any) -> bool:
    """The provider takes these as text, since leaving one out is not the same as false."""
    return str(value) == "true"


VOLUME_TYPES: dict[str, Callable[[Any], Any]] = {
    "deleteOnTermination": _switch,
    "encrypted": _switch,
    "iops": int,
    "throughput": int,
    "volumeSize": int,
}
"""Members of a volume that are no text."""


def _tag_specifications(specifications: list[dict[str, Any]], context: Context) -> dict[str, Any]:
    """What instances, volumes and interfaces are tagged with."""
    return {
        "LaunchTemplateData": {
            "TagSpecifications": [
                {
                    "ResourceType": one["resourceType"],
                    "Tags": [{"Key": key, "Value": value} for key, value in sorted(one.get("tags", {}).items())],
                }
                for one in specifications
            ]
        }
    }


def _devices(devices: list[dict[str, Any]], context: Context) -> dict[str, Any]:
    """Volumes of a host."""

    def volume(ebs: dict[str, Any]) -> dict[str, Any]:
        return {key[0].upper() + key[1:]: VOLUME_TYPES.get(key, str)(value) for key, value in ebs.items()}

    return {
        "LaunchTemplateData": {
            "BlockDeviceMappings": [
                {"DeviceName": device["deviceName"], **({"Ebs": volume(device["ebs"])} if "ebs" in device else {})}
                for device in devices
            ]
        }
    }


def _group_tags(context: Context) -> list[dict[str, Any]]:
    """The tags of a group, each with whether its instances get it too."""
    return [
        {
            "ResourceId": context.inputs["name"],
            "ResourceType": "auto-scaling-group",
            "Key": tag["key"],
            "Value": tag["value"],
            "PropagateAtLaunch": bool(tag["propagateAtLaunch"]),
        }
        for tag in context.inputs.get("tags", [])
    ]


ROWS: Table = {
    "aws:ec2/launchTemplate:LaunchTemplate": Row(
        service="ec2",
        create="CreateLaunchTemplate",
        id="$response.LaunchTemplate.LaunchTemplateId",
        delete=(Call("DeleteLaunchTemplate", {"LaunchTemplateId": "$id"}),),
        update=(
            Update(
                "CreateLaunchTemplateVersion",
                {"LaunchTemplateId": "$id"},
                whole=True,
                takes=frozenset({*TEMPLATE_DATA, "tagSpecifications", "description"}),
            ),
        ),
        renewed=frozenset({"latestVersion", "defaultVersion"}),
        counter="latestVersion",
        autoname="name",
        tag_resource="launch-template",
        inputs={
            "name": "LaunchTemplateName",
            "description": "VersionDescription",
            "tagSpecifications": _tag_specifications,
            **{key: f"LaunchTemplateData.{member}" for key, member in TEMPLATE_DATA.items()},
            "blockDeviceMappings": _devices,
        },
        local={"updateDefaultVersion": "used at updates only"},
        read=(
            Read("DescribeLaunchTemplates", {"LaunchTemplateIds": ["$id"]}, "LaunchTemplates[0]"),
            Read(
                "DescribeLaunchTemplateVersions",
                {"LaunchTemplateId": "$id", "Versions": lambda _: ["$Latest"]},
                "LaunchTemplateVersions[0]",
                fields={
                    "description": "VersionDescription",
                    "tagSpecifications": "LaunchTemplateData.TagSpecifications",
                    **{key: f"LaunchTemplateData.{member}" for key, member in TEMPLATE_DATA.items()},
                },
            ),
        ),
        outputs={
            "arn": lambda c: f"arn:aws:ec2:{c.region}:{c.account}:launch-template/{c.id}",
            "latestVersion": "$read.LatestVersionNumber",
            "defaultVersion": "$read.DefaultVersionNumber",
        },
    ),
    "aws:autoscaling/group:Group": Row(
        service="autoscaling",
        create="CreateAutoScalingGroup",
        id="$inputs.name",
        delete=(Call("DeleteAutoScalingGroup", {"AutoScalingGroupName": "$id", "ForceDelete": "$inputs.forceDelete"}),),
        update=(Update("UpdateAutoScalingGroup", {"AutoScalingGroupName": "$id"}),),
        autoname="name",
        inputs={
            "name": "AutoScalingGroupName",
            "vpcZoneIdentifiers": lambda value, context: {"VPCZoneIdentifier": ",".join(value)},
            "launchTemplate": lambda value, context: {
                "LaunchTemplate": {
                    "LaunchTemplateId": value["id"],
                    "Version": str(value["version"]),
                }
            },
            "protectFromScaleIn": "NewInstancesProtectedFromScaleIn",
        },
        constant={"Tags": _group_tags},
        consumes=frozenset({"tags"}),
        local={
            "forceDelete": "used at deletion only",
            "waitForCapacityTimeout": "the provider waits",
            "instanceRefresh": "begun by the provider when the launch template changes",
        },
        after=(
            Call(
                "EnableMetricsCollection",
                {
                    "AutoScalingGroupName": "$id",
                    "Metrics": "$inputs.enabledMetrics",
                    "Granularity": "$inputs.metricsGranularity",
                },
                when="enabledMetrics",
            ),
        ),
        read=(
            Read(
                "DescribeAutoScalingGroups",
                {"AutoScalingGroupNames": ["$id"]},
                "AutoScalingGroups[0]",
                fields={
                    "name": "AutoScalingGroupName",
                    "launchTemplate": "LaunchTemplate.{id: LaunchTemplateId, version: Version}",
                    "enabledMetrics": "EnabledMetrics[].Metric",
                    "metricsGranularity": "EnabledMetrics[0].Granularity",
                    "tags": "Tags",
                },
            ),
        ),
        unverified={"vpcZoneIdentifiers": "AWS joins them to one text"},
        outputs={"arn": "$read.AutoScalingGroupARN"},
        extended=True,
    ),
}
