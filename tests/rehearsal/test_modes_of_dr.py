"""What a change of dr's mode does to its platform, its management and its network: the numbers, the names, and nothing else."""

import functools
import json
from typing import Any

import pytest

from rehearsal.diff import Change, Standing, diff, standing
from tests.rehearsal.support import Result, rehearsed_stacks

PILOT, WARM = "", "+mode=warm-standby"
ACTIVE = "+mode=active+primaryState=stopped+disasterRecovery.promoted=true"
OURS = ("platform", "management", "network")


@functools.cache
def deployed(edit: str) -> Standing:
    """What stands of dr with an edit, after prod."""
    with rehearsed_stacks("prod", f"dr{edit}") as (_, dr):
        assert dr.good, dr.report
        return standing(dr)


def changes(before: str, after: str) -> list[Change]:
    return [one for one in diff(deployed(before), deployed(after)) if one.name.startswith(OURS)]


def fields(found: list[Change]) -> dict[tuple[str, str], dict[str, tuple[Any, Any]]]:
    """What is changed: type and name to the fields, with their values before and after."""
    return {
        (change.type.rsplit(":", maxsplit=1)[-1], change.name): {
            field.path: (field.before, field.after) for field in change.fields
        }
        for change in found
        if change.kind == "update"
    }


def others(found: list[Change]) -> set[tuple[str, str, str]]:
    return {(one.kind, one.type.rsplit(":", maxsplit=1)[-1], one.name) for one in found if one.kind != "update"}


WARMED = {
    ("Group", "platform-hosts"): {"minSize": (0, 2), "maxSize": (0, 12)},
    ("Target", "platform-storefront"): {"minCapacity": (0, 1), "maxCapacity": (0, 12)},
    ("Target", "platform-api"): {"minCapacity": (0, 1), "maxCapacity": (0, 6)},
    ("Service", "platform-reports-aws"): {"desiredCount": (0, 1)},
    ("Service", "platform-documents-aws"): {"desiredCount": (0, 1)},
}


def test_from_pilot_light_to_warm_standby_something_of_each_runs() -> None:
    found = changes(PILOT, WARM)
    assert fields(found) == WARMED
    assert others(found) == set()


def test_from_pilot_light_to_active_all_of_it_runs_the_names_move_and_backups_begin() -> None:
    found = changes(PILOT, ACTIVE)
    numbers = fields(found)
    lag = numbers.pop(("Dashboard", "management"))
    assert set(lag) == {"dashboardBody"}
    told = numbers.pop(("EventRule", "management-failures-database"))
    assert set(told) == {"eventPattern"}, "what RDS reports of a reader is told too"
    assert numbers == {
        ("Group", "platform-hosts"): {"minSize": (0, 3), "maxSize": (0, 12)},
        ("Target", "platform-storefront"): {"minCapacity": (0, 3), "maxCapacity": (0, 12)},
        ("Target", "platform-api"): {"minCapacity": (0, 3), "maxCapacity": (0, 6)},
        ("Service", "platform-reports-aws"): {"desiredCount": (0, 1)},
        ("Service", "platform-documents-aws"): {"desiredCount": (0, desired("documents"))},
        # Half of them stay up while they are renewed, once there are two.
        ("Service", "platform-api-on-premises"): {"desiredCount": (0, 2), "deploymentMinimumHealthyPercent": (0, 50)},
        ("Service", "platform-broker-on-premises"): {"desiredCount": (0, 2), "deploymentMinimumHealthyPercent": (0, 50)},
    }
    assert others(found) == {
        *(("create", "Record", f"platform-{name}-name") for name in ("apps", "storefront", "api", "reports", "documents")),
        ("create", "Selection", "management-backup"),
        ("delete", "MetricAlarm", "management-alarms-replica-lag-standby"),
    }


def desired(workload: str) -> int:
    found = next(one for one in deployed(ACTIVE).resources.values() if one.name == f"platform-{workload}-aws")
    return int(found.inputs["desiredCount"])


@pytest.mark.parametrize("before", [PILOT, WARM, ACTIVE])
@pytest.mark.parametrize("after", [PILOT, WARM, ACTIVE])
def test_nothing_is_made_anew_whichever_way_the_mode_changes(before: str, after: str) -> None:
    assert not [change.urn for change in diff(deployed(before), deployed(after)) if change.replaces]


def test_no_change_of_mode_touches_the_network() -> None:
    for before, after in ((PILOT, WARM), (PILOT, ACTIVE), (WARM, ACTIVE)):
        assert [change.urn for change in changes(before, after) if change.name.startswith("network")] == []


@pytest.fixture(scope="module")
def joined() -> list[Result]:
    """The second region in charge, with a workload of an own image and servers that may join: what was deployed, its account
    closed."""
    own = "+workloads=[{name: orders, image: 'ecr:shop/orders:1.0'}]"
    with rehearsed_stacks("prod", f"dr{ACTIVE}+containers.onPremisesServers.count=10{own}") as done:
        assert done[1].good, done[1].report
    return done


def test_the_second_region_pulls_the_copies_of_the_images_and_makes_no_repositories(joined: list[Result]) -> None:
    prod, dr = joined
    assert dr.created("aws:ecr/repository:Repository") == []
    made = {
        node.outputs["arn"] for node in prod.created("aws:ecr/repository:Repository") if node.region != prod.deployment.region
    }
    assert made == {f"arn:aws:ecr:ap-northeast-1:123456789012:repository/shop/{name}" for name in ("orders", "invoices")}
    policy = dr.one("aws:iam/rolePolicy:RolePolicy", "platform-orders-execution").inputs["policy"]
    found = {statement["Sid"]: statement["Resource"] for statement in json.loads(policy)["Statement"]}
    assert found["PullItsImage"] == ["arn:aws:ecr:ap-northeast-1:123456789012:repository/shop/orders"]
    definition = dr.one("aws:ecs/taskDefinition:TaskDefinition", "platform-orders").inputs["containerDefinitions"]
    assert json.loads(definition)[0]["image"] == "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/shop/orders:1.0"


def test_servers_on_premises_join_the_second_cluster_by_an_activation_of_its_own(joined: list[Result]) -> None:
    prod, dr = joined
    here, there = (one.one("aws:ssm/activation:Activation") for one in (dr, prod))
    assert (here.region, there.region) == ("ap-northeast-1", "ap-northeast-2")
    assert here.inputs["tags"]["PatchGroup"] == "hybridge-dr"
    command = dr.outputs["onPremisesJoinCommand"]
    assert "--region ap-northeast-1" in command and here.id in command
    assert f"--cluster {dr.outputs['clusterName']}" in command
    assert dr.outputs["clusterName"] != prod.outputs["clusterName"]


def test_the_first_region_rests_on_its_way_back_until_its_database_is_promoted() -> None:
    source = "arn:aws:rds:ap-northeast-1:123456789012:db:hybridge-dr-database-replica-1"
    follows = f"prod+migration.stage=prepare+disasterRecovery.restoreFrom={source}+disasterRecovery.generation=2"
    leads = f"{follows}+disasterRecovery.secondaryState=stopped+disasterRecovery.promoted=true"
    stands = []
    for edited in (follows, leads):
        with rehearsed_stacks(edited) as (prod,):
            assert prod.good, prod.report
            stands.append(standing(prod))
    found = [change for change in diff(stands[0], stands[1]) if change.name.startswith(OURS)]
    assert {key: sorted(changed) for key, changed in fields(found).items()} == {
        ("Dashboard", "management"): ["dashboardBody"],
        ("EventRule", "management-failures-database"): ["eventPattern"],
        ("Group", "platform-hosts"): ["maxSize", "minSize"],
        ("Target", "platform-storefront"): ["maxCapacity", "minCapacity"],
        ("Target", "platform-api"): ["maxCapacity", "minCapacity"],
        ("Service", "platform-reports-aws"): ["desiredCount"],
        ("Service", "platform-documents-aws"): ["desiredCount"],
        ("Service", "platform-api-on-premises"): ["deploymentMinimumHealthyPercent", "desiredCount"],
        ("Service", "platform-broker-on-premises"): ["deploymentMinimumHealthyPercent", "desiredCount"],
    }
    assert others(found) == {
        ("create", "Selection", "management-backup"),
        ("delete", "MetricAlarm", "management-alarms-replica-lag-standby"),
    }
    assert not any(change.replaces for change in found)
