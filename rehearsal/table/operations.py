"""What one runs the platform with: resource groups, dashboards, composite alarms, events, traces, directories."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update


def _put_target(context: Context) -> dict[str, Any]:
    given = context.inputs
    target = {"Id": given["targetId"], "Arn": given["arn"]}
    if "inputTransformer" in given:
        transformer = given["inputTransformer"]
        target["InputTransformer"] = {
            "InputPathsMap": transformer["inputPaths"],
            "InputTemplate": transformer["inputTemplate"],
        }
    return context.call("events", "PutTargets", {"Rule": given["rule"], "Targets": [target]})


def _volumes(context: Context) -> dict[str, Any]:
    enabled = context.inputs.get("enabled", True)
    return context.call("ec2", "EnableEbsEncryptionByDefault" if enabled else "DisableEbsEncryptionByDefault", {})


SAMPLING = {
    "fixedRate": "FixedRate",
    "host": "Host",
    "httpMethod": "HTTPMethod",
    "priority": "Priority",
    "reservoirSize": "ReservoirSize",
    "resourceArn": "ResourceARN",
    "ruleName": "RuleName",
    "serviceName": "ServiceName",
    "serviceType": "ServiceType",
    "urlPath": "URLPath",
    "version": "Version",
    "attributes": "Attributes",
}
"""Inputs of a sampling rule, and AWS's words for them."""

ROWS: Table = {
    "aws:resourcegroups/group:Group": Row(
        service="resource-groups",
        create="CreateGroup",
        id="$inputs.name",
        delete=(Call("DeleteGroup", {"GroupName": "$id"}),),
        update=(Update("UpdateGroupQuery", {"GroupName": "$id"}, takes=frozenset({"resourceQuery"})),),
        autoname="name",
        read=(
            Read("GetGroup", {"GroupName": "$id"}, "Group"),
            Read(
                "GetGroupQuery",
                {"GroupName": "$id"},
                "GroupQuery",
                fields={"resourceQuery": "ResourceQuery"},
            ),
            Read("GetTags", {"Arn": "$response.Group.GroupArn || outputs.arn"}, "@", fields={"tags": "Tags"}),
        ),
        outputs={"arn": "$response.Group.GroupArn || outputs.arn"},
    ),
    "aws:cloudwatch/dashboard:Dashboard": Row(
        service="cloudwatch",
        create="PutDashboard",
        id="$inputs.dashboardName",
        delete=(Call("DeleteDashboards", {"DashboardNames": ["$id"]}),),
        upsert=True,
        read=(Read("GetDashboard", {"DashboardName": "$id"}, "@"),),
        outputs={"dashboardArn": lambda c: f"arn:aws:cloudwatch::{c.account}:dashboard/{c.id}"},
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": Row(
        service="cloudwatch",
        create="PutCompositeAlarm",
        id="$inputs.alarmName",
        delete=(Call("DeleteAlarms", {"AlarmNames": ["$id"]}),),
        upsert=True,
        read=(
            Read("DescribeAlarms", {"AlarmNames": ["$id"], "AlarmTypes": ["CompositeAlarm"]}, "CompositeAlarms[0]"),
            Read(
                "ListTagsForResource",
                {"ResourceARN": lambda c: f"arn:aws:cloudwatch:{c.region}:{c.account}:alarm:{c.id}"},
                "@",
                fields={"tags": "Tags"},
            ),
        ),
        outputs={"arn": lambda c: f"arn:aws:cloudwatch:{c.region}:{c.account}:alarm:{c.id}"},
        extended=True,
    ),
    "aws:cloudwatch/eventRule:EventRule": Row(
        service="events",
        create="PutRule",
        id="$inputs.name",
        delete=(Call("DeleteRule", {"Name": "$id"}),),
        upsert=True,
        autoname="name",
        read=(
            Read("DescribeRule", {"Name": "$id"}),
            Read("ListTagsForResource", {"ResourceARN": "$response.RuleArn || outputs.arn"}, fields={"tags": "Tags"}),
        ),
        outputs={"arn": "$response.RuleArn || outputs.arn"},
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Row(
        service="events",
        create="PutTargets",
        id=lambda c: f"{c.inputs['rule']}-{c.inputs['targetId']}",
        delete=(Call("RemoveTargets", {"Rule": "$inputs.rule", "Ids": ["$inputs.targetId"]}),),
        upsert=True,
        function=_put_target,
        consumes=frozenset({"rule", "targetId", "arn", "inputTransformer"}),
        read=(
            Read(
                "ListTargetsByRule",
                {"Rule": "$inputs.rule"},
                lambda c: f"Targets[?Id=='{c.inputs['targetId']}'] | [0]",
                fields={
                    "targetId": "Id",
                    "arn": "Arn",
                    "inputTransformer": "InputTransformer.{inputPaths: InputPathsMap, inputTemplate: InputTemplate}",
                },
            ),
        ),
        unverified={"rule": "the target is found by it"},
        extended=True,
    ),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": Row(
        service="chatbot",
        create="CreateSlackChannelConfiguration",
        id="$response.ChannelConfiguration.ChatConfigurationArn",
        delete=(Call("DeleteSlackChannelConfiguration", {"ChatConfigurationArn": "$id"}),),
        update=(Update("UpdateSlackChannelConfiguration", {"ChatConfigurationArn": "$id"}, whole=True),),
        read=(
            Read(
                "DescribeSlackChannelConfigurations",
                {"ChatConfigurationArn": "$id"},
                "SlackChannelConfigurations[0]",
            ),
        ),
        outputs={"chatConfigurationArn": "$id"},
        extended=True,
    ),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": Row(
        service="chatbot",
        create="CreateMicrosoftTeamsChannelConfiguration",
        id="$response.ChannelConfiguration.ChatConfigurationArn",
        delete=(Call("DeleteMicrosoftTeamsChannelConfiguration", {"ChatConfigurationArn": "$id"}),),
        update=(Update("UpdateMicrosoftTeamsChannelConfiguration", {"ChatConfigurationArn": "$id"}, whole=True),),
        read=(Read("GetMicrosoftTeamsChannelConfiguration", {"ChatConfigurationArn": "$id"}, "ChannelConfiguration"),),
        outputs={"chatConfigurationArn": "$id"},
        extended=True,
    ),
    "aws:ebs/encryptionByDefault:EncryptionByDefault": Row(
        service="ec2",
        create="EnableEbsEncryptionByDefault",
        id="$name",
        delete=(Call("DisableEbsEncryptionByDefault", {}),),
        upsert=True,
        function=_volumes,
        consumes=frozenset({"enabled"}),
        read=(Read("GetEbsEncryptionByDefault", {}, "@", fields={"enabled": "EbsEncryptionByDefault"}),),
    ),
    "aws:xray/group:Group": Row(
        service="xray",
        create="CreateGroup",
        id="$response.Group.GroupARN",
        delete=(Call("DeleteGroup", {"GroupARN": "$id"}),),
        update=(Update("UpdateGroup", {"GroupARN": "$id"}),),
        read=(
            Read("GetGroup", {"GroupARN": "$id"}, "Group"),
            Read("ListTagsForResource", {"ResourceARN": "$id"}, "@", fields={"tags": "Tags"}),
        ),
        outputs={"arn": "$id"},
        extended=True,
    ),
    "aws:xray/samplingRule:SamplingRule": Row(
        service="xray",
        create="CreateSamplingRule",
        id="$inputs.ruleName",
        delete=(Call("DeleteSamplingRule", {"RuleName": "$id"}),),
        update=(
            Update("UpdateSamplingRule", {}, inputs={key: f"SamplingRuleUpdate.{member}" for key, member in SAMPLING.items()}),
        ),
        inputs={key: f"SamplingRule.{member}" for key, member in SAMPLING.items()},
        read=(
            Read("GetSamplingRules", {}, lambda c: f"SamplingRuleRecords[?SamplingRule.RuleName=='{c.id}'].SamplingRule | [0]"),
            Read(
                "ListTagsForResource",
                {"ResourceARN": "$response.SamplingRuleRecord.SamplingRule.RuleARN || outputs.arn"},
                "@",
                fields={"tags": "Tags"},
            ),
        ),
        outputs={"arn": "$response.SamplingRuleRecord.SamplingRule.RuleARN || outputs.arn"},
        extended=True,
    ),
    # An AD Connector, which is what there is: directories of other types are made by other operations.
    "aws:directoryservice/directory:Directory": Row(
        service="ds",
        create="ConnectDirectory",
        id="$response.DirectoryId",
        delete=(Call("DeleteDirectory", {"DirectoryId": "$id"}),),
        inputs={
            "connectSettings": lambda given, _: {
                "ConnectSettings": {
                    "VpcId": given["vpcId"],
                    "SubnetIds": given["subnetIds"],
                    "CustomerDnsIps": given["customerDnsIps"],
                    "CustomerUserName": given["customerUsername"],
                }
            }
        },
        local={"type": "chooses the operation"},
        write_only=frozenset({"password"}),
        read=(
            Read(
                "DescribeDirectories",
                {"DirectoryIds": ["$id"]},
                "DirectoryDescriptions[0]",
                fields={
                    "connectSettings": lambda found, c: {
                        "vpcId": found["ConnectSettings"]["VpcId"],
                        "subnetIds": found["ConnectSettings"]["SubnetIds"],
                        # AWS tells the addresses of the connector here; those of the domain controllers are in DnsIpAddrs.
                        "customerDnsIps": c.inputs["connectSettings"]["customerDnsIps"],
                        "customerUsername": found["ConnectSettings"]["CustomerUserName"],
                    }
                },
            ),
            Read("ListTagsForResource", {"ResourceId": "$id"}, "@", fields={"tags": "Tags"}),
        ),
        outputs={
            "accessUrl": "$read.AccessUrl",
            "dnsIpAddresses": "$inputs.connectSettings.customerDnsIps",
            "securityGroupId": "$read.ConnectSettings.SecurityGroupId",
        },
    ),
}
