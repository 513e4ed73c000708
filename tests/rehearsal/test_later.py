"""What is read later is what was read before."""

import json

import botocore.session
import moto.ec2.models.instance_types
import pytest
from botocore.loaders import Loader
from moto.utilities.utils import load_resource

import rehearsal.emulator
from rehearsal.later import regions_by_head


@pytest.mark.parametrize("kind", ["region", "availability-zone"])
def test_a_region_offers_the_instance_types_that_moto_has_in_its_file(kind: str) -> None:
    offered = moto.ec2.models.instance_types.INSTANCE_TYPE_OFFERINGS[kind]["eu-central-1"]
    named = load_resource(f"ec2/resources/instance_type_offerings/{kind}/eu-central-1.json")
    assert json.dumps([*offered]) == json.dumps([one | {"LocationType": kind} for one in named])
    assert len(offered) > 100


@pytest.mark.parametrize("service", ["ec2", "iam", "elbv2", "directconnect", "route53", "ds", "api.ecr", "nothing"])
@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_the_regions_of_a_service_are_those_of_its_whole_model(service: str, partition: str) -> None:
    session = botocore.session.Session()
    whole: list[str] = []
    if service in session.get_available_services():
        prefix = session.get_service_data(service)["metadata"]["endpointPrefix"]
        whole = session._get_internal_component("endpoint_resolver").get_available_endpoints(prefix, partition, False)
    assert regions_by_head(Loader(include_default_search_paths=True))(session, service, partition) == whole


def test_models_that_were_read_for_whoever_forks_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rehearsal.emulator.read_models(["sqs"])
    read: list[str] = []
    original = rehearsal.emulator._LeanFiles._load_file

    def load(self: rehearsal.emulator._LeanFiles, path: str, open_method: object) -> object:
        content = original(self, path, open_method)
        if content is not None:
            read.append(path)
        return content

    monkeypatch.setattr(rehearsal.emulator._LeanFiles, "_load_file", load)
    with rehearsal.emulator.Emulator() as aws:
        aws.call("sqs", "CreateQueue", {"QueueName": "one"}, region="eu-west-1")
        assert aws.services == ["sqs"]
    assert [path for path in read if "/sqs/" in path and "paginators" not in path] == []
