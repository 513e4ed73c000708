import re
from typing import Any

import pytest
from cryptography import x509
from pydantic import ValidationError

from components import rds_roots
from components.settings.base import Mistake, all_mistakes
from components.settings.database import Database
from components.settings.disaster_recovery import DisasterRecovery
from components.settings.migration import (
    Migration,
    migration_from_on_premises,
    migration_into_database,
    migration_through_network,
    target_verified,
)
from components.settings.network import Network
from components.settings.on_premises import OnPremises
from components.settings.sizes import SIZES

SMALL = SIZES["small"]["migration"]
SOURCE = {"name": "orders", "host": "db1.corp.example", "database": "orders", "username": "dms", "password": "hidden"}
OTHER = {**SOURCE, "name": "billing", "database": "billing"}
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----\n"


def parsed(**settings: Any) -> Migration:
    return Migration.model_validate({**SMALL, **settings})


def keys(**settings: Any) -> list[str]:
    return [mistake.key for mistake in all_mistakes(parsed(**settings))]


def database(**settings: Any) -> Database:
    return Database.model_validate({**SIZES["small"]["database"], **settings})


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_a_legal_migration(size: str) -> None:
    assert list(all_mistakes(Migration.model_validate(SIZES[size]["migration"]))) == []


@pytest.mark.parametrize(("stage", "wrong"), [("off", []), ("prepare", ["sources"]), ("replicate", ["sources"]), ("done", [])])
def test_a_stage_that_runs_wants_a_source(stage: str, wrong: list[str]) -> None:
    assert keys(stage=stage) == wrong
    assert keys(stage=stage, sources=[SOURCE]) == []


def test_the_native_way_has_no_assessment_and_a_slot_no_load() -> None:
    for stage in ("assess", "load"):
        assert keys(stage=stage, sources=[SOURCE], way="native") == ["stage"]
    slotted = {**SOURCE, "slot": {"name": "by_hand", "startPosition": "16/B374D848"}}
    assert keys(stage="load", sources=[slotted]) == ["sources[0].slot"]
    assert keys(stage="replicate", sources=[slotted]) == []


@pytest.mark.parametrize(
    ("source", "more", "wrong"),
    [
        ("15", {}, []),
        ("9.6", {}, []),
        ("18", {}, ["migration.sources[0].engineVersion"] * 2),
        ("17", {"engineVersion": "3.5.4"}, ["migration.engineVersion"] * 2),
        ("9.6", {"way": "native"}, ["migration.sources[0].engineVersion"]),
        ("17", {"way": "native"}, []),
    ],
)
def test_the_source_is_of_a_version_that_engine_and_database_know(source: str, more: dict[str, Any], wrong: list[str]) -> None:
    migration = parsed(stage="prepare", sources=[{**SOURCE, "engineVersion": source}], **more)
    assert [mistake.key for mistake in migration_into_database(migration, database())] == wrong


def test_a_region_without_shipped_roots_wants_its_own() -> None:
    running = parsed(stage="prepare", sources=[SOURCE])

    def missing(migration: Migration, region: str, role: str = "primary", way: str = "replica") -> list[str]:
        recovery = DisasterRecovery.model_validate({"database": way})
        return [mistake.key for mistake in target_verified(migration, role, recovery, region)]

    assert missing(running, "ap-northeast-2") == []
    assert missing(running, "ap-southeast-7") == ["migration.targetCertificatePem"]
    assert missing(parsed(), "ap-southeast-7") == []
    assert missing(parsed(), "ap-southeast-7", "secondary", "dms") == ["migration.targetCertificatePem"]
    assert missing(parsed(stage="prepare", sources=[SOURCE], targetCertificatePem=CERTIFICATE), "ap-southeast-7") == []


def test_the_roots_are_what_they_are_called_and_sign_themselves() -> None:
    for path in sorted(rds_roots.FOLDER.glob("*.pem")):
        roots = x509.load_pem_x509_certificates(path.read_bytes())
        names = {root.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value for root in roots}
        assert names == {f"Amazon RDS {path.stem} Root CA {kind} G1" for kind in ("RSA2048", "RSA4096", "ECC384")}
        for root in roots:
            root.verify_directly_issued_by(root)
            assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_off_is_understood_without_quotes_which_yaml_reads_as_false() -> None:
    assert parsed(stage=False).stage == "off"
    with pytest.raises(ValidationError):
        parsed(stage=True)


def test_sources_have_names_of_their_own() -> None:
    assert keys(sources=[SOURCE, OTHER, SOURCE]) == ["sources[2].name"]


@pytest.mark.parametrize("password", ["semi;colon", "co:lon", "do.t", "pl+us"])
def test_passwords_that_dms_cannot_take_are_refused_without_being_shown(password: str) -> None:
    (mistake,) = all_mistakes(parsed(sources=[{**SOURCE, "password": password}]))
    assert mistake.key == "sources[0].password"
    assert password not in str(mistake)


def test_passwords_do_not_show_in_args_or_representation() -> None:
    assert "hidden" not in repr(parsed(sources=[SOURCE]))


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"sslMode": "verify-full", "certificatePem": CERTIFICATE}, []),
        ({"sslMode": "verify-ca"}, ["sources[0].certificatePem"]),
        ({"certificatePem": CERTIFICATE}, ["sources[0].certificatePem"]),
        ({"sslMode": "none", "certificatePem": CERTIFICATE}, ["sources[0].certificatePem"]),
    ],
)
def test_certificates_are_there_exactly_if_they_are_checked(settings: dict[str, Any], wrong: list[str]) -> None:
    assert keys(sources=[{**SOURCE, **settings}]) == wrong


def test_only_schemas_that_are_carried_over_are_renamed() -> None:
    assert keys(sources=[{**SOURCE, "targetSchemas": {"audit": "orders_audit"}}]) == ["sources[0].targetSchemas.audit"]
    assert keys(sources=[{**SOURCE, "schemas": ["public", "public"]}]) == ["sources[0].schemas[1]"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "Orders"),
        ("name", "two--hyphens"),
        ("name", "ends-"),
        ("name", "a" * 25),
        ("host", "db1.corp.example:5432"),
        ("host", "postgres://db1"),
        ("host", "10.0.0.256"),
        ("host", "10.0.1"),
        ("host", "-db"),
        ("host", ""),
        ("port", 0),
        ("port", 65536),
        ("database", "with space"),
        ("username", ""),
        ("password", ""),
        ("schemas", []),
        ("schemas", ["pg_catalog"]),
        ("schemas", ["information_schema"]),
        ("schemas", ["100%"]),
        ("targetSchemas", {"public": "pg_catalog"}),
        ("sslMode", "prefer"),
        ("certificatePem", "MIIB"),
        ("plugin", "wal2json"),
        ("heartbeatMinutes", 0),
        ("slot", {"name": "Upper", "startPosition": "16/B374D848"}),
        ("slot", {"name": "slot", "startPosition": "B374D848"}),
    ],
)
def test_values_of_a_source_that_dms_would_not_take_are_refused(key: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        parsed(sources=[{**SOURCE, key: value}])
    assert refused.value.errors()[0]["loc"][:3] == ("sources", 0, key)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stage", "started"),
        ("roles", "keep"),
        ("instanceClass", "db.t3.medium"),
        ("instanceClass", "dms.t3.xlarge"),
        ("instanceClass", "dms.r6i.medium"),
        ("instanceClass", "dms.m5.large"),
        ("engineVersion", "3.4.7"),
        ("engineVersion", "3.6"),
        ("storageGiB", 4),
        ("storageGiB", 6145),
        ("maintenanceWindow", "20:00-21:00"),
        ("tablePreparation", "TRUNCATE"),
        ("parallelTables", 50),
        ("lobs", {"mode": "full"}),
        ("lobs", {"maxKiB": 102401}),
        ("targetCertificatePem", "rds"),
    ],
)
def test_values_that_dms_would_not_take_are_refused(key: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        parsed(**{key: value})
    assert refused.value.errors()[0]["loc"][0] == key


def test_args_are_named_as_the_component_takes_them() -> None:
    args = parsed(stage="off", lobs={"maxKiB": 32}).as_args()
    assert (args["storage_gib"], args["lobs"], args["sources"]) == (50, {"mode": "inline", "max_kib": 32}, [])


def wrong(mistakes: Any) -> list[str]:
    return [mistake.key for mistake in mistakes if isinstance(mistake, Mistake)]


def test_two_sources_may_not_land_in_one_schema() -> None:
    def found(**other: Any) -> list[str]:
        migration = parsed(stage="prepare", sources=[SOURCE, {**OTHER, **other}])
        return wrong(migration_into_database(migration, database()))

    assert found() == ["migration.sources[1].targetSchemas"]
    assert found(targetDatabase="hybridge") == ["migration.sources[1].targetSchemas"]
    assert found(targetSchemas={"public": "billing"}) == []
    assert found(targetDatabase="billing") == []


@pytest.mark.parametrize(
    ("database_version", "engine", "refused"),
    [
        ("18", "3.6.1", ["database.engineVersion"]),
        ("17", "3.6.1", []),
        ("17", "3.5.4", ["migration.engineVersion"]),
        ("16", "3.5.4", []),
    ],
)
def test_the_engine_must_know_the_version_of_the_database(database_version: str, engine: str, refused: list[str]) -> None:
    migration = parsed(stage="prepare", sources=[SOURCE], engineVersion=engine)
    assert wrong(migration_into_database(migration, database(engineVersion=database_version))) == refused


def test_what_does_not_run_need_not_fit_the_database() -> None:
    for stage in ("off", "done"):
        migration = parsed(stage=stage, sources=[SOURCE, OTHER], engineVersion="3.5.4")
        assert wrong(migration_into_database(migration, database())) == []


def test_dms_reads_its_secrets_through_an_endpoint_of_the_vpc() -> None:
    zones = ["ap-northeast-2a", "ap-northeast-2c"]
    values = {"cidr": "10.20.0.0/16", "zones": zones, "natGateways": "Single", "privateZone": "aws.corp.example"}
    network = Network.model_validate({**values, "endpoints": ["ecs"]})
    assert wrong(migration_through_network(parsed(stage="prepare", sources=[SOURCE]), network)) == ["network.endpoints"]
    assert wrong(migration_through_network(parsed(stage="done"), network)) == []
    assert wrong(migration_through_network(parsed(stage="prepare", sources=[SOURCE]), Network.model_validate(values))) == []


def test_addresses_of_sources_lie_on_premises() -> None:
    router = {"name": "r1", "publicIp": "203.0.113.10", "asn": 65010}
    on_premises = OnPremises.model_validate(
        {"cidrs": ["10.0.0.0/16"], "domain": "corp.example", "dnsServers": ["10.0.0.53"], "routers": [router]}
    )
    for host, refused in (("10.0.4.9", []), ("10.1.4.9", ["migration.sources[0].host"]), ("db1.corp.example", [])):
        assert wrong(migration_from_on_premises(parsed(sources=[{**SOURCE, "host": host}]), on_premises)) == refused


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"excludeTables": ["public.cache_*"], "removeColumns": {"public.orders": ["tax"]}}, []),
        ({"excludeTables": ["audit.log"]}, ["sources[0].excludeTables[0]"]),
        ({"includeTables": ["audit.log"]}, ["sources[0].includeTables[0]"]),
        ({"removeColumns": {"audit.log": ["at"]}}, ['sources[0].removeColumns["audit.log"]']),
        ({"includeTables": ["public.a"], "excludeTables": ["public.a"]}, ["sources[0].excludeTables[0]"]),
    ],
)
def test_tables_that_stay_behind_are_tables_of_the_schemas(settings: dict[str, Any], wrong: list[str]) -> None:
    assert keys(sources=[{**SOURCE, **settings}]) == wrong


@pytest.mark.parametrize("table", ["orders", "public.", "public.a.b", "pub*.orders", "public.my table"])
def test_a_table_is_written_with_its_schema(table: str) -> None:
    with pytest.raises(ValidationError, match=re.escape("a table as schema.table")):
        parsed(sources=[{**SOURCE, "excludeTables": [table]}])
