from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.settings.base import Mistake, all_mistakes
from components.settings.storage import Storage, mistakes_with

GUEST = {"guestPassword": "secret12"}
DOMAIN = {"domain": {"name": "corp.example", "username": "join", "password": "secret12"}}


def parsed(section: dict[str, Any]) -> Storage:
    return Storage.model_validate(section)


def keys(section: dict[str, Any]) -> list[str]:
    return [mistake.key for mistake in all_mistakes(parsed(section))]


def gateway(**settings: Any) -> dict[str, Any]:
    return {"fileGateway": settings}


def test_an_empty_section_is_a_week_hot_then_tiered_and_a_year_later_archived() -> None:
    args = parsed({}).as_args()
    assert keys({}) == []
    assert (args["hot_days"], args["tier_class"]) == (7, "INTELLIGENT_TIERING")
    assert (args["archive_days"], args["archive_class"]) == (365, "GLACIER")
    assert "activation_key" not in args["file_gateway"]
    assert args["efs"]["enabled"] is False
    assert args["aws_writes"] is False


@pytest.mark.parametrize(
    ("section", "wrong"),
    [
        ({"tierClass": "STANDARD_IA", "hotDays": 30, "archiveDays": 60}, []),
        ({"tierClass": "ONEZONE_IA", "hotDays": 30, "archiveDays": 60}, []),
        ({"tierClass": "STANDARD_IA", "hotDays": 29}, ["hotDays"]),
        ({"tierClass": "ONEZONE_IA", "hotDays": 7}, ["hotDays"]),
        ({"tierClass": "STANDARD_IA", "hotDays": 30, "archiveDays": 59}, ["archiveDays"]),
        ({"tierClass": "ONEZONE_IA", "hotDays": 7, "archiveDays": 30}, ["hotDays", "archiveDays"]),
        ({"hotDays": 7, "archiveDays": 8}, []),
        ({"hotDays": 7, "archiveDays": 7}, ["archiveDays"]),
        ({"hotDays": 90, "archiveDays": 30}, ["archiveDays"]),
    ],
)
def test_tierings_that_s3_refuses_are_refused(section: dict[str, Any], wrong: list[str]) -> None:
    assert keys(section) == wrong


@given(st.integers(1, 500), st.integers(1, 900), st.sampled_from(["INTELLIGENT_TIERING", "STANDARD_IA", "ONEZONE_IA"]))
def test_a_tiering_is_accepted_exactly_when_s3_accepts_it(hot: int, archive: int, tier: str) -> None:
    infrequent = tier != "INTELLIGENT_TIERING"
    legal = archive - hot >= (30 if infrequent else 1) and not (infrequent and hot < 30)
    assert (keys({"hotDays": hot, "archiveDays": archive, "tierClass": tier}) == []) is legal


def test_a_mistake_says_what_to_do() -> None:
    [mistake] = all_mistakes(parsed({"tierClass": "STANDARD_IA"}))
    assert mistake == Mistake(
        "hotDays",
        7,
        "30 or more with tierClass STANDARD_IA",
        "Raise hotDays, or set tierClass to INTELLIGENT_TIERING, which takes files at any age.",
    )


@pytest.mark.parametrize("value", ["GLACIER_IR", "STANDARD", "REDUCED_REDUNDANCY"])
@pytest.mark.parametrize("key", ["tierClass", "archiveClass"])
def test_classes_that_the_file_gateway_or_the_order_of_classes_excludes_do_not_parse(key: str, value: str) -> None:
    with pytest.raises(ValidationError):
        parsed({key: value})


@pytest.mark.parametrize(
    "name", ["ab", "a" * 64, "Files", "my.files", "-files", "files-", "xn--files", "files-s3alias", "files--x-s3", "a_b"]
)
def test_names_that_s3_refuses_for_a_bucket_do_not_parse(name: str) -> None:
    with pytest.raises(ValidationError):
        parsed({"bucketName": name})


@pytest.mark.parametrize("path", ["/mnt/files", "/srv/a/b.c", "/data/x_1"])
def test_files_are_mounted_below_the_usual_folders(path: str) -> None:
    assert parsed({"mountPath": path}).mount_path == path


@pytest.mark.parametrize(
    "path", ["/", "/mnt", "/etc/files", "mnt/files", "/mnt/../etc", "/mnt/files/", "/mnt//files", "/mnt/a b"]
)
def test_files_are_not_mounted_where_they_would_hide_the_system(path: str) -> None:
    with pytest.raises(ValidationError):
        parsed({"mountPath": path})


@pytest.mark.parametrize("seconds", [0, 300, 2_592_000])
def test_the_cache_is_refreshed_never_or_within_the_bounds_of_storage_gateway(seconds: int) -> None:
    assert keys(gateway(cacheRefreshSeconds=seconds)) == []


@pytest.mark.parametrize("seconds", [-1, 1, 299, 2_592_001])
def test_other_refresh_times_do_not_parse(seconds: int) -> None:
    with pytest.raises(ValidationError):
        parsed(gateway(cacheRefreshSeconds=seconds))


def test_files_that_aws_writes_have_to_appear_on_premises() -> None:
    assert keys({"awsWrites": True, **gateway(cacheRefreshSeconds=0)}) == ["fileGateway.cacheRefreshSeconds"]
    assert keys({"awsWrites": True}) == []


@pytest.mark.parametrize("zone", ["GMT", "GMT+9:00", "GMT-12:00", "GMT+5:30", "GMT+14:00"])
def test_time_zones_are_offsets(zone: str) -> None:
    assert parsed(gateway(timeZone=zone)).file_gateway.time_zone == zone


@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul", "GMT+9", "GMT+15:00", "GMT-13:00", "GMT+09:00"])
def test_other_time_zones_do_not_parse(zone: str) -> None:
    with pytest.raises(ValidationError):
        parsed(gateway(timeZone=zone))


def test_an_activation_key_is_as_the_gateway_prints_it() -> None:
    assert parsed(gateway(activationKey="29AV1-3OFV9-VVIUB-NKT0I-LRO6V")).as_args()["file_gateway"]["activation_key"]
    for wrong in ("", "29AV1-", "29AV1 3OFV9", "A" * 51, "http://10.0.0.1/?activationKey=29AV1"):
        with pytest.raises(ValidationError):
            parsed(gateway(activationKey=wrong))


def test_an_smb_share_beside_nfs_needs_a_part_of_the_bucket_for_each() -> None:
    assert keys(gateway(smb=GUEST)) == ["fileGateway.nfs.prefix"]
    assert keys(gateway(smb=GUEST, nfs={"prefix": "unix/"})) == []
    assert keys(gateway(smb={**GUEST, "prefix": "unix/windows/"}, nfs={"prefix": "unix/"})) == ["fileGateway.smb.prefix"]
    assert keys(gateway(smb={**GUEST, "prefix": "unix/"}, nfs={"prefix": "unix/old/"})) == ["fileGateway.smb.prefix"]


def test_shares_have_names_of_their_own() -> None:
    assert keys(gateway(smb={**GUEST, "shareName": "Files"}, nfs={"prefix": "unix/"})) == ["fileGateway.smb.shareName"]


@pytest.mark.parametrize(("smb", "wrong"), [({}, True), (GUEST | DOMAIN, True), (GUEST, False), (DOMAIN, False)])
def test_there_is_exactly_one_way_to_sign_in_to_smb(smb: dict[str, Any], wrong: bool) -> None:
    assert keys(gateway(smb=smb, nfs={"prefix": "unix/"})) == (["fileGateway.smb"] if wrong else [])


@pytest.mark.parametrize("key", ["validUsers", "invalidUsers", "adminUsers"])
def test_only_a_domain_has_users(key: str) -> None:
    users = {key: ["@staff"]}
    assert keys(gateway(smb=DOMAIN | users, nfs={"prefix": "unix/"})) == []
    assert keys(gateway(smb=GUEST | users, nfs={"prefix": "unix/"})) == [f"fileGateway.smb.{key}"]


def test_passwords_are_never_shown() -> None:
    section = parsed(gateway(smb=GUEST | DOMAIN))
    assert "secret12" not in f"{section!r}{list(all_mistakes(section))}"


@pytest.mark.parametrize("password", ["short", "pass\twordy", "passwört"])
def test_passwords_that_storage_gateway_refuses_do_not_parse(password: str) -> None:
    with pytest.raises(ValidationError):
        parsed(gateway(smb={"guestPassword": password}))


@pytest.mark.parametrize("prefix", ["", "/", "unix", "/unix/", "a//b/", "a b/", "../"])
def test_prefixes_end_in_one_slash(prefix: str) -> None:
    with pytest.raises(ValidationError):
        parsed(gateway(nfs={"prefix": prefix}))


def test_efs_archives_later_than_it_moves_to_infrequent_access() -> None:
    assert keys({"efs": {"enabled": True, "iaDays": 30, "archiveDays": 90}}) == []
    assert keys({"efs": {"enabled": True, "iaDays": 90, "archiveDays": 90}}) == ["efs.archiveDays"]


def test_efs_knows_only_some_numbers_of_days_and_no_root() -> None:
    for wrong in ({"iaDays": 2}, {"archiveDays": 366}, {"ownerId": 0}, {"groupId": 0}):
        with pytest.raises(ValidationError):
            parsed({"efs": wrong})


@pytest.mark.parametrize("client", ["10.0.0.1/24", "10.0.0", "host.example", ""])
def test_clients_are_addresses_or_networks(client: str) -> None:
    with pytest.raises(ValidationError):
        parsed(gateway(nfs={"clients": [client]}))


def test_clients_are_in_the_data_centre() -> None:
    section = parsed(gateway(nfs={"clients": ["10.0.1.0/24", "192.168.1.10", "0.0.0.0/0", "10.0.1.0/24", "8.8.8.8"]}))
    found = list(mistakes_with(section, on_premises_cidrs=["10.0.0.0/16", "192.168.0.0/16"]))
    assert sorted(mistake.key for mistake in found) == [
        "storage.fileGateway.nfs.clients[2]",
        "storage.fileGateway.nfs.clients[3]",
        "storage.fileGateway.nfs.clients[4]",
    ]
    assert list(mistakes_with(parsed({}), on_premises_cidrs=["10.0.0.0/16"])) == []
