"""Components for programs in other languages, made by the real engine through the provider host."""

from collections.abc import Iterator

import pytest

from engine.run import Engine
from plugin.host import COMPONENTS
from rehearsal import wire
from rehearsal.monitor import Deployment
from tests.engine.conftest import NEEDS_CLI
from tests.plugin import hosted
from tests.plugin.hosted import NEEDS_NODE
from tests.rehearsal.support import REGION

pytestmark = NEEDS_CLI
TAGS = {"Project": "theirs"}
BESIDE: hosted.Resources = {
    "platform": (
        "hybridge:index:ContainerPlatform",
        {
            "region": REGION,
            "tags": TAGS,
            "vpcId": "${hub.vpcId}",
            "vpcCidrBlock": "${hub.vpcCidrBlock}",
            "privateSubnetIds": "${hub.privateSubnetIds}",
            "onPremisesCidrs": ["10.10.0.0/16"],
            "workloads": [{"name": "web", "image": "nginx:1.27.2", "ports": [{"containerPort": 80}]}],
        },
    ),
    "operations": (
        "hybridge:index:Management",
        {"region": REGION, "tags": TAGS, "patchGroup": "theirs", "backupTag": "theirs"},
    ),
    "share": (
        "hybridge:index:HybridStorage",
        {
            "region": REGION,
            "vpcId": "${hub.vpcId}",
            "zones": ["ap-northeast-2a", "ap-northeast-2c"],
            "privateSubnetIds": "${hub.privateSubnetIds}",
            "onPremisesCidrs": ["10.10.0.0/16"],
            "fileGateway": {
                "activationKey": "ABCDE-12345-FGHIJ-67890-KLMNO",
                "nfs": {"prefix": "written/"},
                "smb": {"shareName": "papers", "guestPassword": {"secret": "hush-hush"}},
            },
        },
    ),
}


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """All five, asked for by the examples in TypeScript and YAML and by what is beside them."""
    folder = tmp_path_factory.mktemp("theirs")
    typescript, outputs = hosted.of_typescript(hosted.EXAMPLES / "typescript", folder / "node")
    in_yaml, more = hosted.of_yaml(hosted.EXAMPLES / "yaml")
    outputs |= more | {"services": "${platform.serviceNames}", "tunnels": "${hub.vpnTunnels}"}
    root, stack = hosted.project(folder / "project", {**typescript, **in_yaml, **BESIDE}, outputs)
    with hosted.engine(root) as engine:
        outcome = engine.up(stack)
        assert outcome.good, outcome.problems
        yield engine


def deployed(engine: Engine) -> Deployment:
    return engine.rehearsals()["dev"].deployment


@NEEDS_NODE
def test_the_engine_makes_what_programs_in_other_languages_ask_for(standing: Engine) -> None:
    made = deployed(standing)
    roots = {node.type.rpartition(":")[2]: node for node in made.nodes.values() if node.type.startswith("hybridge:index:")}
    assert {component.__name__ for component in COMPONENTS} <= roots.keys()
    below = {node.urn for node in made.nodes.values() if node.parent == roots["Network"].urn}
    assert len(made.nodes) > 200
    assert below
    assert made.outputs.keys() == {"address", "secret", "bucket", "activation", "services", "tunnels"}


@NEEDS_NODE
def test_what_a_component_gives_is_known_to_the_program(standing: Engine) -> None:
    outputs = deployed(standing).outputs
    assert outputs["address"] == "database.aws.internal"
    assert str(outputs["secret"]).startswith("arn:aws:secretsmanager:")
    assert outputs["services"].keys() == {"web"}
    assert [len(tunnels) for tunnels in outputs["tunnels"].values()] == [2]


@NEEDS_NODE
def test_a_secret_within_a_group_arrives_and_stays_secret(standing: Engine) -> None:
    (gateway,) = (node for node in deployed(standing).nodes.values() if node.type == "aws:storagegateway/gateway:Gateway")
    assert wire.unwrap(gateway.inputs["smbGuestPassword"]) == "hush-hush"
    assert wire.holds_secret(gateway.inputs["smbGuestPassword"])
    state = (standing.folder / "state" / ".pulumi" / "stacks" / "theirs" / "dev.json").read_text()
    assert "hush-hush" not in state


@NEEDS_NODE
def test_a_second_preview_has_nothing_to_do(standing: Engine) -> None:
    outcome = standing.preview(standing.account.files["dev"])
    assert outcome.good, outcome.problems
    assert outcome.counts.keys() == {"same"}, [step for step in outcome.steps if step.kind != "same"]
