"""Who is called, and what waits for whom."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from proofs.drills.graph import Graph, Graphs
from report.picture import site
from report.picture.local import source_region

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = "aws:sns/topic:Topic"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
OWNERS = ("Owner", "owner")
"""Tags that say whose something is."""


@dataclass(frozen=True)
class Called:
    """Who hears of what happens in a stack."""

    stack: str
    owner: str
    """By the tag of its resources."""
    addresses: list[str]
    """Protocol and address."""
    alarms: int
    """That ring there."""
    silent: int
    """That ring nowhere: parts of others, and what is to be looked at only."""


@dataclass(frozen=True)
class Waiting:
    """Something that a person has to do before all of it works."""

    stack: str
    what: str
    who: str
    then: str
    kit: str = ""
    """The folder of `hybridge kit` that tells how, if it does."""


def called(graphs: Graphs) -> list[Called]:
    """Who is called, stack by stack."""
    return [_called(graph) for graph in graphs.stacks]


def _called(graph: Graph) -> Called:
    topics = {name for topic in graph.of(TOPIC) for name in topic.names()}
    addresses = [
        f"{one.get('protocol')}: {one.get('endpoint')}" for one in graph.of(SUBSCRIPTION) if one.get("topic") in topics
    ]
    alarms = graph.of(ALARM, "aws:cloudwatch/compositeAlarm:CompositeAlarm")
    ringing = sum(bool(topics & {*(one.get("alarmActions") or ())}) for one in alarms)
    owners = Counter(
        str(tags[key])
        for one in graph.of("aws:ec2/vpc:Vpc", "aws:ecs/cluster:Cluster", "aws:s3/bucket:Bucket", "aws:rds/instance:Instance")
        for tags in (one.get("tags") or {},)
        for key in OWNERS
        if key in tags
    )
    owner = ", ".join(sorted(owners))
    return Called(graph.stack, owner, sorted(addresses), ringing, len(alarms) - ringing)


def waiting(graphs: Graphs) -> list[Waiting]:
    """What waits, in the order of docs/operations.md."""
    return [one for graph in graphs.stacks for step in STEPS for one in step(graphs, graph)]


def _circuits(graphs: Graphs, graph: Graph) -> Iterator[Waiting]:
    attached = site.carried(graphs)
    for circuit in graph.of(site.CONNECTION):
        if circuit.id not in attached:
            told = f"circuit {circuit.called} at {circuit.get('location')} is built"
            yield Waiting(
                graph.stack,
                told,
                f"the carrier {circuit.get('providerName') or ''}".strip(),
                "`state: available`, with VLAN and BGP",
                "routers",
            )
        else:
            told = f"the router answers BGP on circuit {circuit.called}"
            yield Waiting(graph.stack, told, "the network team", "nothing", "routers")


def _tunnels(_: Graphs, graph: Graph) -> Iterator[Waiting]:
    for router in graph.of(site.ROUTER):
        told = f"router {site.router_name(router)} ({router.get('ipAddress')}) brings up its two tunnels"
        yield Waiting(graph.stack, told, "the network team", "nothing: BGP comes up by itself", "routers")


def _firewall(_: Graphs, graph: Graph) -> Iterator[Waiting]:
    if graph.of(site.ROUTER, site.CONNECTION):
        told = "the firewall lets through what on-premises and AWS want of each other"
        yield Waiting(graph.stack, told, "the firewall team", "nothing", "firewall")


def _names(_: Graphs, graph: Graph) -> Iterator[Waiting]:
    zones = [str(one.get("name")) for one in graph.of("aws:route53/zone:Zone")]
    for endpoint in graph.of("aws:route53/resolverEndpoint:ResolverEndpoint"):
        if endpoint.get("direction") == "INBOUND":
            names = f"{', '.join(zones)} and the names of AWS" if zones else "the names of AWS"
            told = f"DNS servers on-premises forward {names} to `resolverInboundAddresses`"
            yield Waiting(graph.stack, told, "the DNS team", "nothing", "names")


def _servers(_: Graphs, graph: Graph) -> Iterator[Waiting]:
    for activation in graph.of("aws:ssm/activation:Activation"):
        count, until = (
            int(activation.get("registrationLimit") or 1),
            str(activation.get("expirationDate") or "24 hours from then"),
        )
        told = f"up to {count} servers join by `onPremisesJoinCommand`, before {until}"
        yield Waiting(graph.stack, told, "whoever runs the servers", "nothing", "servers")


def _file_gateways(_: Graphs, graph: Graph) -> Iterator[Waiting]:
    shares = graph.of(*site.SHARES)
    gateways = graph.of("aws:storagegateway/gateway:Gateway")
    endpoint = any(
        str(one.get("serviceName")).endswith(".storagegateway") for one in graph.of("aws:ec2/vpcEndpoint:VpcEndpoint")
    )
    if endpoint and not gateways:
        told = "a File Gateway VM is started and asked for its key (`fileGatewayActivationRequest`)"
        yield Waiting(graph.stack, told, "the virtualisation team", "`storage.fileGateway.activationKey`", "files")
    if shares:
        yield Waiting(
            graph.stack, "clients mount the shares of the File Gateway", "whoever runs the clients", "nothing", "files"
        )


def _migration(graphs: Graphs, graph: Graph) -> Iterator[Waiting]:
    own = [
        one
        for one in graph.of("aws:dms/endpoint:Endpoint")
        if one.get("endpointType") == "source" and not source_region(graphs, one)
    ]
    for source in own:
        told = f"the source {source.get('databaseName')} gets a replication role and `wal_level = logical`"
        yield Waiting(graph.stack, told, "the database team", "`migration.stage`: `replicate`, after the cutover `done`")


def _certificates(_: Graphs, graph: Graph) -> Iterator[Waiting]:
    for listener in graph.of("aws:lb/listener:Listener"):
        if listener.get("certificateArn"):
            told = f"the certificate {str(listener.get('certificateArn')).rpartition('/')[2]} is issued, and renewed in time"
            yield Waiting(graph.stack, told, "whoever owns the domain", "nothing")


def _addressees(_: Graphs, graph: Graph) -> Iterator[Waiting]:
    mails = [str(one.get("endpoint")) for one in graph.of(SUBSCRIPTION) if one.get("protocol") == "email"]
    if mails:
        yield Waiting(graph.stack, f"the mail of AWS is confirmed: {', '.join(sorted(mails))}", "each addressee", "nothing")


STEPS = (_circuits, _tunnels, _firewall, _names, _servers, _file_gateways, _migration, _certificates, _addressees)
