"""The network plan, the quotas and the people are those of the deployment."""

import dataclasses
from ipaddress import IPv4Network

from proofs.drills.graph import Graphs
from rehearsal.run import Rehearsal
from report import people, plan, quotas
from report.collect import Evidence
from report.people import Waiting
from report.unproved import GENERAL, unproved
from tests.report.pictures import changed, without


def test_every_address_is_in_a_subnet_or_told_to_be_in_none(evidence: Evidence) -> None:
    for vpc in plan.plans(Graphs(evidence.rehearsals)):
        blocks = [IPv4Network(one.block) for one in vpc.subnets] + [IPv4Network(one) for one in vpc.unallocated]
        assert sum(one.num_addresses for one in blocks) == IPv4Network(vpc.block).num_addresses
        assert not [1 for place, one in enumerate(blocks) for other in blocks[place + 1 :] if one.overlaps(other)]
        assert vpc.addresses == sum(IPv4Network(one).num_addresses for one in vpc.unallocated)
        assert len(vpc.zones) == 3 and vpc.advertised == ["10.10.0.0/16", "10.10.250.0/24", "10.11.0.0/16", "192.168.0.0/16"]


def test_taken_are_at_least_the_cards_that_were_made(prod: Rehearsal) -> None:
    (vpc,) = plan.plans(Graphs([prod]))
    taken = {(one.tier, one.zone): one.taken for one in vpc.subnets}
    assert taken["Public", "ap-northeast-2a"] == 1, "the NAT gateway"
    assert taken["Isolated", "ap-northeast-2a"] == 3, "a primary and two replicas, any of which may stand there"
    endpoints = sum(bool(node.inputs.get("subnetIds")) for node in prod.created("aws:ec2/vpcEndpoint:VpcEndpoint"))
    resolvers, balancer, hosts, migration, directory = 2, 8, 4, 1, 1
    assert taken["Private", "ap-northeast-2c"] == endpoints + resolvers + balancer + hosts + migration
    assert taken["Private", "ap-northeast-2a"] == taken["Private", "ap-northeast-2c"] + directory
    more = changed(prod, "aws:autoscaling/group:Group", maxSize=30)
    (grown,) = plan.plans(Graphs([more]))
    assert {one.taken for one in grown.subnets if one.zone == "ap-northeast-2c"} >= {taken["Private", "ap-northeast-2c"] + 6}


def test_quotas_that_are_not_enough_come_first(prod: Rehearsal, dev: Rehearsal) -> None:
    found = quotas.quotas(Graphs([prod, dev]))
    enough = [one.enough for one in found]
    assert enough == sorted(enough) and not enough[0] and enough[-1]
    assert found[0].name == "vCPUs of running On-Demand Standard instances"
    by_name = {one.name: one for one in found}
    assert by_name["Elastic IP addresses per region"].needed == {"ap-northeast-2": 4}
    assert by_name["NAT gateways per zone"].needed == {"ap-northeast-2": 2}, "a zone has one of each stack"
    assert by_name["Read replicas per primary"].needed == {"ap-northeast-2": 2}
    assert all(one.source.startswith("https://docs.aws.amazon.com/") for one in found)


def test_who_is_called_is_who_subscribed(prod: Rehearsal) -> None:
    (one,) = people.called(Graphs([prod]))
    assert one.owner == "platform-team" and one.silent == 0
    assert one.addresses == ["email: oncall@corp.example", "email: platform@corp.example"]
    assert one.alarms == len(prod.created("aws:cloudwatch/metricAlarm:MetricAlarm")) + 1
    nobody = without(prod, lambda node: node.type == "aws:sns/topicSubscription:TopicSubscription")
    assert people.called(Graphs([nobody]))[0].addresses == []
    mute = changed(prod, "aws:cloudwatch/metricAlarm:MetricAlarm", alarmActions=[])
    assert people.called(Graphs([mute]))[0].silent == one.alarms - 1


def waiting(rehearsal: Rehearsal) -> list[Waiting]:
    return people.waiting(Graphs([rehearsal]))


def test_a_circuit_waits_for_its_carrier_until_it_is_attached(prod: Rehearsal, dev: Rehearsal) -> None:
    assert [one.who for one in waiting(dev) if "circuit" in one.what] == ["the carrier LG Uplus"]
    assert {one.who for one in waiting(prod) if "circuit" in one.what} == {"the network team"}


def test_a_gateway_waits_for_its_key_until_it_has_one(evidence: Evidence) -> None:
    prod, dr = evidence.rehearsals
    assert not [one for one in waiting(prod) if "fileGatewayActivationRequest" in one.what]
    (one,) = [one for one in waiting(dr) if "fileGatewayActivationRequest" in one.what]
    assert one.then == "`storage.fileGateway.activationKey`"


def test_sources_of_the_migration_wait_for_the_database_team(prod: Rehearsal) -> None:
    assert len([one for one in waiting(prod) if one.who == "the database team"]) == 2
    done = without(prod, lambda node: node.type.startswith("aws:dms/"))
    assert not [one for one in waiting(done) if one.who == "the database team"]


def test_what_is_not_proved_names_what_the_emulator_drops(evidence: Evidence) -> None:
    assert not [node.type for one in evidence.rehearsals for node in one.nodes if node.fidelity == "gaps"]
    assert [*unproved(evidence)][-len(GENERAL) :] == [*GENERAL]
    first, *others = evidence.stacks
    prod = first.rehearsal
    nodes = {
        node.urn: dataclasses.replace(node, fidelity="gaps") if node.type.endswith(":BucketLogging") else node
        for node in prod.nodes
    }
    lossy = dataclasses.replace(prod, deployment=dataclasses.replace(prod.deployment, nodes=nodes))
    stacks = [dataclasses.replace(first, rehearsal=lossy), *others]
    found = [*unproved(dataclasses.replace(evidence, stacks=stacks))]
    assert found[0] == "prod: that AWS keeps the fields which the emulator drops: s3.BucketLogging."
