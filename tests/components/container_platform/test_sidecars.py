"""Containers beside that of a workload."""

from typing import Any

import pytest

from tests.components.container_platform.support import SECRET, definitions, platform, statements, web

HARBOR = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:harbor-AbCdEf"
PREPARE: dict[str, Any] = {
    "name": "prepare",
    "image": "corp/schema:1",
    "until": "SUCCESS",
    "secrets": {"PGPASSWORD": "database:password"},
}
CACHE: dict[str, Any] = {
    "name": "cache",
    "image": "harbor.corp.example/cache:7",
    "until": "HEALTHY",
    "command": ["serve"],
    "health_check": {"command": ["CMD", "ping"]},
}


def test_what_runs_beside_a_workload_is_reached_by_its_name_and_missed_like_it() -> None:
    main, cache = definitions(platform(web(sidecars=[CACHE]), registries={"harbor.corp.example": HARBOR}))
    assert main["links"] == ["cache"]
    assert main["dependsOn"] == [{"containerName": "cache", "condition": "HEALTHY"}]
    assert (cache["essential"], cache["restartPolicy"]["enabled"], cache["command"]) == (True, True, ["serve"])
    assert cache["healthCheck"]["command"] == ["CMD", "ping"]
    assert cache["repositoryCredentials"] == {"credentialsParameter": HARBOR}
    assert "repositoryCredentials" not in main


def test_what_prepares_something_ends_before_the_workload_begins_and_does_not_end_it() -> None:
    main, prepare = definitions(platform(web(sidecars=[PREPARE])))
    assert main["dependsOn"] == [{"containerName": "prepare", "condition": "SUCCESS"}]
    assert "links" not in main, "Docker links to what runs alone"
    assert prepare["essential"] is False
    assert "restartPolicy" not in prepare
    assert prepare["secrets"] == [{"name": "PGPASSWORD", "valueFrom": f"{SECRET}:password::"}]


def test_a_workload_starts_with_the_secrets_and_registries_of_all_its_containers() -> None:
    graph = platform(web(sidecars=[PREPARE, CACHE]), registries={"harbor.corp.example": HARBOR})
    assert statements(graph, "platform-web-execution")["ReadItsSecrets"]["Resource"] == sorted([SECRET, HARBOR])


def test_the_collector_stands_beside_them_too() -> None:
    main, *beside = definitions(platform(web(sidecars=[CACHE]), tracing=True))
    assert main["links"] == ["cache", "collector"]
    assert [one["name"] for one in beside] == ["cache", "collector"]


def test_an_image_of_no_repository_is_refused_beside_a_workload_too() -> None:
    with pytest.raises(ValueError, match="of no repository of the platform"):
        platform(web(sidecars=[{"name": "cache", "image": "ecr:cache:7"}]))
