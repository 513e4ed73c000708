"""What stands in the graph for a resource whose type has no row: nothing is made, and the rest of the stack can be proved.

Its id and ARN are made up, so that whatever names them is still created and looked at. A rehearsal with such a resource does
not hold unless somebody has allowed it.
"""

import hashlib
import re
from typing import Any

from rehearsal.emulator import ACCOUNT
from rehearsal.pulumi_types import resource_type

MARK = "unknown-"
"""What a made-up id begins with."""


def stand_in(type_: str, name: str, urn: str, inputs: dict[str, Any], region: str) -> tuple[str, dict[str, Any]]:
    """An id, and outputs: the inputs, and made-up text for what else the type has."""
    identifier = f"{MARK}{hashlib.sha256(urn.encode()).hexdigest()[:12]}"
    package, module = [*type_.split(":"), ""][:2]
    service = re.sub(r"[^a-z0-9-]", "", module.split("/")[0].lower()) if package == "aws" else "unknown"
    arn = f"arn:aws:{service or 'unknown'}:{region}:{ACCOUNT}:{re.sub(r'[^A-Za-z0-9_-]', '-', name)}/{identifier}"
    known = resource_type(type_)
    texts = {key: arn if key.lower().endswith("arn") else identifier for key in (known.text | known.filled if known else ())}
    given = {key: value for key, value in inputs.items() if value is not None}
    if known and "tagsAll" in known.outputs:
        given["tagsAll"] = given.get("tags", {})
    return identifier, {**texts, "arn": arn, **given}
