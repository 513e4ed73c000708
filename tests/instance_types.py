"""Writes components/instance_types.json: the instance types that the installed API model of EC2 knows."""

import itertools
import json
from importlib.metadata import version
from typing import Any

import botocore.session

from components.instance_types import KNOWN


def current() -> str:
    """What the file is to hold."""
    model = botocore.session.get_session().get_service_model("ec2")
    types: Any = model.shape_for("InstanceType")
    ordered = sorted(types.enum, key=lambda one: one.split(".")[0])
    families = {
        family: " ".join(one.split(".")[1] for one in found)
        for family, found in itertools.groupby(ordered, key=lambda one: one.split(".")[0])
    }
    return json.dumps({"source": f"botocore {version('botocore')}, ec2, InstanceType", "families": families}, indent=1) + "\n"


if __name__ == "__main__":
    KNOWN.write_text(current(), encoding="utf-8")
