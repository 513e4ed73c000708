"""The runbook by which a server on-premises is patched: off the cluster, patched, perhaps restarted, and back."""

from pathlib import Path
from typing import Any

import pulumi

SCRIPT = Path(__file__).with_name("draining_script.py")


def runbook(*, cluster: pulumi.Input[str] | None, region: str, reboot: str, log_group: pulumi.Input[str]) -> dict[str, Any]:
    """The steps. Whatever becomes of the patches, the server goes back to the cluster; what failed, fails the runbook.

    Done from here and not by hooks of AWS-RunPatchBaselineWithHooks, which run on the host: there is no AWS CLI on it, and its
    role may not change its own state in the cluster.
    """
    script = SCRIPT.read_text()

    def step(name: str, handler: str, **more: Any) -> dict[str, Any]:
        return {
            "name": name,
            "action": "aws:executeScript",
            "timeoutSeconds": 600,
            **more,
            "inputs": {
                "Runtime": "python3.11",
                "Handler": handler,
                "InputPayload": {"cluster": cluster, "instance": "{{ InstanceId }}", "region": region},
                "Script": script,
            },
        }

    return {
        "schemaVersion": "0.3",
        "description": "Drains a server on-premises, installs what is approved, and gives it back to the cluster",
        "assumeRole": "{{ AutomationAssumeRole }}",
        "parameters": {
            "InstanceId": {"type": "String", "description": "The host", "allowedPattern": "^(i|mi)-[0-9a-f]{8,17}$"},
            "AutomationAssumeRole": {"type": "AWS::IAM::Role::Arn", "description": "What the runbook may do"},
        },
        "mainSteps": [
            {
                # Hosts in AWS are replaced by newer ones, not mended: the tag that selects both sides is the same.
                "name": "onPremisesOnly",
                "action": "aws:branch",
                "isEnd": True,
                "inputs": {"Choices": [{"NextStep": "drain", "Variable": "{{ InstanceId }}", "StartsWith": "mi-"}]},
            },
            step("drain", "drain", onFailure="step:takeBack", nextStep="patch"),
            {
                "name": "patch",
                "action": "aws:runCommand",
                "timeoutSeconds": 7200,
                "onFailure": "step:takeBack",
                "nextStep": "takeBack",
                "inputs": {
                    "DocumentName": "AWS-RunPatchBaseline",
                    "InstanceIds": ["{{ InstanceId }}"],
                    "Parameters": {"Operation": "Install", "RebootOption": reboot},
                    "CloudWatchOutputConfig": {"CloudWatchLogGroupName": log_group, "CloudWatchOutputEnabled": True},
                },
            },
            step("takeBack", "take_back", isEnd=True),
        ],
    }
