"""The provider of the components, without the Pulumi CLI: it makes what the examples ask for, and tells mistakes."""

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.errors import InputPropertiesError

from hybridge import __version__
from plugin.host import COMPONENTS, Host
from tests.plugin import hosted
from tests.plugin.hosted import NEEDS_NODE
from tests.recorder import REGION, Graph, deploy

FILES = "hybridge:index:HybridStorage"


@pytest.fixture(scope="module")
def host() -> Host:
    return Host()


def made(host: Host, resources: hosted.Resources) -> Graph:
    """What the components of a program are made of, on mocks, where the ids of other resources stay as they are referred to."""
    given: dict[str, Any] = {}

    def program() -> None:
        for name, (token, properties) in resources.items():
            if token.startswith("hybridge:"):
                arguments = {
                    key: given.get(value, value) if isinstance(value, str) else value for key, value in properties.items()
                }
                state = host.construct(name, token, arguments).state
                given.update({f"${{{name}.{key}}}": value for key, value in state.items()})

    return deploy(program)


def mistakes(host: Host, token: str, given: dict[str, Any]) -> dict[str, str]:
    """What is told of wrong arguments, by property."""
    found: list[InputPropertiesError] = []

    def program() -> None:
        with pytest.raises(InputPropertiesError) as refused:
            host.construct("wrong", token, given)
        found.append(refused.value)

    deploy(program)
    return {one["property_path"]: one["reason"] for one in found[0].errors or []} or {"": found[0].message}


def test_the_schema_has_the_five_components_and_the_version(host: Host) -> None:
    schema = json.loads(host.schema or "")
    assert set(schema["resources"]) == {f"hybridge:index:{component.__name__}" for component in COMPONENTS}
    assert schema["version"] == __version__


def test_what_the_example_in_yaml_asks_for_is_made(host: Host) -> None:
    graph = made(host, hosted.of_yaml(hosted.EXAMPLES / "yaml")[0])
    assert graph.one("aws:s3/bucket:Bucket", "files-files")
    assert graph.one("aws:efs/fileSystem:FileSystem")


@NEEDS_NODE
def test_what_the_example_in_typescript_asks_for_is_made(host: Host, tmp_path: Path) -> None:
    graph = made(host, hosted.of_typescript(hosted.EXAMPLES / "typescript", tmp_path / "node")[0])
    assert graph.one("aws:ec2/vpnConnection:VpnConnection")
    assert graph.one("aws:rds/instance:Instance").inputs["instanceClass"] == "db.t4g.medium"


def test_the_examples_refer_only_to_what_components_give(host: Host) -> None:
    resources, outputs = hosted.of_yaml(hosted.EXAMPLES / "yaml")
    given = json.loads(host.schema or "")["resources"][FILES]["properties"]
    referred = {str(value).removeprefix("${files.").removesuffix("}") for value in outputs.values()}
    assert referred <= given.keys()
    assert resources["files"][0] == FILES


def test_every_mistake_is_told_at_once_by_the_names_of_the_caller(host: Host) -> None:
    given = {
        "vpcId": "vpc-1",
        "hotDayz": 3,
        "hotDays": "thirty",
        "efs": {"enabled": "yes"},
        "fileGateway": {"nfs": {"fileModes": 4, "squash": "none"}},
    }
    assert mistakes(host, FILES, given) == {
        "hotDayz": "is no argument. Did you mean hotDays?",
        "region": "is not set; pass text.",
        "zones": "is not set; pass a list, each item text.",
        "privateSubnetIds": "is not set; pass a list, each item text.",
        "onPremisesCidrs": "is not set; pass a list, each item text.",
        "hotDays": "is 'thirty'; pass a whole number.",
        "efs.enabled": "is 'yes'; pass True or False.",
        "fileGateway.nfs.fileModes": "is no argument. Did you mean fileMode?",
        "fileGateway.nfs.squash": "is 'none'; pass one of RootSquash, NoSquash, AllSquash.",
    }


def test_what_a_component_refuses_later_is_told_in_its_own_words(host: Host) -> None:
    given = {"region": REGION, "cidr": "10.0.0.0/27", "zones": [f"{REGION}a"], "onPremises": {"cidrs": ["10.10.0.0/16"]}}
    (told,) = mistakes(host, "hybridge:index:Network", given).values()
    assert told.startswith("cidr 10.0.0.0/27 is too small for three subnets per zone")


def test_names_are_translated_at_every_depth_and_nothing_else(host: Host) -> None:
    definition = host._component_defs["ContainerPlatform"]
    given = {
        "vpcId": "vpc-1",
        "maxInstances": 4.0,
        "workloads": [{"name": "web", "environment": {"logLevel": "debug"}, "healthCheck": {"intervalSeconds": 9}}],
    }
    assert host.map_inputs(given, definition) == {
        "vpc_id": "vpc-1",
        "max_instances": 4.0,
        "workloads": [{"name": "web", "environment": {"logLevel": "debug"}, "health_check": {"interval_seconds": 9}}],
    }
