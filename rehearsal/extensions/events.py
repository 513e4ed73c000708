"""EventBridge: moto takes any text for what a target is told."""

import json
import re
from typing import Any

from rehearsal.extend import Call, Refuse, operation


@operation("events", "PutTargets")
def put_targets(call: Call) -> Any:
    """What is told is JSON, and every word in it is found somewhere in the event."""
    for target in call.params["Targets"]:
        if transformer := target.get("InputTransformer"):
            _check(target["Id"], transformer["InputTemplate"], transformer.get("InputPathsMap", {}))
    return call.moto()


def _check(target: str, template: str, paths: dict[str, str]) -> None:
    used = set(re.findall(r"<([A-Za-z0-9_-]+)>", template))
    if unknown := used - set(paths):
        raise Refuse("ValidationException", f"Invalid InputTemplate for target {target}: {sorted(unknown)} have no path.")
    try:
        json.loads(re.sub(r"(?<=[:,\[{ ])<[A-Za-z0-9_-]+>", "0", template) if template.startswith("{") else template)
    except ValueError as error:
        raise Refuse("ValidationException", f"Invalid InputTemplate for target {target}: it is no JSON.") from error
    if wrong := sorted(path for path in paths.values() if not path.startswith("$.")):
        raise Refuse("ValidationException", f"Invalid InputPath for target {target}: {wrong}")
