"""The account of the real engine without the engine: by what it hands over, and by what its state holds."""

from typing import Any

import pytest

from engine import state
from engine.account import Account
from rehearsal.emulator import Refused
from rehearsal.life import Thing
from rehearsal.stackfile import read
from tests.rehearsal.support import ROOT

GATEWAY = "aws:ec2/customerGateway:CustomerGateway"


def made(urn: str, outputs: dict[str, Any], id: str) -> state.Resource:
    """A gateway as the state has it."""
    inputs = {"bgpAsn": "65010", "ipAddress": "203.0.113.10", "type": "ipsec.1"}
    return state.Resource(urn, GATEWAY, id, custom=True, parent="", inputs=inputs, outputs=outputs)


def test_an_account_is_made_again_from_what_was_renamed() -> None:
    former, now = (f"urn:pulumi:dev::hybridge::{GATEWAY}::{name}" for name in ("lab", "edge"))
    with Account(files={"dev": read("dev", ROOT)}) as account:
        gateway = made(former, {}, "")
        first, _ = account.make(former, dict(gateway.inputs), "ap-northeast-2")
        outputs = {**first.outputs, state.BORN: former}
        thing = Thing(GATEWAY, "edge", state.seed_of(now, outputs), "ap-northeast-2", gateway.inputs, first.id, first.outputs)
        account.update(now, thing, {**gateway.inputs, "tags": {"Name": "edge"}})
        assert [one.thing.name for one in account.standing.values()] == ["edge"]
        assert account.next_generation(former) == 1
        renamed = made(now, outputs, first.id)
        assert account.rebuild({"dev": [renamed]}) == []
        assert account.next_generation(former) == 1, "another of the former name would take its ids"
        account.delete(thing)
        assert account.standing == {}
        unknown = made(now, first.outputs, first.id)
        assert any(f"its id is {first.id} and came out as" in text for text in account.rebuild({"dev": [unknown]}))


def test_what_the_provider_refuses_of_a_change_changes_nothing() -> None:
    type_ = "aws:rds/instance:Instance"
    writes = {"identifier": "one", "engine": "postgres"}
    thing = Thing(type_, "one", "seed", "ap-northeast-2", writes, "db-ONE", {})
    with Account() as account, pytest.raises(Refused, match="no instance that takes writes follows another again"):
        account.update(f"urn:pulumi:dev::hybridge::{type_}::one", thing, {**writes, "replicateSourceDb": "two"})
