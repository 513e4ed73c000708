"""What the program has made, for whatever a team adds to it."""

import importlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from components.container_platform import ContainerPlatform
from components.database import Database
from components.hybrid_storage import HybridStorage
from components.management import Management
from components.network import Network
from components.settings import Settings


class Own(pulumi.ComponentResource):
    """What a team has added, so that it stands together in every list of resources."""

    def __init__(self) -> None:
        super().__init__("hybridge:index:Own", "own", {})
        self.register_outputs({})


@dataclass
class Made:
    """The five components and what they were made from."""

    settings: Settings
    network: Network
    database: Database
    storage: HybridStorage
    platform: ContainerPlatform
    management: Management
    tags: dict[str, str]
    """The tags that every resource of the stack has."""
    _own: list[Own] = field(default_factory=list)

    @property
    def region(self) -> str:
        """The region of the stack."""
        return self.settings.region

    def options(self, **more: Any) -> pulumi.ResourceOptions:
        """Options for a resource of your own: under the component `own`, with whatever else ResourceOptions takes."""
        if not self._own:
            self._own.append(Own())
        return pulumi.ResourceOptions(**{"parent": self._own[0], **more})


def add_own(made: Made) -> None:
    """Hand what was made to `own/__init__.py`, if the project has one. HYBRIDGE_WITHOUT_OWN leaves it out."""
    if (Path.cwd() / "own" / "__init__.py").is_file() and not os.environ.get("HYBRIDGE_WITHOUT_OWN"):
        importlib.import_module("own").add(made)
