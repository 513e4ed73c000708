from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components import routing
from components.settings.base import Mistake, all_mistakes
from components.settings.client_vpn import ClientVpn
from components.settings.containers import Containers, OnPremisesServers
from components.settings.on_premises import OnPremises
from components.settings.workload_rules import (
    distinct_workloads,
    files_of_workloads,
    routes_of_workloads,
    routes_to_servers,
    rules_of_security_groups,
    workloads_on_hosts,
)
from components.settings.workloads import Workload

ZONE = "aws.corp.example"
SECRET = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:team/api-AbCdEf"
PARAMETER = "arn:aws:ssm:ap-northeast-2:123456789012:parameter/team/flag"


def parsed(**changes: Any) -> Workload:
    return Workload.model_validate({"name": "web", "image": "nginx:1.27"} | changes)


def keys(section: Workload) -> list[str]:
    return [mistake.key for mistake in all_mistakes(section)]


def routed(*workloads: Workload, zone: str = ZONE) -> list[Mistake]:
    return list(routes_of_workloads(workloads, SimpleNamespace(private_zone=zone)))


def test_a_name_and_an_image_are_enough() -> None:
    section = parsed()
    assert keys(section) == []
    assert section.as_args() == {
        "name": "web",
        "image": "nginx:1.27",
        "ulimits": {},
        "extra_hosts": {},
        "read_only_root": False,
        "volumes": [],
        "ports": [],
        "cpu": 256,
        "memory": 512,
        "environment": {},
        "secrets": {},
        "files": [],
        "health_check": {
            "codes": "200-399",
            "interval_seconds": 30,
            "timeout_seconds": 5,
            "retries": 3,
            "start_seconds": 60,
        },
        "placement": "aws",
        "network_mode": "bridge",
        "replicas": 1,
        "spread": False,
        "servers": [],
        "policy_arns": [],
    }


def test_everything_may_be_set() -> None:
    section = parsed(
        command=["serve", "--fast"],
        ports=[8080, {"containerPort": 53, "hostPort": 53, "protocol": "udp"}],
        cpu=1024,
        memory=2048,
        environment={"MODE": "full"},
        secrets={"PASSWORD": "database:password", "KEY": f"{SECRET}:key::", "FLAG": PARAMETER},
        files=[{"path": "/data", "subPath": "invoices/2026", "readOnly": False}, {"path": "/cache", "source": "efs"}],
        healthCheck={"command": ["wget", "-q", "localhost"], "path": "/health", "codes": "200,301-302"},
        route={"hosts": ["shop.corp.example"], "paths": ["/shop/*"], "port": 8080, "priority": 7, "stickySeconds": 60},
        replicas=2,
        scaling={"minReplicas": 2, "maxReplicas": 9, "cpuPercent": 60, "memoryPercent": 70, "requestsPerReplica": 500},
        policyArns=["arn:aws:iam::123456789012:policy/queue"],
    )
    assert keys(section) == []


def test_a_port_may_be_a_number() -> None:
    assert parsed(ports=[80]).as_args()["ports"] == [{"container_port": 80, "host_port": 0, "protocol": "tcp"}]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "a-name-of-more-than-20"},
        {"name": "Web"},
        {"name": "1web"},
        {"name": "web-"},
        {"name": ""},
        {"image": "nginx"},
        {"image": "Nginx:1"},
        {"command": []},
        {"ports": [0]},
        {"ports": [65_536]},
        {"ports": [True]},
        {"ports": [{"containerPort": 80, "hostPort": 32_768}]},
        {"ports": [{"containerPort": 80, "protocol": "sctp"}]},
        {"cpu": 1},
        {"cpu": 196_609},
        {"memory": 5},
        {"environment": {"1BAD": "x"}},
        {"environment": {"GOOD": 1}},
        {"secrets": {"PASSWORD": "database:passwort"}},
        {"secrets": {"PASSWORD": "hunter2"}},
        {"secrets": {"PASSWORD": "arn:aws:s3:::bucket"}},
        {"secrets": {"PASSWORD": SECRET.removesuffix("-AbCdEf")}},
        {"files": [{"path": "data"}]},
        {"files": [{"path": "/data", "source": "nfs"}]},
        {"files": [{"path": "/data", "subPath": "/top"}]},
        {"healthCheck": {"command": ""}},
        {"healthCheck": {"path": "health"}},
        {"healthCheck": {"codes": "500"}},
        {"healthCheck": {"intervalSeconds": 4}},
        {"healthCheck": {"timeoutSeconds": 61}},
        {"healthCheck": {"retries": 1}},
        {"placement": "cloud"},
        {"networkMode": "awsvpc"},
        {"networkMode": "host"},
        {"route": {"hosts": ["shop"]}},
        {"route": {"hosts": ["Shop.corp.example"]}},
        {"route": {"hosts": ["shop.corp.example:443"]}},
        {"route": {"hosts": [f"{'a' * 121}.example"]}},
        {"route": {"paths": ["api/*"]}},
        {"route": {"paths": ["/a b"]}},
        {"route": {"priority": 0}},
        {"route": {"priority": 50_001}},
        {"route": {"stickySeconds": 604_801}},
        {"replicas": -1},
        {"replicas": 5001},
        {"scaling": {"minReplicas": 1}},
        {"scaling": {"minReplicas": 0, "maxReplicas": 2, "cpuPercent": 60}},
        {"scaling": {"minReplicas": 1, "maxReplicas": 2, "cpuPercent": 101}},
        {"policyArns": ["AdministratorAccess"]},
        {"policyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"] * 11},
        {"loadBalancer": True},
        {"launchType": "FARGATE"},
    ],
)
def test_a_value_that_aws_refuses_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parsed(**changes)


SCALING = {"minReplicas": 1, "maxReplicas": 4, "cpuPercent": 60}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"route": {}, "ports": [{"containerPort": 80, "hostPort": 8080}]}, []),
        ({"scaling": SCALING}, ["scaling"]),
        ({"files": [{"path": "/data", "source": "efs"}]}, ["files[0].source"]),
        ({"files": [{"path": "/data"}]}, []),
        ({"onPremisesReplicas": 3}, []),
    ],
)
def test_what_ecs_anywhere_has_not_got_is_refused_on_premises(changes: dict[str, Any], expected: list[str]) -> None:
    assert keys(parsed(placement="onPremises", **changes)) == expected


FIXED = [{"containerPort": 80, "hostPort": 8080}]


@pytest.mark.parametrize("placement", ["onPremises", "both"])
def test_a_port_that_nobody_could_reach_on_premises_is_refused(placement: str) -> None:
    (mistake,) = all_mistakes(parsed(placement=placement, ports=[80]))
    assert mistake.key == "ports[0].hostPort"
    assert mistake.fix == "Add hostPort, or remove the port if nobody is to call it."
    assert keys(parsed(placement=placement, ports=FIXED)) == []
    assert keys(parsed(placement="aws", ports=[80])) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"memory": 512, "memoryReservation": 512}, ["memoryReservation"]),
        ({"memory": 512, "memoryReservation": 128}, []),
        ({"ulimits": {"nofile": {"soft": 10, "hard": 5}}}, ["ulimits"]),
        ({"volumes": [{"name": "a", "path": "/data"}, {"name": "a", "path": "/more"}]}, ["volumes[1].name"]),
        ({"volumes": [{"name": "a", "path": "/data"}], "files": [{"path": "/data"}]}, ["volumes[0].path"]),
        ({"spread": True}, ["spread"]),
        ({"servers": ["attribute:site == seoul"]}, ["servers"]),
        ({"onPremisesHealthyPercent": 100}, ["onPremisesHealthyPercent"]),
        ({"environment": {"spring.datasource.url": "jdbc:x"}}, []),
    ],
)
def test_what_a_container_is_limited_to_fits_together(changes: dict[str, Any], expected: list[str]) -> None:
    assert [key.split('["')[0].split(".soft")[0].split(".nofile")[0] for key in keys(parsed(**changes))] == expected


def test_the_refusal_says_why_and_what_to_do() -> None:
    (mistake,) = all_mistakes(parsed(placement="onPremises", ports=FIXED, scaling=SCALING))
    assert mistake.value == SCALING
    assert mistake.allowed == "nothing with placement onPremises: ECS does not scale services on-premises"
    assert mistake.fix == "Remove scaling, or place the workload on aws or both."


SERVERS = Containers.model_validate(
    {"instanceType": "m6i.large", "minInstances": 1, "maxInstances": 2, "onPremisesServers": {"addresses": ["10.0.5.10"]}}
)
NO_SERVERS = Containers.model_validate({"instanceType": "m6i.large", "minInstances": 1, "maxInstances": 2})


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"placement": "both", "route": {"onPremisesPercent": 10}}, "workloads[0].route.onPremisesPercent"),
        ({"placement": "both", "route": {"onPremisesPercent": 0}}, "workloads[0].route.onPremisesPercent"),
        ({"placement": "onPremises", "route": {}}, "workloads[0].route"),
    ],
)
def test_a_route_to_copies_on_premises_needs_the_addresses_of_servers(changes: dict[str, Any], key: str) -> None:
    workload = parsed(ports=FIXED, **changes)
    assert [mistake.key for mistake in routes_to_servers([workload], NO_SERVERS)] == [key]
    assert list(routes_to_servers([workload], SERVERS)) == []


@pytest.mark.parametrize("placement", ["aws", "onPremises"])
def test_requests_are_shared_by_two_sides_or_not_at_all(placement: str) -> None:
    section = parsed(placement=placement, ports=FIXED, route={"onPremisesPercent": 10})
    assert keys(section) == ["route.onPremisesPercent"]


def test_a_workload_that_shares_its_requests_counts_twice_among_the_target_groups() -> None:
    workloads = [
        parsed(name=f"w{number}", placement="both", ports=[{"containerPort": 80, "hostPort": 1000 + number}], route=route)
        for number, route in ((number, {"onPremisesPercent": 5, "priority": number + 1}) for number in range(51))
    ]
    (mistake,) = [one for one in routed(*workloads) if one.key == "workloads"]
    assert str(mistake.value) == "(102 workloads with a route)"


def test_both_sides_may_have_a_route_and_scaling_for_the_one_on_aws_but_no_efs() -> None:
    assert keys(parsed(placement="both", ports=FIXED, route={}, scaling=SCALING, onPremisesReplicas=1)) == []
    assert keys(parsed(placement="both", files=[{"path": "/data", "source": "efs"}])) == ["files[0].source"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "apps"}, ["name"]),
        ({"name": "database"}, ["name"]),
        ({"name": "collector"}, ["name"]),
        ({"name": "web-on-premises"}, ["name"]),
        ({"environment": {"A": "x"}, "secrets": {"A": "database:host"}}, ["secrets.A"]),
        ({"files": [{"path": "/data"}, {"path": "/data", "subPath": "a"}]}, ["files[1].path"]),
        ({"files": [{"path": "/data", "subPath": "../etc"}]}, ["files[0].subPath"]),
        ({"files": [{"path": "/data/../etc"}]}, ["files[0].path"]),
        ({"ports": [80, 80]}, ["ports[1].containerPort"]),
        ({"ports": [80, {"containerPort": 80, "protocol": "udp"}]}, []),
        ({"ports": [{"containerPort": 1, "hostPort": 90}, {"containerPort": 2, "hostPort": 90}]}, ["ports[1].hostPort"]),
        ({"ports": [{"containerPort": 22, "hostPort": 22}]}, ["ports[0].hostPort"]),
        ({"ports": [{"containerPort": 22}]}, []),
        ({"route": {}}, ["route"]),
        ({"route": {}, "ports": [{"containerPort": 53, "protocol": "udp"}]}, ["route"]),
        ({"route": {"port": 81}, "ports": [80]}, ["route.port"]),
        ({"route": {"hosts": ["a.corp", "a.corp"]}, "ports": [80]}, ["route.hosts[1]"]),
        ({"healthCheck": {"path": "/health"}}, ["healthCheck.path"]),
        ({"healthCheck": {"intervalSeconds": 5, "timeoutSeconds": 5}}, ["healthCheck.timeoutSeconds"]),
        ({"healthCheck": {"codes": "399-200"}}, ["healthCheck.codes"]),
        ({"policyArns": ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/job/A"]}, ["policyArns[1]"]),
        ({"onPremisesReplicas": 1}, ["onPremisesReplicas"]),
        ({"scaling": {"minReplicas": 1, "maxReplicas": 4}}, ["scaling"]),
        ({"scaling": SCALING | {"minReplicas": 5}}, ["replicas", "scaling.maxReplicas"]),
        ({"scaling": SCALING, "replicas": 5}, ["replicas"]),
        ({"scaling": {"minReplicas": 1, "maxReplicas": 2, "requestsPerReplica": 9}}, ["scaling.requestsPerReplica"]),
    ],
)
def test_values_that_do_not_go_together_are_mistakes(changes: dict[str, Any], expected: list[str]) -> None:
    assert sorted(keys(parsed(**changes))) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, []),
        ({"hostPort": 90}, {"hostPort": 91}, []),
        ({"hostPort": 90}, {"hostPort": 90}, ["workloads[1].ports[0].hostPort"]),
        ({"hostPort": 90}, {"hostPort": 90, "protocol": "udp"}, []),
    ],
)
def test_two_workloads_do_not_take_the_same_port_of_a_server(
    one: dict[str, Any], other: dict[str, Any], expected: list[str]
) -> None:
    workloads = [parsed(name=f"w{i}", ports=[{"containerPort": 80, **port}]) for i, port in enumerate((one, other))]
    assert [mistake.key for mistake in distinct_workloads(workloads)] == expected


def test_workloads_on_different_sides_may_share_a_port() -> None:
    port = [{"containerPort": 80, "hostPort": 90}]
    sides = ("aws", "onPremises", "both")
    one, other, both = (parsed(name=side.lower(), placement=side, ports=port) for side in sides)
    assert list(distinct_workloads([one, other])) == []
    assert [mistake.key for mistake in distinct_workloads([one, both])] == ["workloads[1].ports[0].hostPort"]


def test_a_name_is_had_once() -> None:
    (mistake,) = distinct_workloads([parsed(name="a"), parsed(name="b"), parsed(name="a")])
    assert (mistake.key, mistake.value) == ("workloads[2].name", "a")


def test_workloads_each_with_its_own_name_go_without_a_clash() -> None:
    assert routed(*(parsed(name=name, ports=[80], route={}) for name in ("web", "api", "files"))) == []


def test_inserting_a_workload_moves_the_priority_of_no_other() -> None:
    names = ["web", "api", "files"]
    before = {name: routing.priority(name, by_host=True, by_path=False) for name in names}
    after = {name: routing.priority(name, by_host=True, by_path=False) for name in ["new", *names]}
    assert {name: after[name] for name in names} == before


def test_two_rules_of_the_same_priority_are_told_to_choose() -> None:
    taken = routing.priority("web", by_host=True, by_path=False)
    mistakes = routed(parsed(ports=[80], route={}), parsed(name="api", ports=[80], route={"priority": taken}))
    assert [(mistake.key, mistake.value) for mistake in mistakes] == [("workloads[1].route.priority", taken)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"paths": ["/api/*"]}, {"paths": ["/api/v2/*"]}, ["workloads[1].route"]),
        ({"paths": ["/api/*"], "priority": 9}, {"paths": ["/api/v2/*"], "priority": 8}, []),
        ({"paths": ["/api/*"]}, {"paths": ["/shop/*"]}, []),
        ({"paths": ["/api/*"]}, {}, []),
        ({"hosts": ["*.corp.example"]}, {"hosts": ["shop.corp.example"]}, ["workloads[1].route"]),
        ({"hosts": ["a.corp.example"], "paths": ["/x"]}, {"hosts": ["a.corp.example"]}, []),
    ],
)
def test_two_routes_for_one_request_need_a_word_on_which_goes_first(
    one: dict[str, Any], other: dict[str, Any], expected: list[str]
) -> None:
    workloads = [parsed(name=f"w{i}", ports=[80], route=route) for i, route in enumerate((one, other))]
    assert [mistake.key for mistake in routed(*workloads)] == expected


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ({"hosts": [f"h{i}.corp" for i in range(4)]}, []),
        ({"hosts": [f"h{i}.corp" for i in range(5)]}, ["workloads[0].route"]),
        ({"paths": [f"/p{i}" for i in range(5)]}, []),
        ({"paths": [f"/p{i}" for i in range(6)]}, ["workloads[0].route"]),
        ({"paths": ["/*/*/*", "/?/?/?"]}, []),
        ({"paths": ["/*/*/*/*", "/?/?/?"]}, ["workloads[0].route"]),
    ],
)
def test_a_rule_has_few_values_and_wildcards_the_own_name_among_them(route: dict[str, Any], expected: list[str]) -> None:
    assert [mistake.key for mistake in routed(parsed(ports=[80], route=route))] == expected


def test_a_load_balancer_forwards_to_a_hundred_workloads() -> None:
    workloads = [parsed(name=f"w{i}", ports=[80], route={"priority": i + 1}) for i in range(101)]
    assert routed(*workloads[:100]) == []
    assert [mistake.key for mistake in routed(*workloads)] == ["workloads"]


@pytest.mark.parametrize(
    ("zone", "expected"), [("aws.corp1", ["network.privateZone"]), ("my_zone.corp", ["network.privateZone"])]
)
def test_a_zone_whose_names_no_rule_takes_is_refused_where_it_matters(zone: str, expected: list[str]) -> None:
    assert [mistake.key for mistake in routed(parsed(ports=[80], route={}), zone=zone)] == expected
    assert routed(parsed(ports=[80], route={"paths": ["/x"]}), zone=zone) == []
    assert routed(parsed(), zone=zone) == []


def hosts(instance_type: str, **more: Any) -> Containers:
    return Containers.model_validate({"instanceType": instance_type, "minInstances": 1, "maxInstances": 2, **more})


@pytest.mark.parametrize(
    ("changes", "containers", "expected"),
    [
        ({"cpu": 2048}, hosts("m6i.large"), []),
        ({"cpu": 2049}, hosts("m6i.large"), ["workloads[0].cpu"]),
        ({"cpu": 2048}, hosts("m6i.large", tracing=True), ["workloads[0].cpu"]),
        ({"memory": 9000}, hosts("m6i.large"), ["workloads[0].memory"]),
        ({"memory": 9000, "placement": "onPremises"}, hosts("m6i.large"), []),
        ({"memory": 900_000}, hosts("x2iedn.32xlarge"), []),
        ({"image": "ecr:team/api:1"}, hosts("m6i.large"), ["workloads[0].image"]),
        ({"image": "ecr:team/api:1"}, hosts("m6i.large", repositories=["team/api"]), []),
    ],
)
def test_a_workload_fits_a_host_and_its_own_image_has_a_repository(
    changes: dict[str, Any], containers: Containers, expected: list[str]
) -> None:
    assert [mistake.key for mistake in workloads_on_hosts([parsed(**changes)], containers)] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"replicas": 1}, []),
        ({"replicas": 2}, ["workloads[0].replicas"]),
        ({"replicas": 2, "placement": "both"}, ["workloads[0].replicas"]),
        ({"replicas": 2, "placement": "onPremises"}, []),
        ({"replicas": 2, "ports": [90]}, []),
        ({"scaling": {"minReplicas": 1, "maxReplicas": 2, "cpuPercent": 50}}, ["workloads[0].scaling.maxReplicas"]),
    ],
)
def test_with_a_fixed_port_one_host_is_to_spare_for_a_deployment(changes: dict[str, Any], expected: list[str]) -> None:
    workload = parsed(**{"ports": [{"containerPort": 80, "hostPort": 90}]} | changes)
    assert [mistake.key for mistake in workloads_on_hosts([workload], hosts("m6i.large"))] == expected


@pytest.mark.parametrize(
    ("mount", "placement", "efs", "writes", "expected"),
    [
        ({"source": "efs"}, "aws", False, False, ["workloads[0].files[0].source"]),
        ({"source": "efs", "readOnly": False}, "aws", True, False, []),
        ({"readOnly": False}, "aws", False, False, ["workloads[0].files[0].readOnly"]),
        ({"readOnly": False}, "both", False, False, ["workloads[0].files[0].readOnly"]),
        ({"readOnly": False}, "aws", False, True, []),
        ({"readOnly": False}, "onPremises", False, False, []),
        ({}, "both", False, False, []),
    ],
)
def test_files_are_there_and_may_be_written_if_a_workload_means_to(
    mount: dict[str, Any], placement: str, efs: bool, writes: bool, expected: list[str]
) -> None:
    storage = SimpleNamespace(efs=SimpleNamespace(enabled=efs), aws_writes=writes)
    workload = parsed(placement=placement, files=[{"path": "/data", **mount}])
    assert [mistake.key for mistake in files_of_workloads([workload], storage)] == expected


@given(st.lists(st.from_regex(r"[a-z]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True), unique=True, max_size=12))
def test_what_passes_has_priorities_that_differ(names: list[str]) -> None:
    workloads = [parsed(name=name, ports=[80], route={}) for name in names]
    priorities = [routing.priority(name, by_host=True, by_path=False) for name in names]
    assert (routed(*workloads) == []) is (len(set(priorities)) == len(priorities))


ACCEPTED = {"reason": "It may be away for a while.", "owner": "shop team", "date": "2026-11-02"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("It may be away for a while.", ["owner", "date"]),
        ({"reason": "It may be away for a while."}, ["owner", "date"]),
        ({key: value for key, value in ACCEPTED.items() if key != "date"}, ["date"]),
        (ACCEPTED, []),
    ],
)
def test_a_loss_is_accepted_with_its_reason_by_somebody_on_a_day(given: Any, missing: list[str]) -> None:
    raw = {"name": "shop", "image": "nginx:1.27", "acceptDowntime": given}
    if not missing:
        assert Workload.model_validate(raw).accept_downtime is not None
        return
    with pytest.raises(ValidationError) as refused:
        Workload.model_validate(raw)
    assert [one["loc"][-1] for one in refused.value.errors()] == missing


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "job"}, []),
        ({"kind": "job", "placement": "both", "schedule": {"expression": "rate(1 day)"}}, []),
        ({"kind": "daemon", "placement": "both", "ports": FIXED}, []),
        ({"schedule": {"expression": "rate(1 day)"}}, ["schedule"]),
        ({"kind": "daemon", "schedule": {"expression": "rate(1 day)"}}, ["schedule"]),
        ({"kind": "job", "ports": [80]}, ["ports"]),
        ({"kind": "job", "replicas": 2}, ["replicas"]),
        ({"kind": "daemon", "ports": [80], "route": {}}, ["route"]),
        ({"kind": "daemon", "scaling": SCALING}, ["scaling"]),
        ({"kind": "job", "acceptDowntime": ACCEPTED}, ["acceptDowntime"]),
    ],
)
def test_jobs_and_daemons_have_nothing_of_what_is_for_services(changes: dict[str, Any], expected: list[str]) -> None:
    assert keys(parsed(**changes)) == expected


@pytest.mark.parametrize(("ports", "networks", "wrong"), [(3, 14, False), (4, 14, True), (29, 1, False), (30, 1, True)])
def test_fixed_ports_times_networks_stay_within_a_security_group(ports: int, networks: int, wrong: bool) -> None:
    workload = parsed(ports=[{"containerPort": number, "hostPort": number} for number in range(1000, 1000 + ports)])
    cidrs = [f"10.{number}.0.0/16" for number in range(networks)]
    there = OnPremises.model_validate({"cidrs": cidrs, "sshCidrs": ["10.0.0.0/24"]})
    found = list(rules_of_security_groups([workload], NO_SERVERS, there, ClientVpn()))
    assert [mistake.key for mistake in found] == (["workloads"] if wrong else [])


def test_servers_that_are_not_next_to_each_other_are_counted_too() -> None:
    apart = {"addresses": [f"10.0.5.{2 * number}" for number in range(60)]}
    servers = NO_SERVERS.model_copy(update={"on_premises_servers": OnPremisesServers.model_validate(apart)})
    workload = parsed(placement="onPremises", ports=FIXED, route={})
    there = OnPremises.model_validate({"cidrs": ["10.0.0.0/16"]})
    (mistake,) = rules_of_security_groups([workload], servers, there, ClientVpn())
    assert mistake.key == "containers.onPremisesServers.addresses"
    assert "which would have 61" in mistake.allowed


@pytest.mark.parametrize(
    ("sidecar", "expected"),
    [
        ({}, []),
        ({"until": "SUCCESS"}, []),
        ({"until": "HEALTHY", "healthCheck": {"command": ["ping"]}}, []),
        ({"until": "HEALTHY"}, ["sidecars[0].until"]),
        ({"healthCheck": {"path": "/"}}, ["sidecars[0].healthCheck.path"]),
        ({"name": "web"}, ["sidecars[0].name"]),
        ({"name": "collector"}, ["sidecars[0].name"]),
    ],
)
def test_a_sidecar_has_a_name_of_its_own_and_says_when_it_is_healthy(sidecar: dict[str, Any], expected: list[str]) -> None:
    assert keys(parsed(sidecars=[{"name": "cache", "image": "redis:7", **sidecar}])) == expected


def test_a_host_has_room_for_a_copy_with_all_that_is_beside_it() -> None:
    def found(memory: int) -> list[str]:
        workload = parsed(memory=7000, sidecars=[{"name": "cache", "image": "ecr:cache:7", "memory": memory}])
        return [mistake.key for mistake in workloads_on_hosts([workload], NO_SERVERS)]

    assert found(128) == ["workloads[0].sidecars[0].image"]
    assert found(1500) == ["workloads[0].memory", "workloads[0].sidecars[0].image"]
