"""What `__main__` hands from the stack of the primary to that of the secondary."""

import copy
from typing import Any

import pulumi
import pytest

from components.primary import AGREED, READ, Contradiction, Primary, contradictions
from components.regions import Regions
from components.settings import Settings, parse
from components.settings.errors import NOT_SET
from components.settings.parse import merged
from components.wiring import names_of
from tests.recorder import deploy
from tests.settings.test_parse import REGION, with_
from tests.settings.test_recovery_rules import PRIMARY, SECONDARY, TAKEN_OVER

EXPORTED: dict[str, Any] = {
    "region": "ap-northeast-1",
    "secondaryRegion": REGION,
    "secondaryCidr": "10.20.0.0/16",
    "vpcCidrBlock": "10.30.0.0/16",
    "privateZoneId": "Z0PRIMARY",
    "privateZoneName": "aws.internal",
    "directConnectGatewayId": "dxgw-primary",
    "directConnectGatewayAsn": 64513,
    "databaseWay": "replica",
    "databaseName": "hybridge",
    "databaseMajorVersion": "17",
    "filesMountPath": "/mnt/files",
}
TRANSIT = {"transitGatewayId": "tgw-0primary", "transitGatewayRouteTableId": "tgw-rtb-0primary", "transitGatewayAsn": 64520}


def settings(raw: dict[str, Any]) -> Settings:
    return parse(raw, REGION)


def told(raw: dict[str, Any], **exported: Any) -> list[tuple[str, Any]]:
    """Key and value of each contradiction."""
    outputs = {key: value for key, value in {**EXPORTED, **exported}.items() if value is not None}
    return [(mistake.key, mistake.value) for mistake in contradictions(settings(raw), outputs, "prod")]


def test_stacks_that_fit_do_not_contradict_each_other() -> None:
    assert told(SECONDARY) == []
    assert told(merged(SECONDARY, {"network": {"hub": "transitGateway"}}), **TRANSIT) == []


@pytest.mark.parametrize(
    ("exported", "expected"),
    [
        ({"region": REGION}, [("aws:region", REGION)]),
        ({"secondaryRegion": "us-east-1"}, [("aws:region", REGION)]),
        ({"secondaryRegion": None}, [("aws:region", REGION)]),
        ({"secondaryCidr": "10.50.0.0/16"}, [("hybridge:network.cidr", "10.20.0.0/16")]),
        ({"vpcCidrBlock": "10.20.0.0/16"}, [("hybridge:disasterRecovery.primaryCidr", "10.30.0.0/16")]),
        ({"privateZoneName": "aws.corp.example"}, [("hybridge:network.privateZone", "aws.internal")]),
        ({"transitGatewayAsn": 64520}, [("hybridge:network.hub", "vpnGateway")]),
        ({"databaseWay": "backups"}, [("hybridge:disasterRecovery.database", "replica")]),
        ({"filesMountPath": "/srv/files"}, [("hybridge:storage.mountPath", "/mnt/files")]),
        ({"filesPrefix": "unix/"}, [("hybridge:storage.fileGateway.nfs.prefix", NOT_SET)]),
        ({"databaseName": "shop"}, [("hybridge:database.name", "hybridge")]),
        ({"databaseMajorVersion": "16"}, [("hybridge:database.engineVersion", "17")]),
    ],
)
def test_stacks_that_do_not_fit_are_told_apart(exported: dict[str, Any], expected: list[tuple[str, Any]]) -> None:
    assert told(SECONDARY, **exported) == expected


def test_two_buckets_have_two_names() -> None:
    raw = merged(SECONDARY, {"storage": {"bucketName": "acme-files"}})
    assert told(raw, bucketName="acme-files") == [("hybridge:storage.bucketName", "acme-files")]
    assert told(raw, bucketName="acme-files-seoul") == []


@pytest.mark.parametrize("asn", [64520, 64513])
def test_transit_gateways_behind_one_direct_connect_gateway_each_have_an_asn_of_their_own(asn: int) -> None:
    raw = merged(SECONDARY, {"network": {"hub": "transitGateway", "amazonAsn": asn}, "directConnect": {"gatewayAsn": 64999}})
    assert told(raw, **TRANSIT) == [("hybridge:network.amazonAsn", asn)]
    assert told(merged(SECONDARY, {"network": {"amazonAsn": asn}})) == []


def read(raw: dict[str, Any], exported: dict[str, Any], *attributes: str, secret: tuple[str, ...] = ()) -> Any:
    """Values of a Primary, and which of them are secret."""
    found: dict[str, tuple[Any, bool]] = {}

    def program() -> None:
        primary = Primary(settings(raw))
        for attribute in attributes:
            value: pulumi.Output[Any] = getattr(primary, attribute)
            secretness: Any = value.is_secret()
            known = pulumi.Output.all(attribute, value, pulumi.Output.from_input(secretness))
            known.apply(lambda one: found.update({one[0]: (one[1], one[2])}))

    def outputs(_type: str, _name: str, _inputs: dict[str, Any]) -> dict[str, Any]:
        return {"outputs": copy.deepcopy(exported), "secretOutputNames": list(secret)}

    deploy(program, outputs=outputs)
    return found


def test_an_attribute_is_the_output_of_its_name_and_a_secret_only_if_that_is_one() -> None:
    exported = {**EXPORTED, "databaseSecretArn": "arn:hidden"}
    found = read(SECONDARY, exported, "private_zone_id", "region", "database_secret_arn", secret=("databaseSecretArn",))
    assert found == {
        "private_zone_id": ("Z0PRIMARY", False),
        "region": ("ap-northeast-1", False),
        "database_secret_arn": ("arn:hidden", True),
    }


def test_an_output_that_the_primary_lacks_is_missed_only_by_who_asks_for_it() -> None:
    assert read(SECONDARY, EXPORTED, "region") == {"region": ("ap-northeast-1", False)}
    with pytest.raises(Contradiction, match="the stack prod has no output transitGatewayId, which the stack test needs"):
        read(SECONDARY, EXPORTED, "transit_gateway_id")


def test_the_outputs_of_a_primary_that_is_gone_are_those_that_the_stack_file_kept() -> None:
    raw = merged(TAKEN_OVER, {"disasterRecovery": {"primaryOutputs": {k: str(v) for k, v in EXPORTED.items()}}})
    assert read(raw, {}, "private_zone_id") == {"private_zone_id": ("Z0PRIMARY", False)}
    with pytest.raises(
        Contradiction, match=r"add it to hybridge:disasterRecovery\.primaryOutputs, as `pulumi stack output -s prod`"
    ):
        read(raw, {}, "bucket_name")


def test_outputs_that_the_stack_file_kept_are_put_right_there_and_not_in_a_stack_that_is_gone() -> None:
    kept = merged(TAKEN_OVER, {"disasterRecovery": {"primaryOutputs": {"region": "ap-northeast-1"}}})
    found = list(contradictions(settings(kept), {"region": "ap-northeast-1"}, "prod"))
    assert "hybridge:network.cidr" in {mistake.key for mistake in found}
    assert {mistake.fix for mistake in found} == {
        "Set that in disasterRecovery.primaryOutputs, as `pulumi stack output -s prod` told it, or change this stack."
    }


def test_whoever_asks_for_anything_is_told_all_contradictions() -> None:
    with pytest.raises(Contradiction) as error:
        read(SECONDARY, {**EXPORTED, "privateZoneName": "aws.corp.example", "region": REGION}, "private_zone_id")
    assert str(error.value) == (
        "Pulumi.test.yaml and the stack prod contradict each other.\n\n"
        "aws:region\n"
        '  value    "ap-northeast-2"\n'
        "  allowed  a region other than that of prod\n"
        "  fix      Deploy the secondary to another region.\n\n"
        "hybridge:network.privateZone\n"
        '  value    "aws.internal"\n'
        "  allowed  the same as the output privateZoneName of prod, aws.corp.example\n"
        "  fix      Set it so in the stack file of prod and deploy that first, or change\n"
        "           this stack."
    )


def test_an_attribute_that_is_not_declared_is_a_mistake_of_the_program() -> None:
    with pytest.raises(AttributeError, match="a secondary reads no output password"):
        read(SECONDARY, EXPORTED, "password")


def test_a_primary_has_no_primary() -> None:
    with pytest.raises(ValueError, match="primary_stack is not set"):
        Primary(settings(PRIMARY))


class Known:
    """Stands for a Primary whose attributes are their own names."""

    def __getattr__(self, name: str) -> str:
        return f"<{name}>"


KNOWN: Any = Known()


def wired(raw: dict[str, Any], primary: Any = None) -> dict[str, Any]:
    args = Regions(settings(raw), primary).network()
    args["direct_connect"].pop("connections")
    return args


CIRCUITS = {"gateway_asn": 64513, "protected": True}
ALONE = {"direct_connect": CIRCUITS, "shared": False, "protected": True}


def test_each_circuit_says_at_which_site_it_ends() -> None:
    circuit = {"location": "Kinx1", "bandwidth": "1Gbps"}
    sites = [
        {"name": "pangyo", "cidrs": ["10.0.0.0/16"], "circuits": ["kinx"]},
        {"name": "busan", "cidrs": ["10.1.0.0/16"], "circuits": ["lgu"]},
    ]
    connections = {"directConnect": {"connections": [{"name": name, **circuit} for name in ("kinx", "lgu")]}}
    several = merged(connections, {"onPremises": {"cidrs": None, "sites": sites}})
    sited, alone = (Regions(settings(with_(**raw)), None).network()["direct_connect"] for raw in (several, connections))
    assert [one["site"] for one in sited["connections"]] == ["pangyo", "busan"]
    assert all("site" not in one for one in alone["connections"])


def test_a_region_alone_knows_of_no_other() -> None:
    assert wired(with_()) == ALONE
    assert wired(PRIMARY) == {**ALONE, "shared": True}, "virtual private gateways do not lead to other VPCs"


def test_each_side_of_a_transit_gateway_knows_the_block_of_the_other_and_one_makes_the_peering() -> None:
    hub = {"network": {"hub": "transitGateway"}}
    assert wired(merged(PRIMARY, hub)) == {**ALONE, "shared": True, "other_region": {"cidr": "10.30.0.0/16"}}
    assert wired(merged(SECONDARY, hub), Known()) == {
        "shared": False,
        "protected": True,
        "private_zone_id": "<private_zone_id>",
        "direct_connect": {**CIRCUITS, "gateway_id": "<direct_connect_gateway_id>"},
        "other_region": {
            "cidr": "10.30.0.0/16",
            "peer": {
                "region": "<region>",
                "transit_gateway_id": "<transit_gateway_id>",
                "route_table_id": "<transit_gateway_route_table_id>",
            },
        },
    }


def test_a_secondary_joins_the_direct_connect_gateway_unless_the_primary_has_none() -> None:
    assert wired(SECONDARY, Known())["direct_connect"]["gateway_id"] == "<direct_connect_gateway_id>"
    without = merged(SECONDARY, {"disasterRecovery": {"directConnect": False}})
    assert wired(without, Known()) == {**ALONE, "private_zone_id": "<private_zone_id>"}


def test_peers_part_before_the_primary_goes() -> None:
    parting = merged(SECONDARY, {"network": {"hub": "transitGateway"}, "disasterRecovery": {"peering": False}})
    assert "other_region" not in wired(parting, Known())


def test_files_are_replicated_out_of_the_primary_until_it_has_been_taken_down_for_good() -> None:
    assert Regions(settings(PRIMARY), None).files() == {"read_only": False}
    assert Regions(settings(SECONDARY), KNOWN).files()["replicate_from"]["bucket_name"] == "<bucket_name>"
    alone = merged(TAKEN_OVER, {"disasterRecovery": {"primaryOutputs": {"bucketName": "gone"}}})
    assert Regions(settings(alone), KNOWN).files() == {"read_only": False}, "there is no bucket left to replicate"


@pytest.mark.parametrize(("generation", "tested", "fed"), [(1, 0, False), (1, 1, True), (2, 1, False), (2, 2, True)])
def test_dms_feeds_the_generation_that_somebody_has_tested(generation: int, tested: int, fed: bool) -> None:
    section = {"database": "dms", "generation": generation, "testedGeneration": tested}
    chosen = settings(merged(SECONDARY, {"network": {"hub": "transitGateway"}, "disasterRecovery": section}))
    standby: Any = Regions(chosen, KNOWN).database("10.20.0.0/16")["standby_for"]
    assert (standby["way"], standby["tested"]) == ("dms", fed)
    # Its alarms ask for the task that is there.
    assert names_of(chosen).migrating == ([f"primary-{generation}"] if fed else [])


def test_every_output_that_a_secondary_reads_is_one_that_the_program_exports() -> None:
    asked: set[str] = set()

    class Noting(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            asked.add(key)
            return super().get(key, default)

    list(contradictions(settings(SECONDARY), Noting(EXPORTED), "prod"))
    assert asked <= {*AGREED, "bucketName"}
    assert {*AGREED, "bucketName"} <= READ
