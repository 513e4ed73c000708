"""Compose files: what becomes of a service, and what is told of the rest."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from cli.starting.compose import workloads_of
from components import routing
from components.settings import workload_rules
from components.settings.workloads import Workload
from rehearsal.usage import UsageError


def taken(tmp_path: Path, services: Any) -> tuple[list[dict[str, Any]], list[str]]:
    path = tmp_path / "compose.yaml"
    path.write_text(yaml.safe_dump({"services": services}, sort_keys=False))
    return workloads_of(path)


@pytest.mark.parametrize(
    ("service", "workload"),
    [
        ({"image": "nginx:1.27", "ports": ["8080:80"]}, {"image": "nginx:1.27", "ports": [80], "route": {}}),
        ({"image": "nginx:1.27", "ports": ["127.0.0.1:8080:80/tcp", 80]}, {"ports": [80]}),
        ({"image": "nginx:1.27", "ports": [{"target": 80, "published": 8080}]}, {"ports": [80]}),
        ({"image": "redis:7", "expose": ["6379"]}, {"ports": [6379], "route": None}),
        ({"image": "a:1", "ports": ["53:53/udp"]}, {"ports": None}),
        ({"image": "a:1", "command": "run --name 'a b'"}, {"command": ["run", "--name", "a b"]}),
        ({"image": "a:1", "command": ["run", 1]}, {"command": ["run", "1"]}),
        ({"image": "a:1", "environment": {"A": 1, "B": True, "C": None}}, {"environment": {"A": "1", "B": "true"}}),
        ({"image": "a:1", "environment": ["A=b=c", "PASSED_ON"]}, {"environment": {"A": "b=c"}}),
        ({"image": "a:1", "mem_limit": "512m", "cpus": 0.5}, {"memory": 512, "cpu": 512}),
        ({"image": "a:1", "deploy": {"replicas": 3, "resources": {"limits": {"memory": "1G", "cpus": "2"}}}}, {"replicas": 3}),
        ({"image": "a@sha256:" + "0" * 64}, {"image": "a@sha256:" + "0" * 64}),
    ],
)
def test_a_service_becomes_a_workload(tmp_path: Path, service: dict[str, Any], workload: dict[str, Any]) -> None:
    (found,), _ = taken(tmp_path, {"Order_Service": service})
    assert found["name"] == "order-service"
    assert {key: found.get(key) for key in workload} == workload
    Workload.model_validate(found)


def test_two_routes_that_would_get_one_priority_are_given_two_and_no_other_is(tmp_path: Path) -> None:
    first: dict[int, str] = {}
    names = (f"service-{number}" for number in range(5_000))
    met = next(
        (first[place], name)
        for name in names
        for place in [routing.priority(name, by_host=True, by_path=False)]
        if first.setdefault(place, name) != name
    )
    services = {name: {"image": "nginx:1.27", "ports": [80]} for name in ("other", *met)}
    found, _ = taken(tmp_path, services)
    assert [one["route"] for one in found] == [{}, {}, {"priority": 2 * routing.BAND}]
    assert_taken([{key: value for key, value in one.items() if key != "route"} | {"route": {}} for one in found], met[0])
    assert_taken(found)


def test_services_whose_names_become_one_are_told_apart(tmp_path: Path) -> None:
    long = "the-service-of-all-orders"
    services = {name: {"image": "nginx:1.27", "ports": [80]} for name in (f"{long}-a", f"{long}-b", f"{long}-c")}
    found, notes = taken(tmp_path, services)
    assert [one["name"] for one in found] == ["the-service-of-all-o", "the-service-of-all-2", "the-service-of-all-3"]
    assert notes[0].startswith("the workload the-service-of-all-2 is another than the-service-of-all-o: names have at most 20 ")
    assert_taken(found)


def assert_taken(workloads: list[dict[str, Any]], in_the_way: str = "") -> None:
    """The settings take the workloads, but for a route whose priority another workload has."""
    network = SimpleNamespace(private_zone="aws.acme.example")
    models = [Workload.model_validate(one) for one in workloads]
    found = [*workload_rules.distinct_workloads(models), *workload_rules.routes_of_workloads(models, network)]
    assert [one.allowed for one in found] == (
        [f"a priority of its own, 1 to 50000; {in_the_way} has this one"] if in_the_way else []
    )


def test_what_a_workload_has_no_place_for_is_told(tmp_path: Path) -> None:
    services = {
        "db": {"image": "docker.io/library/postgres:16"},
        "own": {"build": "."},
        "web": {"image": "nginx", "volumes": ["./a:/b"], "restart": "always"},
        "cache": {"image": "redis:7", "ports": ["6379:6379"]},
    }
    found, notes = taken(tmp_path, services)
    assert [one["name"] for one in found] == ["web", "cache"]
    assert notes == [
        "db: left out: the managed database takes its place, and `migration` brings its data",
        "own: left out: it has no image; build it, push it (containers.repositories) and add it by hand",
        "web: volumes is not taken over",
        "web: nginx has no tag: `latest` would be another image every day, so write one",
        "cache: port 6379 speaks no HTTP, so that it has no route: the load balancer knows nothing else",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("services: [a]", "there is no mapping `services` in it"),
        ("a: [", "is not valid YAML"),
        ("services: {a: {image: 'b:1', ports: ['8000-8010:8000-8010']}}", "service a: port 8000-8010"),
        ("services: {a: {image: '${A}:1'}}", "has a variable in it"),
        ("services: {a: {image: 'b:1', mem_limit: lots}}", "memory lots: write a number with a unit"),
    ],
)
def test_what_cannot_be_read_says_so(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text(content)
    with pytest.raises(UsageError, match=message.replace("$", r"\$")):
        workloads_of(path)
