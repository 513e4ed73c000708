from typing import Any, cast

import botocore.session
from hypothesis import given, settings
from hypothesis import strategies as st

from components.container_platform.args import WorkloadArgs
from components.container_platform.container_definition import Context, container_definitions, volume
from components.settings.base import all_mistakes
from components.settings.workloads import Workload
from rehearsal.api_model import violations
from tests.recorder import REGION

SHAPE = botocore.session.get_session().get_service_model("ecs").operation_model("RegisterTaskDefinition").input_shape

NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,18}[a-z0-9])?", fullmatch=True)
VARIABLES = st.from_regex(r"[A-Z_][A-Z0-9_]{0,10}", fullmatch=True)
PORTS = st.integers(1, 65_535) | st.fixed_dictionaries(
    {"containerPort": st.integers(1, 65_535)},
    optional={"hostPort": st.integers(0, 32_767), "protocol": st.sampled_from(["tcp", "udp"])},
)
WORKLOADS = st.fixed_dictionaries(
    {"name": NAMES, "image": st.sampled_from(["nginx:1.27", "ecr:team/api:1", "quay.io/a/b:2"])},
    optional={
        "command": st.lists(st.text(min_size=1, max_size=10), min_size=1, max_size=3),
        "ports": st.lists(PORTS, max_size=4),
        "cpu": st.integers(2, 196_608),
        "memory": st.integers(6, 25_165_824),
        "environment": st.dictionaries(VARIABLES, st.text(max_size=20), max_size=3),
        "secrets": st.dictionaries(VARIABLES, st.sampled_from(["database:host", "database:password"]), max_size=3),
        "files": st.lists(
            st.fixed_dictionaries(
                {"path": st.from_regex(r"/[a-z]{1,8}", fullmatch=True)},
                optional={"subPath": st.from_regex(r"[a-z]{1,5}(/[a-z]{1,5})?", fullmatch=True), "readOnly": st.booleans()},
            ),
            max_size=3,
        ),
        "healthCheck": st.fixed_dictionaries(
            {"command": st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=3)},
            optional={"startSeconds": st.integers(0, 300), "retries": st.integers(2, 10)},
        ),
        "placement": st.sampled_from(["aws", "onPremises", "both"]),
    },
)


@settings(deadline=None)
@given(WORKLOADS, st.booleans())
def test_what_the_settings_let_through_is_what_ecs_takes(given: dict[str, Any], tracing: bool) -> None:
    section = Workload.model_validate(given)
    if list(all_mistakes(section)):
        return
    workload = cast(WorkloadArgs, section.as_args())
    context = Context(
        region=REGION,
        image="nginx:1.27",
        log_group="logs",
        environment=section.environment,
        database_secret_arn="arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:database-AbCdEf",
        shared_path="/mnt/files",
        tracing=tracing,
    )
    definitions = container_definitions(workload, context)
    volumes = sorted({volume(mount, "/mnt/files") for mount in workload.get("files", ())})
    request = {
        "family": section.name,
        "networkMode": section.network_mode,
        "containerDefinitions": definitions,
        "volumes": [{"name": one.name, "host": {"sourcePath": one.host_path}} for one in volumes],
    }
    assert list(violations(request, SHAPE)) == []
    assert len({one["name"] for one in definitions}) == len(definitions)
    mounted = {point["sourceVolume"] for one in definitions for point in one["mountPoints"]}
    assert mounted == {one.name for one in volumes}
