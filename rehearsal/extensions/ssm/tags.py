"""Tags of what moto cannot read them of."""

from typing import Any

from rehearsal.extend import Call, operation

OURS = {"Association", "PatchBaseline"}


@operation("ssm", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> Any:
    """The tags of associations and patch baselines; of everything else as moto does."""
    kind = call.params["ResourceType"]
    if kind not in OURS:
        return call.moto()
    tags = call.backend("ssm")._resource_tags[kind][call.params["ResourceId"]]
    return {"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]}
