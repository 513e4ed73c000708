"""Several File Gateways and several shares: what AWS, or one VM, would not take."""

from typing import Any

import pytest
from pydantic import ValidationError

from components.settings.base import all_mistakes
from components.settings.storage import Storage, mistakes_with

GUEST = {"guestPassword": "secret12"}
BUSAN = {"name": "busan", "nfs": {"prefix": "busan/"}}


def parsed(first: dict[str, Any] | None = None, *further: dict[str, Any], **others: Any) -> Storage:
    return Storage.model_validate({"fileGateway": first or {}, "fileGateways": [*further], **others})


def keys(first: dict[str, Any] | None = None, *further: dict[str, Any], **others: Any) -> list[str]:
    return sorted(mistake.key for mistake in all_mistakes(parsed(first, *further, **others)))


def test_a_further_gateway_wants_a_part_of_the_bucket_for_every_share() -> None:
    assert keys({}, BUSAN) == ["fileGateway.nfs.prefix"]
    assert keys({"nfs": {"prefix": "seoul/"}}, BUSAN) == []
    assert keys({"nfs": {"prefix": "seoul/"}}, {"name": "busan", "nfs": {}}) == ["fileGateways[0].nfs.prefix"]
    assert keys({"nfs": {"prefix": "busan/old/"}}, BUSAN) == ["fileGateways[0].nfs.prefix"]
    more = {"nfs": {"prefix": "unix/"}, "moreNfs": [{"shareName": "a", "prefix": "unix/a/"}]}
    assert keys(more) == ["fileGateway.moreNfs[0].prefix"]


def test_a_further_gateway_has_a_share_and_a_name_of_its_own() -> None:
    seoul = {"name": "seoul", "nfs": {"prefix": "seoul/"}}
    assert keys(seoul, {"name": "busan"}) == ["fileGateways[0]"]
    assert keys(seoul, {**BUSAN, "name": "seoul"}) == ["fileGateways[0].name"]
    for wrong in ("Busan", "b", "busan_1", "a" * 21):
        with pytest.raises(ValidationError):
            parsed(seoul, {**BUSAN, "name": wrong})


def test_shares_of_one_gateway_have_names_apart_and_those_of_two_need_not() -> None:
    more = [{"shareName": "Files", "prefix": "more/"}]
    assert keys({"nfs": {"prefix": "unix/"}, "moreNfs": more}) == ["fileGateway.moreNfs[0].shareName"]
    assert keys({"nfs": {"prefix": "unix/"}}, BUSAN) == []


def test_further_smb_shares_are_signed_in_to_as_the_first() -> None:
    scans = {"shareName": "scans", "prefix": "scans/"}
    unix = {"nfs": {"prefix": "unix/"}}
    assert keys({**unix, "moreSmb": [scans]}) == ["fileGateway.moreSmb"]
    assert keys({**unix, "smb": GUEST, "moreSmb": [scans]}) == []
    assert keys({**unix, "smb": GUEST, "moreSmb": [{**scans, "validUsers": ["@a"]}]}) == ["fileGateway.moreSmb[0].validUsers"]


def test_a_gateway_refreshes_two_shares_and_no_third() -> None:
    refresh = {"folders": ["/"]}
    more = [{"shareName": name, "prefix": f"{name}/", "refresh": refresh} for name in ("a", "b")]
    assert keys({"nfs": {"prefix": "unix/"}, "moreNfs": more}) == []
    assert keys({"nfs": {"prefix": "unix/", "refresh": refresh}, "moreNfs": more}) == ["fileGateway.moreNfs[1].refresh"]


@pytest.mark.parametrize(
    ("limits", "wrong"),
    [
        ([{"mebibits": 100}], []),
        ([{"start": "08:00", "end": "18:00", "mebibits": 100}, {"start": "18:00", "mebibits": 200}], []),
        ([{"days": ["Monday"], "mebibits": 100}, {"days": ["Friday"], "mebibits": 200}], []),
        ([{"start": "08:00", "end": "18:00", "mebibits": 100}, {"start": "17:59", "mebibits": 200}], ["uploadLimits[1]"]),
        ([{"start": "22:00", "end": "06:00", "mebibits": 100}], ["uploadLimits[0].end"]),
        ([{"days": ["Monday", "Monday"], "mebibits": 100}], ["uploadLimits[0].days[1]"]),
        ([], []),
    ],
)
def test_limits_of_uploads_are_within_a_day_and_apart(limits: list[dict[str, Any]], wrong: list[str]) -> None:
    assert keys({"uploadLimits": limits}) == [f"fileGateway.{key}" for key in wrong]


@pytest.mark.parametrize("limit", [{"mebibits": 99}, {}, {"mebibits": 100, "start": "24:00"}, {"mebibits": 100, "end": "8:00"}])
def test_limits_that_storage_gateway_does_not_take_do_not_parse(limit: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parsed({"uploadLimits": [limit]})


def test_what_holds_for_one_gateway_holds_for_all() -> None:
    seoul = {"nfs": {"prefix": "seoul/"}}
    never = {**BUSAN, "cacheRefreshSeconds": 0}
    assert keys(seoul, never) == []
    assert keys(seoul, never, awsWrites=True) == ["fileGateways[0].cacheRefreshSeconds"]
    outside = parsed(seoul, {"name": "busan", "nfs": {"prefix": "busan/", "clients": ["8.8.8.8"]}})
    assert [one.key for one in mistakes_with(outside, on_premises_cidrs=["10.0.0.0/8"])] == [
        "storage.fileGateways[0].nfs.clients[0]"
    ]
