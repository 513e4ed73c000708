"""The failover as one config edit: what leads from one mode of the second region to another, and that it is nothing else."""

import base64
import functools
import io
from typing import Any

import pytest
from rich.console import Console

from rehearsal.diff import Change, Diff, diff, of_graph
from rehearsal.diff.rendering import show
from tests.recorder import Graph, deploy_stack

PROMOTED = "+primaryState=stopped+disasterRecovery.promoted=true"
STATES = {
    "pilot-light": "dr",
    "warm-standby": "dr+mode=warm-standby",
    "active": f"dr{PROMOTED}+mode=active",
    "taken back": f"dr{PROMOTED}+mode=pilot-light",
    "following again": "dr+disasterRecovery.generation=2",
}
RECORD = "aws:route53/record:Record"
INSTANCE = "aws:rds/instance:Instance"
SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
SELECTION = "aws:backup/selection:Selection"
FENCE = "aws:ssm/parameter:Parameter"
"""By which the backup plan begins with what is served here."""
NUMBERS = {
    "aws:autoscaling/group:Group": {"minSize", "maxSize"},
    "aws:appautoscaling/target:Target": {"minCapacity", "maxCapacity"},
    "aws:ecs/service:Service": {"desiredCount"},
}
"""How much runs."""


def shown(found: list[Change]) -> str:
    """What a person sees of it."""
    console = Console(file=io.StringIO(), width=200, emoji=False)
    show(console, "before -> after", Diff(found))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return str(text)


@functools.cache
def recorded(state: str) -> Graph:
    return deploy_stack(STATES[state])


@functools.cache
def program(state: str) -> dict[str, Any]:
    """The graph of a state, as the rehearsal would write it."""
    return written(recorded(state))


def written(deployed: Graph) -> dict[str, Any]:
    registered = sorted(deployed.resources, key=lambda resource: resource.urn)
    nodes = [
        {
            "urn": r.urn,
            "type": r.type,
            "name": r.name,
            "parent": r.parent,
            "inputs": r.inputs,
            "dependsOn": sorted(r.dependencies),
            "fidelity": "emulated" if r.custom else "component",
            "options": {"ignoreChanges": list(r.ignore_changes)},
        }
        for r in registered
    ]
    return {"nodes": nodes}


def changes(before: str, after: str) -> list[Change]:
    return diff(of_graph(program(before)), of_graph(program(after)))


def fields(found: list[Change]) -> dict[str, set[str]]:
    """The changed inputs by type."""
    by_type: dict[str, set[str]] = {}
    for change in found:
        by_type.setdefault(change.type, set()).update(field.path for field in change.fields)
    return by_type


@pytest.mark.parametrize("state", ["pilot-light", "active"])
def test_an_unchanged_config_gives_the_same_graph_again(state: str) -> None:
    again, before = written(deploy_stack(STATES[state])), program(state)
    assert not diff(of_graph(before), of_graph(again))
    # Not compared in the assertion: pytest would explain two whole graphs.
    same = again == before
    assert same


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_no_step_makes_anything_anew(before: str, after: str) -> None:
    # A secret's version never changes: the next one is put beside it, and whoever asks for the secret gets that one.
    assert [change.urn for change in changes(before, after) if change.replaces and change.type != SECRET_VERSION] == []


def test_nothing_runs_in_pilot_light() -> None:
    nodes = program("pilot-light")["nodes"]
    for node in nodes:
        for key in NUMBERS.get(node["type"], ()):
            assert node["inputs"][key] == 0, node["urn"]


def test_from_pilot_light_to_warm_standby_only_more_runs() -> None:
    found = changes("pilot-light", "warm-standby")
    assert {change.kind for change in found} == {"update"}
    assert fields(found) == NUMBERS
    for change in found:
        for field in change.fields:
            assert field.before < field.after


def test_from_warm_standby_to_active_more_runs_the_database_is_promoted_and_the_names_lead_here() -> None:
    found = changes("warm-standby", "active")
    changed = fields([change for change in found if change.kind == "update"])
    assert {type_: changed[type_] for type_ in NUMBERS} == {
        "aws:autoscaling/group:Group": {"minSize"},
        "aws:appautoscaling/target:Target": {"minCapacity"},
        # Of two copies on-premises, one stays up while they are renewed.
        "aws:ecs/service:Service": {"desiredCount", "deploymentMinimumHealthyPercent"},
    }
    (promoted,) = (change for change in found if change.type == INSTANCE)
    assert {field.path: field.after for field in promoted.fields}["replicateSourceDb"] is None
    assert "(promotes it, for good)" in shown(found)
    assert "(promotes it, for good)" not in shown(changes("active", "warm-standby"))
    others = set(changed) - {*NUMBERS, INSTANCE}
    assert others <= {"aws:cloudwatch/dashboard:Dashboard", "aws:cloudwatch/eventRule:EventRule"}, (
        "only what watches them follows"
    )

    added = [change for change in found if change.kind == "create"]
    assert {change.type for change in added} == {RECORD, SELECTION, FENCE, "random:index/randomId:RandomId"}
    assert sorted(change.name for change in added if change.type == RECORD) == [
        "database",
        "database-reader",
        "platform-api-name",
        "platform-apps-name",
        "platform-documents-name",
        "platform-reports-name",
        "platform-storefront-name",
    ]
    removed = [change.name for change in found if change.kind == "delete"]
    assert removed == ["management-alarms-replica-lag-standby"], "it lags behind nothing any more"


def waiting_for(type_: str, state: str) -> set[tuple[str, str]]:
    """Type and name of all that Pulumi does not touch before it is done with the resources of a type."""
    nodes = program(state)["nodes"]
    waiting = {node["urn"] for node in nodes if node["type"] == type_}
    count = 0
    while count < len(waiting):
        count = len(waiting)
        waiting |= {node["urn"] for node in nodes if waiting & {node["parent"], *node["dependsOn"]}}
    return {(node["type"], node["name"]) for node in nodes if node["urn"] in waiting}


def test_while_the_database_is_promoted_only_what_reads_it_waits() -> None:
    """Hosts, names and all other workloads are there by then, and also if the promotion is refused."""
    waiting = waiting_for(INSTANCE, "active")
    assert {name for type_, name in waiting if type_ == "aws:ecs/service:Service"} == {
        "platform-api-aws",
        "platform-api-on-premises",
        "platform-reports-aws",
    }
    assert {name for type_, name in waiting if type_ == RECORD} == {"database", "database-reader"}
    assert not {type_ for type_, _ in waiting} & {"aws:autoscaling/group:Group", "aws:ecs/cluster:Cluster"}


def test_the_names_of_an_active_second_region_outweigh_those_of_the_first() -> None:
    for node in program("active")["nodes"]:
        if node["type"] == RECORD:
            assert node["inputs"]["weightedRoutingPolicies"] == [{"weight": 255}]
            assert node["inputs"]["setIdentifier"].startswith("ap-northeast-1")
            assert node["inputs"]["zoneId"] == "network-dns-zone-id"


def test_on_the_way_back_the_promoted_database_stays_as_it_is() -> None:
    """The mode changes back, the database does not: its names go, and the backup plan rests."""
    found = changes("active", "taken back")
    assert [change for change in found if change.type == INSTANCE] == []
    assert {change.type for change in found if change.kind == "delete"} == {RECORD, SELECTION}
    assert [change for change in found if change.kind == "create"] == []
    assert set(fields([change for change in found if change.kind == "update"])) <= {
        *NUMBERS,
        "aws:cloudwatch/dashboard:Dashboard",
    }


def test_hosts_that_may_write_files_are_mounted_for_it_before_this_region_takes_over() -> None:
    """So that none is made anew on that day: what keeps them from writing is the policy of their role, changed in place."""
    graph = deploy_stack(f"{STATES['warm-standby']}+storage.awsWrites=true")
    script = base64.b64decode(graph.one("aws:ec2/launchTemplate:LaunchTemplate").inputs["userData"]).decode()
    assert "--allow-delete --allow-overwrite" in script
    assert "s3:PutObject" not in graph.one("aws:iam/policy:Policy", "storage-access").inputs["policy"]


def test_a_new_replica_stands_beside_the_promoted_database() -> None:
    instances = {change.name: change.kind for change in changes("taken back", "following again") if change.type == INSTANCE}
    assert instances == {"database-replica-1": "delete", "database-replica-2": "create"}
    (old,) = recorded("taken back").created(INSTANCE)
    assert (old.protect, old.retain_on_delete) == (True, True), "what is removed from the program stays in AWS"


def test_a_failover_looks_nothing_up_in_the_region_that_is_lost() -> None:
    """Provider functions run at each update, whatever changes: one that asks the primary's region would stop them all."""
    regional = {(token, args["region"]) for token, args in recorded("active").calls if "region" in args}
    assert {region for _, region in regional} == {"ap-northeast-1"}
    assert {token.rsplit(":", maxsplit=1)[-1] for token, _ in regional} >= {"getParameter", "getSecretVersion"}


@pytest.mark.parametrize("state", ["warm-standby", "active", "taken back"])
def test_the_network_is_the_same_in_every_mode(state: str) -> None:
    assert [change for change in changes("pilot-light", state) if "hybridge:index:Network$" in change.urn] == []
