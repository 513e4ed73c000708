"""What is left out on purpose is refused with the reason, and the documents tell the same."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from components.settings.direct_connect import DirectConnect
from components.settings.disaster_recovery import DisasterRecovery
from components.settings.left_out import LEFT_OUT, left_out
from components.settings.network import Network
from components.settings.on_premises import OnPremises
from components.settings.translate import mistakes_of

ROOT = Path(__file__).parent.parent.parent


def refused(model: Any, **given: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(given)
    return [
        (one.key, str(one.value), one.fix)
        for one in mistakes_of(model, caught.value)
        if "unknown" in str(one.value) or "left" in str(one.value)
    ]


@pytest.mark.parametrize("one", LEFT_OUT, ids=lambda one: one.what)
def test_each_is_told_by_every_name_that_people_write_and_in_the_documents(one: Any) -> None:
    for name in one.names:
        assert left_out(name) is one
    assert f"| {one.what} | {one.why} | {one.instead} |" in (ROOT / "docs" / "links.md").read_text()


@pytest.mark.parametrize(
    ("model", "given", "key"),
    [
        (Network, {"ipv6": True}, "ipv6"),
        (Network, {"secondaryCidrs": ["10.1.0.0/16"]}, "secondaryCidrs"),
        (DirectConnect, {"connections": [{"name": "a", "virtualInterfaceId": "dxvif-1"}]}, "connections[0].virtualInterfaceId"),
        (DirectConnect, {"connections": [{"name": "a", "siteLink": True}]}, "connections[0].siteLink"),
        (OnPremises, {"routers": [{"name": "a", "privateIp": "10.0.0.1"}]}, "routers[0].privateIp"),
        (OnPremises, {"acceleration": True}, "acceleration"),
    ],
)
def test_it_is_refused_with_the_reason_where_it_is_written(model: Any, given: Any, key: str) -> None:
    assert (key, "(left out on purpose)", left_out(key.rsplit(".", 1)[-1]).instead) in refused(model, **given)  # type: ignore[union-attr]


def test_a_key_that_is_almost_another_is_taken_for_that_one() -> None:
    assert refused(DisasterRecovery, secondaryCidrs="10.1.0.0/16") == [
        ("secondaryCidrs", "(unknown key)", "Did you mean secondaryCidr?")
    ]
