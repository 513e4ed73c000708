"""What holds for all tests."""

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The tests prove Hybridge, whatever a team makes of the stack files at the top of the repository, and adds in own/. Processes
# that a test starts inherit this.
os.environ["HYBRIDGE_STACKS"] = str(Path(__file__).parent / "samples")
os.environ["HYBRIDGE_WITHOUT_OWN"] = "1"
# How long an example takes is for the machine to say, which runs two of everything: what takes too long is no finding.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
# A shell starts what runs in its background deaf to Ctrl-C, and so would be each command whose end by Ctrl-C is tried.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module", autouse=True)
def _tidy_heap() -> Iterator[None]:
    """Rehearsed stacks are millions of objects: collected once per module, they do not slow every test that comes after."""
    yield
    gc.unfreeze()
    gc.collect()
    gc.freeze()
