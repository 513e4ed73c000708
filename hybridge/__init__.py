"""Hybridge: one container platform over a data centre and AWS.

In a wheel, every package is below this name: `hybridge.components`, `hybridge.rehearsal`. In a checkout they stand at the top
of the repository, and are found below this name too: as the same modules, so that nothing is there twice.
"""

import runpy
from pathlib import Path
from types import SimpleNamespace

from hybridge import checkout

__version__ = "0.1.0"

HERE = Path(__file__).parent
PROGRAM = HERE.parent / "__main__.py" if checkout.is_one() else HERE / "program.py"
"""The architecture on one page."""
POLICIES = (HERE.parent if checkout.is_one() else HERE) / "policies"
"""The policy pack, for `pulumi up --policy-pack`."""
PLUGIN = POLICIES.with_name("plugin")
"""The components for programs in other languages, for `pulumi package add`."""

checkout.share_names()


def deploy() -> SimpleNamespace:
    """Make everything that the stack file says, from the program of a folder of one's own; what is made is in the result.

    stack = hybridge.deploy()
    stack.network.vpc_id, stack.platform.cluster_name, stack.settings.region
    """
    return SimpleNamespace(**{key: value for key, value in runpy.run_path(str(PROGRAM)).items() if not key.startswith("_")})
