"""What is called otherwise keeps its id, and what hangs on it: when it changes, when it is made anew, after a restart."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.run import Engine
from rehearsal.stackfile import StackFile
from tests.engine.conftest import NEEDS_CLI, small

pytestmark = NEEDS_CLI
PROGRAM = """
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
name, former = config.get("name") or "lab", config.get("formerly")
opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=former)]) if former else None
asn = config.get("asn") or "65010"
router = aws.ec2.CustomerGateway(name, bgp_asn=asn, ip_address="203.0.113.10", type="ipsec.1", tags={"Name": name}, opts=opts)
hub = aws.ec2.VpnGateway("hub", amazon_side_asn="64512")
aws.ec2.VpnConnection("vpn", customer_gateway_id=router.id, vpn_gateway_id=hub.id, type="ipsec.1")
zone = aws.route53.Zone(f"zone-{name}", name="corp.example", opts=pulumi.ResourceOptions(
    aliases=[pulumi.Alias(name=f"zone-{former}")]) if former else None)
if config.get("more"):
    aws.ec2.CustomerGateway(config.get("more"), bgp_asn="65020", ip_address="203.0.113.20", type="ipsec.1")
"""
Read = Callable[[str], StackFile]


@pytest.fixture(scope="module")
def project(folder: Path) -> Read:
    return small(folder / "project", PROGRAM, "one")


@pytest.fixture(scope="module")
def standing(folder: Path, project: Read) -> Iterator[Engine]:
    with Engine(folder / "project", folder / "build") as engine:
        outcome = engine.up(project("one"))
        assert outcome.good, outcome.problems
        yield engine


def ids(engine: Engine) -> dict[str, str]:
    return {one.name: one.id for one in engine.states["one"] if one.made}


def restarted(engine: Engine) -> bool:
    """Whether the account comes out of the state as it is."""
    before = {seed: one.thing.id for seed, one in engine.account.standing.items()}
    return engine.account.rebuild(engine.states) == [] and before == {
        seed: one.thing.id for seed, one in engine.account.standing.items()
    }


def test_another_name_leaves_everything_as_it_is_and_a_change_reaches_what_has_it(standing: Engine, project: Read) -> None:
    before = ids(standing)
    outcome = standing.up(project("one+name=edge+formerly=lab"))
    assert outcome.good, outcome.problems
    # Its tag says the name, so that it changes in place; the zone is the same but for what Pulumi calls it.
    assert [(step.kind, step.name, step.fields) for step in outcome.changed] == [("update", "edge", ("tags.Name",))]
    assert outcome.rebuilt == {}
    assert ids(standing) == {"edge" if name == "lab" else name.replace("-lab", "-edge"): id for name, id in before.items()}
    (found,) = standing.account.aws.call("ec2", "DescribeCustomerGateways", {}, region="eu-west-1")["CustomerGateways"]
    assert (found["CustomerGatewayId"], found["Tags"]) == (before["lab"], [{"Key": "Name", "Value": "edge"}])
    assert restarted(standing)
    assert standing.refresh(project("one+name=edge+formerly=lab")).changed == []


def test_the_former_name_may_be_given_to_another(standing: Engine, project: Read) -> None:
    outcome = standing.up(project("one+name=edge+more=lab"))
    assert outcome.good, outcome.problems
    assert [(step.kind, step.name) for step in outcome.changed] == [("create", "lab")]
    assert ids(standing)["lab"] != ids(standing)["edge"]
    assert restarted(standing)


def test_what_was_renamed_is_made_anew_and_goes(standing: Engine, project: Read) -> None:
    old = ids(standing)["edge"]
    outcome = standing.up(project("one+name=rim+formerly=edge+more=lab+asn=65030"))
    assert outcome.good, outcome.problems
    assert [(step.kind, step.name) for step in outcome.changed] == [("replace", "rim"), ("update", "vpn")]
    assert old not in ids(standing).values()
    assert restarted(standing)
    ended = standing.destroy(project("one+name=rim+more=lab"))
    assert ended.good, ended.problems
    assert standing.account.standing == {}
