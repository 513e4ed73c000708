"""Launch templates: moto counts the tags of the template itself among those that its hosts are to have."""

from typing import Any

from rehearsal.extend import Call, operation


@operation("ec2", "CreateLaunchTemplate")
def create_launch_template(call: Call) -> Any:
    """Whoever reads the template back would find tags there that nobody asked for."""
    answer = call.moto()
    template = call.backend("ec2").launch_templates[answer.result["LaunchTemplate"]["LaunchTemplateId"]]
    for version in template.versions:
        asked = version.data.get("TagSpecifications", [])
        kept = [one for one in asked if one["ResourceType"] != "launch-template"]
        if kept:
            version.data["TagSpecifications"] = kept
        else:
            version.data.pop("TagSpecifications", None)
    return answer
