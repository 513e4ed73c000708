"""What the roll call runs in Systems Manager Automation, as text: nothing here imports it, and it stands alone there."""

import datetime
from typing import Any

import boto3

NAMESPACE = "Hybridge"
GRACE = datetime.timedelta(hours=1)
"""A host that has just come has not installed everything yet."""


def call_roll(events: dict[str, Any], context: Any) -> dict[str, list[str]]:
    """Count hosts whose SSM Agent, CloudWatch agent or ECS agent is lost, tell CloudWatch, and answer who they are.

    `events` has `cluster` (its name, or nothing), `fleet` (the value of the tag PatchGroup) and `region`.
    """
    region, fleet = events["region"], events["fleet"]
    ssm, ec2, ecs, watch = (boto3.client(name, region_name=region) for name in ("ssm", "ec2", "ecs", "cloudwatch"))
    now = datetime.datetime.now(datetime.UTC)

    tag = [{"Key": "tag:PatchGroup", "Values": [fleet]}]
    nodes = [
        node
        for page in ssm.get_paginator("describe_instance_information").paginate(Filters=tag)
        for node in page["InstanceInformationList"]
    ]
    running = {
        host["InstanceId"]: host["LaunchTime"]
        for page in ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": "tag:PatchGroup", "Values": [fleet]}, {"Name": "instance-state-name", "Values": ["running"]}]
        )
        for reservation in page["Reservations"]
        for host in reservation["Instances"]
    }
    # A node of EC2 that is gone stays in the list for a while; how many there should be is for the Auto Scaling group.
    nodes = [node for node in nodes if node["InstanceId"].startswith("mi-") or node["InstanceId"] in running]
    settled = [
        node
        for node in nodes
        if now - (running.get(node["InstanceId"]) or node.get("RegistrationDate") or now - 2 * GRACE) > GRACE
    ]
    lost = [node["InstanceId"] for node in nodes if node["PingStatus"] != "Online"]
    known = {node["InstanceId"] for node in nodes}
    lost += [host for host, launched in running.items() if host not in known and now - launched > GRACE]

    dimensions = [{"Name": "Fleet", "Value": fleet}, {"Name": "host"}]
    reporting = {
        dimension["Value"].split(".")[0]
        for page in watch.get_paginator("list_metrics").paginate(
            Namespace="CWAgent", MetricName="mem_used_percent", Dimensions=dimensions, RecentlyActive="PT3H"
        )
        for metric in page["Metrics"]
        for dimension in metric["Dimensions"]
        if dimension["Name"] == "host"
    }
    silent = [
        node["InstanceId"]
        for node in settled
        if node["PingStatus"] == "Online" and node.get("ComputerName", "").split(".")[0] not in reporting
    ]

    disconnected = []
    if events["cluster"]:
        members = [
            arn
            for page in ecs.get_paginator("list_container_instances").paginate(cluster=events["cluster"])
            for arn in page["containerInstanceArns"]
        ]
        for start in range(0, len(members), 100):
            described = ecs.describe_container_instances(
                cluster=events["cluster"], containerInstances=members[start : start + 100]
            )
            disconnected += [
                one["ec2InstanceId"] for one in described["containerInstances"] if not one.get("agentConnected", True)
            ]

    found = {"HostsLost": lost, "AgentsSilent": silent, "EcsAgentsDisconnected": disconnected}
    watch.put_metric_data(
        Namespace=NAMESPACE,
        MetricData=[
            {"MetricName": name, "Dimensions": [{"Name": "Fleet", "Value": fleet}], "Value": len(hosts), "Unit": "Count"}
            for name, hosts in found.items()
        ],
    )
    return {name: sorted(hosts) for name, hosts in found.items()}
