import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.settings.base import all_mistakes
from components.settings.containers import Containers, region_of_certificate
from components.settings.translate import unknown_key

CONTAINERS: dict[str, Any] = {"instanceType": "m6i.xlarge", "minInstances": 3, "maxInstances": 12}
CERTIFICATE = "arn:aws:acm:ap-northeast-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
SECRET = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:docker-hub-AbCdEf"
CACHE = {"enabled": True, "username": "corp", "accessToken": "dckr_pat_1"}


def parsed(**changes: Any) -> Containers:
    return Containers.model_validate(CONTAINERS | changes)


def keys(section: Containers) -> list[str]:
    return [mistake.key for mistake in all_mistakes(section)]


def test_what_the_size_says_is_enough() -> None:
    section = parsed()
    assert keys(section) == []
    assert section.as_args() == {
        "instance_type": "m6i.xlarge",
        "min_instances": 3,
        "max_instances": 12,
        "root_volume_gib": 50,
        "target_capacity_percent": 90,
        "repositories": [],
        "pull_through_cache": {"enabled": False},
        "secret_key_arns": [],
        "on_premises_servers": {"count": 0},
        "tracing": False,
        "log_retention_days": 30,
        "access_log_retention_days": 90,
    }


def test_everything_may_be_set() -> None:
    section = parsed(
        amiId="ami-0123456789abcdef0",
        keyName="ops",
        rootVolumeGiB=100,
        targetCapacityPercent=80,
        certificateArn=CERTIFICATE,
        repositories=["shop/orders", "tools"],
        pullThroughCache=CACHE,
        secretKeyArns=["arn:aws:kms:ap-northeast-2:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"],
        onPremisesServers={"count": 1000, "expires": "2030-01-31T09:00:00Z"},
        tracing=True,
        logRetentionDays=3653,
        accessLogRetentionDays=1,
    )
    assert keys(section) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"instanceType": "large"},
        {"minInstances": 0},
        {"maxInstances": 1001},
        {"amiId": "ami-123"},
        {"amiId": "ami-0123456789ABCDEF0"},
        {"keyName": ""},
        {"rootVolumeGiB": 29},
        {"rootVolumeGiB": 16_385},
        {"targetCapacityPercent": 0},
        {"targetCapacityPercent": 101},
        {"certificateArn": "arn:aws:iam::123456789012:server-certificate/old"},
        {"repositories": ["Shop"]},
        {"repositories": ["shop//orders"]},
        {"repositories": ["s"]},
        {"pullThroughCache": {"enabled": True, "user": "corp"}},
        {"dockerHubCredentialsArn": "docker-hub"},
        {"secretKeyArns": ["alias/team"]},
        {"onPremisesServers": {"count": 1001}},
        {"onPremisesServers": {"count": -1}},
        {"onPremisesServers": {"expires": "tomorrow"}},
        {"onPremisesServers": {"expires": "2030-01-31T09:00:00+09:00"}},
        {"onPremisesServers": {"expires": "2030-02-31T09:00:00Z"}},
        {"tracing": "sometimes"},
        {"logRetentionDays": 31},
        {"accessLogRetentionDays": 0},
        {"unknown": 1},
    ],
)
def test_a_value_that_aws_refuses_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parsed(**changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"maxInstances": 2}, ["maxInstances"]),
        ({"repositories": ["a1", "b1", "a1"]}, ["repositories[2]"]),
        ({"repositories": ["shop/orders", "shop-orders"]}, ["repositories[1]"]),
        ({"repositories": ["docker-hub/library/nginx"]}, ["repositories[0]"]),
        ({"pullThroughCache": {"enabled": True}}, ["pullThroughCache.username", "pullThroughCache.accessToken"]),
        ({"pullThroughCache": CACHE | {"accessToken": ""}}, ["pullThroughCache.accessToken"]),
        ({"pullThroughCache": CACHE, "dockerHubCredentialsArn": SECRET}, ["dockerHubCredentialsArn"]),
        ({"pullThroughCache": {"enabled": False, "username": "corp"}}, []),
        ({"dockerHubCredentialsArn": SECRET}, []),
    ],
)
def test_values_that_do_not_go_together_are_mistakes(changes: dict[str, Any], expected: list[str]) -> None:
    assert keys(parsed(**changes)) == expected


def test_the_access_token_is_never_shown() -> None:
    section = parsed(pullThroughCache=CACHE)
    assert "dckr_pat_1" not in repr(section)


def test_a_time_that_yaml_has_parsed_is_the_same_as_text() -> None:
    time = datetime.datetime(2030, 1, 31, 9, tzinfo=datetime.UTC)
    assert parsed(onPremisesServers={"expires": time}).on_premises_servers.expires == "2030-01-31T09:00:00Z"


@pytest.mark.parametrize(("region", "expected"), [("ap-northeast-2", []), ("eu-west-1", ["containers.certificateArn"])])
def test_a_certificate_is_of_the_stacks_region(region: str, expected: list[str]) -> None:
    assert [mistake.key for mistake in region_of_certificate(parsed(certificateArn=CERTIFICATE), region)] == expected
    assert list(region_of_certificate(parsed(), region)) == []


@given(st.integers(1, 1000), st.integers(1, 1000))
def test_bounds_are_a_range_or_a_mistake(low: int, high: int) -> None:
    assert keys(parsed(minInstances=low, maxInstances=high)) == ([] if low <= high else ["maxInstances"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amiRelease": "2023.0.20260820"}, []),
        ({"amiRelease": "newest"}, []),
        ({"amiRelease": "newest", "amiId": "ami-0123456789abcdef0"}, ["amiRelease"]),
        ({"instanceType": "g5.xlarge"}, ["instanceType"]),
        ({"instanceType": "p4d.24xlarge"}, ["instanceType"]),
        ({"instanceType": "inf2.xlarge"}, ["instanceType"]),
        ({"instanceType": "mac2.metal"}, ["instanceType"]),
        ({"instanceType": "m7g.large"}, []),
        ({"certificateArn": CERTIFICATE, "moreCertificateArns": [CERTIFICATE[:-1] + "0"], "idleSeconds": 4000}, []),
        ({"moreCertificateArns": [CERTIFICATE]}, ["moreCertificateArns"]),
        ({"registries": {"harbor.corp.example:5000": SECRET, "ghcr.io": SECRET}}, []),
        ({"registries": {"docker.io": SECRET}}, ["registries.docker.io"]),
        (
            {"registries": {"123456789012.dkr.ecr.ap-northeast-2.amazonaws.com": SECRET}},
            ["registries.123456789012.dkr.ecr.ap-northeast-2.amazonaws.com"],
        ),
    ],
)
def test_images_hosts_and_certificates_fit_together(changes: dict[str, Any], expected: list[str]) -> None:
    assert keys(parsed(**changes)) == expected


@pytest.mark.parametrize("key", ["spot", "gpus", "instanceTypes", "serviceConnect", "blueGreen", "windows"])
def test_what_is_left_out_on_purpose_is_refused_with_the_reason(key: str) -> None:
    mistake = unknown_key(f"containers.{key}", key, ["instanceType"])
    assert "docs/containers.md, Limits" in mistake.fix
