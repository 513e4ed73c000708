"""Reading the settings as a program does: from what the Pulumi CLI makes of a stack file."""

import json
from typing import Any

import pulumi
import pytest

from components.settings import Settings, SettingsError, load
from tests.recorder import deploy
from tests.settings.test_parse import SOURCE, VALID


def loaded(**values: Any) -> Settings:
    """The settings of a stack `test` with these top-level keys, passed on as the CLI does: text as it is, the rest as JSON."""
    config = {
        f"hybridge:{key}": value if isinstance(value, str) else json.dumps(value) for key, value in {**VALID, **values}.items()
    }
    found: list[Settings] = []
    deploy(lambda: found.append(load()), config={"aws:region": "ap-northeast-2", **config})
    return found[0]


def test_the_settings_come_from_the_configuration_of_the_stack() -> None:
    settings = loaded(size="medium", protect=False, tags={"Owner": "me"}, workloads=[{"name": "web", "image": "nginx:1.27"}])
    assert (settings.region, settings.size, settings.protect, settings.tags) == (
        "ap-northeast-2",
        "medium",
        False,
        {"Owner": "me"},
    )
    assert settings.network.zones == ["ap-northeast-2a", "ap-northeast-2c"]
    assert [workload.name for workload in settings.workloads] == ["web"]


def test_the_settings_are_frozen() -> None:
    settings = loaded()
    with pytest.raises(ValueError, match="frozen"):
        settings.region = "us-east-1"  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        settings.network.cidr = "10.0.0.0/16"  # type: ignore[misc]


def test_a_wrong_stack_ends_the_program_with_the_text_alone() -> None:
    """The CLI prints the text of a RunError and no traceback."""
    with pytest.raises(pulumi.RunError) as error:
        loaded(size="huge", netwrok={}, storage="[1, 2", database={"storageGiB": 1})
    assert isinstance(error.value, SettingsError)
    assert str(error.value).startswith(
        "Pulumi.test.yaml has 4 mistakes; nothing was created.\n\nhybridge:database.storageGiB\n"
    )


def test_nothing_is_registered_for_a_wrong_stack() -> None:
    def program() -> None:
        with pytest.raises(SettingsError):
            load()

    graph = deploy(program, config={"aws:region": "ap-northeast-2", "hybridge:network": "{}"})
    assert graph.resources == []


def test_keys_of_other_namespaces_are_none_of_our_business() -> None:
    deploy(
        load,
        config={"aws:region": "ap-northeast-2", "aws:profile": "x", "other:size": "huge"}
        | {f"hybridge:{k}": json.dumps(v) for k, v in VALID.items()},
    )


def test_a_stack_without_a_region_is_told_so() -> None:
    with pytest.raises(SettingsError, match="aws:region\n  value    \\(not set\\)"):
        deploy(load, config={f"hybridge:{key}": json.dumps(value) for key, value in VALID.items()})


MIGRATION = {"migration": {"sources": [SOURCE]}}


def warnings(monkeypatch: pytest.MonkeyPatch, secret: set[str]) -> list[str]:
    """What is warned of when the CLI says that these keys hold secrets."""
    said: list[str] = []
    monkeypatch.setattr("components.settings.is_config_secret", lambda key: key in secret)
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    loaded(**MIGRATION)
    return said


def test_a_secret_in_plain_text_is_warned_of_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert warnings(monkeypatch, set()) == [
        "hybridge:migration of Pulumi.test.yaml holds a secret in plain text; set it again with "
        "`pulumi config set --secret --path 'hybridge:migration...'`"
    ]


def test_a_sealed_secret_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert warnings(monkeypatch, {"hybridge:migration"}) == []


def test_secrets_reach_components_as_secrets() -> None:
    class Holder(pulumi.ComponentResource):
        """Takes a source as it is."""

    def program() -> None:
        Holder("test:index:Holder", "holder", load().migration.as_args()["sources"][0])

    values = {f"hybridge:{key}": json.dumps(value) for key, value in {**VALID, **MIGRATION}.items()}
    holder = deploy(program, config={"aws:region": "ap-northeast-2", **values}).one("test:index:Holder")
    assert holder.inputs["password"] == SOURCE["password"]
    assert holder.secrets == {"password"}
