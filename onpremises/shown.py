"""The facts as anybody may see them: without a key."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from onpremises.facts import Facts


def without_keys(of: Facts) -> Facts:
    """The same facts, every key empty."""
    return replace(
        of,
        routers=tuple(
            replace(
                router,
                circuits=tuple(replace(one, key="") for one in router.circuits),
                tunnels=tuple(replace(one, key="") for one in router.tunnels),
            )
            for router in of.routers
        ),
    )


def as_document(of: Facts) -> str:
    """The facts without secrets, for a person to compare and a machine to read."""

    def plain(value: Any) -> Any:
        if hasattr(value, "__dataclass_fields__"):
            return {
                name: plain(getattr(value, name))
                for name in value.__dataclass_fields__
                if name not in {"key", "settings", "outputs", "project"}
            }
        if isinstance(value, (list, tuple)):
            return [plain(one) for one in value]
        if isinstance(value, Mapping):
            return {str(key): plain(one) for key, one in value.items()}
        return value

    return json.dumps(plain(of), indent=1, sort_keys=True) + "\n"
