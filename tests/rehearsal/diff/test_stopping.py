"""What would stop an update halfway, or before it begins: clashes, protection, and what providers and AWS refuse."""

from typing import Any

import pytest

from rehearsal.diff import Change, Standing, diff
from tests.rehearsal.diff.stacks import ALARM, INTERFACE, LOCK, RULE, SUBNET, node, stands, urn

INSTANCE = "aws:rds/instance:Instance"
SERVICE = "aws:ecs/service:Service"
SECRET = "aws:secretsmanager/secret:Secret"
TRANSIT = "aws:directconnect/transitVirtualInterface:TransitVirtualInterface"


def rules(**priorities: int) -> Standing:
    return stands(*(node(RULE, name, {"listenerArn": "arn", "priority": priority}) for name, priority in priorities.items()))


def clashes(changes: list[Change]) -> dict[str, str]:
    return {change.name: change.clash for change in changes if change.clash}


def test_priorities_that_are_swapped_clash_both_ways() -> None:
    found = clashes(diff(rules(a=10, b=20), rules(a=20, b=10)))
    assert set(found) == {"a", "b"}
    assert "a priority of a listener is of one rule, and b has it until it is changed in the same update" in found["a"]
    assert "In two updates: give b one that nobody has, then this one what it had." in found["a"]


def test_a_priority_that_is_free_or_stays_does_not_clash() -> None:
    assert clashes(diff(rules(a=10, b=20), rules(a=10, b=30))) == {}


def test_what_is_called_otherwise_clashes_with_what_goes() -> None:
    found = clashes(diff(rules(a=10), rules(b=10)))
    assert list(found) == ["b"]
    assert "a has it until it is deleted, which is last. In two updates: take a out, then add b" in found["b"]


def test_a_subnet_clashes_with_its_own_block_and_with_what_overlaps() -> None:
    def subnet(zone: str, block: str = "10.0.1.0/24", name: str = "a") -> Standing:
        return stands(node(SUBNET, name, {"vpcId": "vpc", "cidrBlock": block, "availabilityZone": zone}))

    assert "the old one has it until the new one is made" in clashes(diff(subnet("a"), subnet("b")))["a"]
    assert clashes(diff(subnet("a"), subnet("b", "10.0.2.0/24"))) == {}
    assert "a block of a VPC is of one subnet" in clashes(diff(subnet("a"), subnet("b", "10.0.0.0/16", name="b")))["b"]


def test_two_interfaces_of_any_kind_do_not_share_a_vlan() -> None:
    first = {"connectionId": "dxcon", "vlan": 101}
    old = stands(node(INTERFACE, "private", first))
    assert set(clashes(diff(old, stands(node(TRANSIT, "transit", first))))) == {"transit"}
    first_goes = {"deleteBeforeReplace": True}
    anew = stands(node(INTERFACE, "private", {**first, "bgpAsn": 65000}, options=first_goes))
    assert clashes(diff(stands(node(INTERFACE, "private", {**first, "bgpAsn": 65001}, options=first_goes)), anew)) == {}


def test_an_object_that_is_written_over_is_gone_when_its_old_self_is_deleted() -> None:
    def lock(days: int, **options: bool) -> Standing:
        return stands(node(LOCK, "lock", {"backupVaultName": "v", "minRetentionDays": days}, options=options))

    assert (
        "is the same object as the old one, which is deleted last, so that nothing is left"
        in clashes(diff(lock(7), lock(8)))["lock"]
    )
    assert clashes(diff(lock(7), lock(8, deleteBeforeReplace=True))) == {}


def test_what_is_retained_keeps_its_name() -> None:
    def service(name: str, cluster: str, **options: bool) -> Standing:
        return stands(node(SERVICE, name, {"name": "web", "cluster": cluster}, options=options))

    assert "it is retained in AWS" in clashes(diff(service("a", "c", retainOnDelete=True), service("b", "c")))["b"]


def test_a_secret_keeps_its_name_until_its_recovery_window_is_over() -> None:
    old, new = (stands(node(SECRET, name, {"name": "login", "recoveryWindowInDays": 30})) for name in "ab")
    assert "recovery window" in clashes(diff(old, new))["b"]
    old, new = (stands(node(SECRET, name, {"name": "login", "recoveryWindowInDays": 0})) for name in "ab")
    assert "it is deleted, which is last" in clashes(diff(old, new))["b"]


def test_pulumi_refuses_to_delete_or_replace_what_is_protected() -> None:
    def alarm(name: str, **options: bool) -> Standing:
        return stands(node(ALARM, "alarm", {"name": name}, options=options))

    (gone,) = diff(alarm("x", protect=True), stands())
    assert gone.protected and gone.refused.startswith("Pulumi refuses this: protected, and it would be deleted.")
    assert f"pulumi state unprotect '{urn(ALARM, 'alarm')}'" in gone.refused
    (anew,) = diff(alarm("x", protect=True), alarm("y", protect=True))
    assert anew.protected and "made anew" in anew.refused
    (unprotected,) = diff(alarm("x", protect=True), alarm("y"))
    assert not unprotected.protected, "Pulumi goes by what the program says now"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({"engineVersion": "17"}, {"engineVersion": "16"}, "no instance goes back to an older version"),
        ({"engineVersion": "16"}, {"engineVersion": "17"}, "unless allowMajorVersionUpgrade is true"),
        ({"engineVersion": "17"}, {"engineVersion": "17.4"}, ""),
        ({"engineVersion": "16.3"}, {"engineVersion": "17.4", "allowMajorVersionUpgrade": True}, ""),
        ({"allocatedStorage": 100}, {"allocatedStorage": 50}, "never shrinks: RDS refuses it"),
        (
            {"allocatedStorage": 100},
            {"allocatedStorage": 50, "maxAllocatedStorage": 200},
            "never shrinks: RDS leaves the 100 GiB",
        ),
        ({"allocatedStorage": 50}, {"allocatedStorage": 100, "maxAllocatedStorage": 200}, ""),
        ({}, {"replicateSourceDb": "arn:aws:rds:eu-west-1:123456789012:db:a"}, "follows another again"),
        ({"replicateSourceDb": "arn:aws:rds:eu-west-1:123456789012:db:a"}, {}, ""),
    ],
)
def test_what_rds_refuses_to_change_is_told(before: dict[str, Any], after: dict[str, Any], reason: str) -> None:
    (change,) = diff(stands(node(INSTANCE, "db", before)), stands(node(INSTANCE, "db", after)))
    assert (reason in change.refused) if reason else change.refused == ""


def test_the_subnets_of_a_database_are_not_all_made_anew() -> None:
    def network(block: str) -> Standing:
        vpc, subnet = "vpc-0a1b2c3d4e5f60718", "subnet-1122334455667788a"
        return stands(
            node("aws:ec2/vpc:Vpc", "hub", {"cidrBlock": block}, id=vpc),
            node(SUBNET, "hub-a", {"vpcId": vpc, "cidrBlock": "10.0.1.0/24"}, id=subnet),
            node("aws:rds/subnetGroup:SubnetGroup", "database", {"subnetIds": [subnet]}),
        )

    found = {change.name: change.refused for change in diff(network("10.0.0.0/16"), network("10.1.0.0/16"))}
    assert "an instance is in these subnets, and all of them would be made anew" in found["database"]
    assert found["hub"] == found["hub-a"] == ""


def test_aws_keeps_what_has_deletion_protection() -> None:
    old = node(INSTANCE, "db", {"deletionProtection": True})
    (change,) = diff(stands(old), stands())
    assert "AWS refuses to delete it while deletionProtection is on" in change.refused
    (retained,) = diff(stands(old | {"options": {"retainOnDelete": True}}), stands())
    assert retained.retained and retained.refused == ""
