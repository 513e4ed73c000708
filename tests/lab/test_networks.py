"""The lab's own networks, with as little privilege as will do."""

import pytest

from tests.lab.networks import WAYS, Way, lab, lacking, way

pytestmark = pytest.mark.skipif(way() is None, reason=lacking("ping") or "it can")


@pytest.mark.parametrize("asked", WAYS)
def test_hosts_are_joined_and_forward_however_their_namespaces_are_made(asked: Way) -> None:
    try:
        with lab(asked) as made:
            for name in ("a", "b", "c"):
                made.host(name)
            made.cable(("a", "eth0", "10.0.1.2/24"), ("b", "eth0", "10.0.1.1/24"))
            made.switch("middle", [("b", "eth1", "10.0.2.1/24"), ("c", "eth0", "10.0.2.2/24")])
            made.run("a", "ip", "route", "add", "default", "via", "10.0.1.1")
            made.run("c", "ip", "route", "add", "default", "via", "10.0.2.1")
            assert "1 received" in made.run("a", "ping", "-c", "1", "-W", "2", "10.0.2.2")
    except (AssertionError, OSError) as error:
        if asked == way():
            raise
        pytest.skip(f"{asked} cannot be had here: {error}")


def test_what_is_lacking_is_named() -> None:
    assert lacking("no-such-program", "ping") == "no-such-program not installed"
