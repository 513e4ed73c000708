import json
from typing import Any

from tests.components.container_platform.support import platform, statements, web
from tests.recorder import ACCOUNT, REGION, Graph

OTHER = "ap-northeast-1"
REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
REPOSITORY = "aws:ecr/repository:Repository"


def rules(graph: Graph) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = graph.one(REPLICATION).inputs["replicationConfiguration"]["rules"]
    return found


def test_every_image_pushed_to_a_repository_is_copied_to_the_other_region() -> None:
    graph = platform(repositories=["team/api", "tools"], image_copies_region=OTHER)
    assert graph.one(REPLICATION).inputs["region"] == REGION
    assert rules(graph) == [
        {
            "destinations": [{"region": OTHER, "registryId": ACCOUNT}],
            "repositoryFilters": [
                {"filter": "team/api", "filterType": "PREFIX_MATCH"},
                {"filter": "tools", "filterType": "PREFIX_MATCH"},
            ],
        }
    ]


def test_a_copy_is_as_well_kept_as_its_original_and_encrypted_in_its_own_region() -> None:
    graph = platform(repositories=["team/api"], image_copies_region=OTHER)
    original, copy = (
        graph.one(REPOSITORY, name) for name in ("platform-registry-team-api", "platform-registry-copies-team-api")
    )
    key = graph.one("aws:kms/key:Key", "platform-registry-copies-key")
    assert key.inputs["region"] == OTHER
    assert key.inputs["enableKeyRotation"] is True
    assert copy.inputs == {
        **original.inputs,
        "region": OTHER,
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/{key.name}"}],
    }
    assert (copy.protect, copy.retain_on_delete) == (original.protect, original.retain_on_delete) == (True, True)
    assert (key.protect, key.retain_on_delete) == (True, True)
    lifecycles = graph.created("aws:ecr/lifecyclePolicy:LifecyclePolicy")
    assert sorted(one.inputs["region"] for one in lifecycles) == [OTHER, REGION]
    assert len({one.inputs["policy"] for one in lifecycles}) == 1


def test_copies_outlive_the_platform_that_made_them_since_the_other_region_may_run_them_by_then() -> None:
    graph = platform(protected=False, repositories=["team/api"], image_copies_region=OTHER)
    copies = [one for one in graph.resources if one.inputs.get("region") == OTHER]
    kept = {one.type.rsplit(":", 1)[-1] for one in copies if one.retain_on_delete}
    assert kept == {"Key", "Repository", "LifecyclePolicy"}
    assert not any(one.protect for one in copies)
    assert not graph.one(REPOSITORY, "platform-registry-team-api").retain_on_delete


def test_nothing_is_copied_before_its_encrypted_repository_is_there() -> None:
    graph = platform(repositories=["team/api"], image_copies_region=OTHER)
    assert graph.one(REPOSITORY, "platform-registry-copies-team-api").urn in graph.one(REPLICATION).dependencies


def test_a_rule_holds_as_many_filters_as_amazon_ecr_takes() -> None:
    names = [f"team/app-{number}" for number in range(101)]
    parts = [rule["repositoryFilters"] for rule in rules(platform(repositories=names, image_copies_region=OTHER))]
    assert [len(part) for part in parts] == [100, 1]


def test_the_key_of_the_copies_is_for_the_account_alone() -> None:
    key = platform(repositories=["team/api"], image_copies_region=OTHER).one("aws:kms/key:Key", "platform-registry-copies-key")
    (statement,) = json.loads(key.inputs["policy"])["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def test_without_repositories_or_another_region_nothing_is_copied() -> None:
    for changes in ({"repositories": ["team/api"]}, {"image_copies_region": OTHER}, {"image_copies_region": None}):
        assert platform(**changes).created(REPLICATION) == []


def test_repositories_that_exist_are_used_and_not_made_again() -> None:
    graph = platform(web(image="ecr:team/api:1.0"), repositories=["team/api"], repositories_exist=True)
    assert graph.created(REPOSITORY) == graph.created("aws:ecr/lifecyclePolicy:LifecyclePolicy") == []
    text = graph.one("aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"]
    assert json.loads(text)[0]["image"] == f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/api:1.0"
    arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/api"
    assert statements(graph, "platform-web-execution")["PullItsImage"]["Resource"] == [arn]
