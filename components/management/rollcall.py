"""The roll call: hosts that have died, agents that never came or fell silent, counted so that an alarm can ring once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from components.management import policies
from components.management.args import Common
from components.management.watch import Metric, Watch

SCRIPT = Path(__file__).with_name("rollcall_script.py")
NAMESPACE = "Hybridge"
"""The CloudWatch namespace of the counts, as the script has it."""


class RollCallArgs(Common):
    """What RollCall takes."""

    patch_group: str
    """The value of the tag `PatchGroup` of the hosts."""
    cluster_name: pulumi.Input[str] | None
    """The ECS cluster that they are members of."""


class RollCall(pulumi.ComponentResource):
    """Every half hour it is counted which hosts of either side do not answer: to Systems Manager, to CloudWatch, to ECS.

    Not from events: the ECS agent leaves and comes back several times an hour as a matter of course, and of a server
    on-premises that has died no service tells anything.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
    """

    def __init__(self, name: str, args: RollCallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:RollCall", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            description="Lets the roll call see the hosts and tell CloudWatch",
            assume_role_policy=pulumi.Output.from_input(args["account"]).apply(
                lambda account: json.dumps(policies.automation_trust(account))
            ),
            tags={**args["tags"], "Name": f"{name}-role"},
            opts=child,
        )
        access = aws.iam.RolePolicy(
            f"{name}-role",
            role=role.name,
            policy=pulumi.Output.all(args["partition"], args["account"], args["cluster_name"]).apply(
                lambda given: json.dumps(
                    policies.roll_call_policy(partition=given[0], account=given[1], region=args["region"], cluster=given[2])
                )
            ),
            opts=child,
        )
        document = aws.ssm.Document(
            name,
            document_type="Automation",
            document_format="JSON",
            content=pulumi.Output.json_dumps(
                runbook(fleet=args["patch_group"], cluster=args["cluster_name"], region=args["region"])
            ),
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=child,
        )
        aws.ssm.Association(
            name,
            association_name=f"{args['patch_group']}-roll-call",
            name=document.name,
            parameters={"AutomationAssumeRole": role.arn},
            # The most often that State Manager runs anything.
            schedule_expression="rate(30 minutes)",
            tags={**args["tags"], "Name": name},
            region=args["region"],
            # It runs as soon as it exists.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[access]),
        )
        self.register_outputs({})


def runbook(*, fleet: str, cluster: pulumi.Input[str] | None, region: str) -> dict[str, Any]:
    """The runbook: one step, which runs the script."""
    return {
        "schemaVersion": "0.3",
        "description": "Counts hosts of either side that do not answer to Systems Manager, CloudWatch or ECS",
        "assumeRole": "{{ AutomationAssumeRole }}",
        "parameters": {"AutomationAssumeRole": {"type": "AWS::IAM::Role::Arn", "description": "What the script may do"}},
        "mainSteps": [
            {
                "name": "count",
                "action": "aws:executeScript",
                "isEnd": True,
                "timeoutSeconds": 300,
                "inputs": {
                    "Runtime": "python3.11",
                    "Handler": "call_roll",
                    "InputPayload": {"fleet": fleet, "cluster": cluster, "region": region},
                    "Script": SCRIPT.read_text(),
                },
            }
        ],
    }


def watches(fleet: str) -> Iterator[Watch]:
    """An alarm for each count. It rings once, and is over when everybody answers again."""
    who = "The last execution of the roll call (Systems Manager, Automation) names them."
    for name, metric, what in (
        ("hosts-lost", "HostsLost", "A host does not answer to Systems Manager: it is off, cut off, or its agent has died."),
        ("hosts-silent", "AgentsSilent", "A host sends no metrics: its CloudWatch agent never came, or has fallen silent."),
        (
            "hosts-disconnected",
            "EcsAgentsDisconnected",
            "A host is cut off from ECS: its tasks run on, but none is started, stopped or replaced.",
        ),
    ):
        yield Watch(
            name,
            f"{what} {who}",
            Metric(NAMESPACE, metric, {"Fleet": fleet}, "Minimum"),
            threshold=0,
            # Two roll calls fall into it: who is back by the second was only away for a moment.
            minutes=60,
            periods=1,
            # Without roll call nobody knows.
            missing="breaching",
            severity=2,
        )
