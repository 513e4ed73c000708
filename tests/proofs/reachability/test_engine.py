"""The rules of AWS's networks, one by one, over a VPC as small as it can be."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from proofs.reachability.engine import Answer, flow, reach, why_not
from proofs.reachability.model import (
    ANYWHERE,
    AclEntry,
    Attachment,
    Link,
    NatGateway,
    Place,
    Route,
    Rule,
    Subnet,
    TransitRoute,
    TransitTable,
    World,
)
from proofs.reachability.traffic import EVERYTHING, NOTHING, TRANSLATED, Traffic, TrafficSet, tcp

HTTPS = Traffic("tcp", 443)
VPC, OFFICE, BRANCH = IPv4Network("10.0.0.0/16"), IPv4Network("10.9.0.0/16"), IPv4Network("10.9.7.0/24")
S3 = IPv4Network("52.216.0.0/15")
LOCAL = Route(VPC, "local", "local")
OUT = Route(ANYWHERE, "nat", "nat")

internet = Place("internet", IPv4Address("8.8.8.8"), outside="internet")
bucket = Place("Amazon S3", IPv4Address("52.216.0.1"), outside="internet")
office = Place("office", IPv4Address("10.9.0.1"), outside="onPremises")
branch = Place("branch", IPv4Address("10.9.7.1"), outside="onPremises")
host = Place("host", IPv4Address("10.0.1.4"), "private", frozenset({"hosts"}))
twin = Place("twin", IPv4Address("10.0.1.5"), "private", frozenset({"hosts"}))
database = Place("database", IPv4Address("10.0.2.4"), "isolated", frozenset({"databases"}))
bastion = Place("bastion", IPv4Address("10.0.0.9"), "public", frozenset({"hosts"}), public=True)


def rule(traffic: TrafficSet, *, egress: bool = False, group: str | None = None, to: IPv4Network = ANYWHERE) -> Rule:
    return Rule(f"sgr-{traffic}", egress, traffic, () if group else (to,), group)


def circuit(name: str, learned: IPv4Network = OFFICE) -> Link:
    return Link(f"dxvif-{name}", f"circuit {name}", "directConnect", "vgw", (VPC,), (learned,), via="dxgw")


def vpn(name: str, learned: IPv4Network = OFFICE, *, static: bool = False) -> Link:
    return Link(f"vpn-{name}", f"VPN {name}", "vpn", "vgw", (VPC,), (learned,), static=static)


def world(**changes: object) -> World:
    """A public, a private and an isolated subnet, a NAT gateway, a circuit and a VPN; hosts reach everything."""
    both = (AclEntry(100, True, EVERYTHING, ANYWHERE, True), AclEntry(100, False, EVERYTHING, ANYWHERE, True))
    names = ("public", "private", "isolated")
    made = World(
        vpcs={"vpc": (VPC,)},
        subnets={
            name: Subnet(name, IPv4Network(f"10.0.{number}.0/24"), "a", "vpc", f"rtb-{name}", f"acl-{name}")
            for number, name in enumerate(names)
        },
        tables={
            "rtb-public": (LOCAL, Route(ANYWHERE, "internet", "igw")),
            "rtb-private": (LOCAL, OUT, Route(S3, "endpoint", "vpce", prefix_list="pl")),
            "rtb-isolated": (LOCAL,),
        },
        propagating={"rtb-private": frozenset({"vgw"}), "rtb-isolated": frozenset({"vgw"})},
        acls={f"acl-{name}": both for name in names},
        groups={
            "hosts": (rule(EVERYTHING, egress=True), rule(tcp(443))),
            "databases": (rule(tcp(5432), group="hosts"), rule(tcp(5432), to=OFFICE)),
        },
        internet_gateways={"igw": "vpc"},
        vpn_gateways={"vgw": "vpc"},
        nat_gateways={"nat": NatGateway("nat", "public", IPv4Address("10.0.0.4"), True)},
        links=(circuit("one"), vpn("office")),
        on_premises=(OFFICE,),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def ask(made: World, source: Place, target: Place, port: int = 443) -> Answer:
    return reach(made, source, target, Traffic("tcp", port))


def test_the_internet_reaches_who_has_a_public_address_and_an_open_port() -> None:
    assert ask(world(), internet, bastion).reachable
    assert ask(world(), internet, bastion).way == "internet gateway"
    assert not ask(world(), internet, bastion, 22).reachable
    assert ask(world(), internet, host).because == ("host has no public address",)


def test_the_internet_reaches_nobody_whose_replies_go_another_way() -> None:
    made = world(tables={**world().tables, "rtb-public": (LOCAL,)})
    assert (
        "the reply from bastion is lost: rtb-public of public has no route to internet"
        in ask(made, internet, bastion).because[-1]
    )
    made = world(tables={**world().tables, "rtb-public": (LOCAL, OUT)})
    made.nat_gateways["nat"] = NatGateway("nat", "private", IPv4Address("10.0.1.9"), True)
    made.tables["rtb-private"] = (LOCAL, Route(ANYWHERE, "internet", "igw"))
    assert "leaves under the address of nat" in ask(made, internet, bastion).because[-1]


def test_private_hosts_leave_by_nat_and_reach_s3_by_its_endpoint() -> None:
    assert ask(world(), host, internet).way == "NAT gateway nat then internet gateway"
    assert ask(world(), host, bucket).way == "endpoint vpce"
    assert ask(world(), host, bucket).because[1] == "rtb-private: 52.216.0.0/15 by prefix list pl -> vpce"


@pytest.mark.parametrize("state", ["gone", "private"])
def test_a_nat_gateway_that_does_not_work(state: str) -> None:
    private = {"nat": NatGateway("nat", "public", IPv4Address("10.0.0.4"), False)}
    made = world(nat_gateways={} if state == "gone" else private)
    assert not ask(made, host, internet).reachable


def test_a_nat_gateway_carries_tcp_udp_and_icmp_alone() -> None:
    assert flow(world(), host, internet).traffic == EVERYTHING - TrafficSet.of("other")
    assert all(reach(world(), host, internet, Traffic(protocol)).reachable for protocol, _ in TRANSLATED.intervals)
    answer = reach(world(), host, internet, Traffic("other"))
    assert not answer.reachable and answer.because[-1] == "nat carries TCP, UDP and ICMP alone, not other"
    others = TrafficSet.of("other")
    assert why_not(world(), host, internet, others) == "nat carries TCP, UDP and ICMP alone, not other"
    assert flow(world(), host, office).traffic == EVERYTHING, "what is not translated is not restricted"


def test_isolated_subnets_have_no_way_out() -> None:
    made = world()
    made.groups["databases"] = (rule(EVERYTHING, egress=True),)
    assert ask(made, database, internet).because[-1] == "rtb-isolated of isolated has no route to internet (8.8.8.8)"


def test_a_group_admits_those_who_carry_another() -> None:
    assert ask(world(), host, database, 5432).reachable
    stranger = replace(host, groups=frozenset({"others"}))
    made = world()
    made.groups["others"] = (rule(EVERYTHING, egress=True),)
    answer = ask(made, stranger, database, 5432)
    assert answer.because[-1] == "databases of database has no rule for tcp 5432 in from host (10.0.1.4)"
    assert why_not(made, stranger, database, EVERYTHING) == "databases of database admits nothing from host"


def test_nobody_carries_a_group_behind_nat() -> None:
    made = world()
    made.tables["rtb-private"] = (LOCAL, Route(IPv4Network("10.0.2.0/24"), "nat", "nat"))
    assert not ask(made, host, database, 5432).reachable


def test_groups_remember_connections_and_network_acls_do_not() -> None:
    made = world()
    made.groups["hosts"] = (rule(tcp(443)),)
    assert ask(made, office, host).reachable  # The group lets nothing out but replies.
    deny = AclEntry(50, True, tcp((32_768, 60_999)), ANYWHERE, False)
    made.acls["acl-private"] = (deny, *made.acls["acl-private"])
    answer = ask(world(acls=made.acls, groups=made.groups), office, host)
    assert (
        answer.because[-1] == "network ACL acl-private of private denies the reply, tcp 1024-65535 out to 10.9.0.1 by entry 50"
    )


def test_network_acls_are_not_asked_within_a_subnet() -> None:
    assert ask(world(acls={"acl-private": ()}), host, twin).reachable


def test_the_lowest_entry_decides() -> None:
    entries = (
        AclEntry(10, False, tcp(443), OFFICE, True),
        AclEntry(20, False, EVERYTHING, ANYWHERE, False),
        AclEntry(30, False, EVERYTHING, ANYWHERE, True),
        AclEntry(10, True, EVERYTHING, ANYWHERE, True),
    )
    made = world(acls={**world().acls, "acl-private": entries})
    assert flow(made, office, host).traffic == tcp(443)
    assert flow(made, database, host).traffic == NOTHING
    assert "lets tcp 443 in from 10.9.0.1 by entry 10" in " ".join(ask(made, office, host).because)


def test_replies_through_nat_come_from_the_internet_to_the_host_and_from_there_only() -> None:
    """The host's own subnet sees the address of the internet, not that of the NAT gateway."""
    back = AclEntry(10, False, tcp((1024, 65_535)), IPv4Network("8.8.8.0/24"), True)
    out = AclEntry(10, True, EVERYTHING, ANYWHERE, True)
    assert ask(world(acls={**world().acls, "acl-private": (back, out)}), host, internet).reachable
    inside = AclEntry(10, False, tcp((1024, 65_535)), VPC, True)
    assert not ask(world(acls={**world().acls, "acl-private": (inside, out)}), host, internet).reachable


def test_a_blackhole_is_not_passed_over() -> None:
    made = world()
    made.tables["rtb-private"] = (LOCAL, OUT, Route(IPv4Network("8.8.8.0/24"), "blackhole", "eni-gone"))
    assert not ask(made, host, internet).reachable


def test_the_longest_prefix_wins_and_static_routes_win_over_learned_ones() -> None:
    made = world(links=(circuit("one"), vpn("office", BRANCH)))
    assert ask(made, host, office).way == "Direct Connect"
    assert ask(made, host, branch).way == "VPN"
    made = world()
    made.tables["rtb-private"] = (LOCAL, Route(OFFICE, "nat", "nat"))
    assert not ask(made, host, office).reachable


def test_what_is_learned_cannot_take_the_place_of_what_is_local() -> None:
    made = world(links=(circuit("one", IPv4Network("10.0.2.0/24")),))
    assert ask(made, host, database, 5432).way == "VPC"


def test_circuits_come_before_static_vpns_before_vpns_with_bgp() -> None:
    links = (vpn("bgp"), vpn("static", static=True), circuit("one"), circuit("two"))
    assert ask(world(links=links), host, office).because[2] == "vgw: 10.9.0.1 over circuit one or circuit two"
    down = world(links=links).without("directConnect")
    assert ask(down, host, office).because[2] == "vgw: 10.9.0.1 over VPN static"
    assert not ask(world(links=()), host, office).reachable


def test_on_premises_reaches_what_is_advertised_and_answers_where_it_is_known() -> None:
    assert ask(world(), office, database, 5432).way == "Direct Connect"
    silent = replace(circuit("one"), advertised=())
    assert "no circuit and no VPN advertises 10.0.2.4" in ask(world(links=(silent,)), office, database, 5432).because[-1]
    made = world(propagating={})
    assert "the reply from database is lost: rtb-isolated" in ask(made, office, database, 5432).because[-1]


def test_vpn_clients_reach_what_they_are_authorized_for() -> None:
    client = replace(host, name="client", reaches=(OFFICE,))
    assert ask(world(), client, office).reachable
    assert ask(world(), client, database, 5432).because == ("client has no authorization rule and route for 10.0.2.4",)


def transit(*routes: TransitRoute, propagating: frozenset[str] = frozenset({"at-vpc", "at-vpn", "at-dx"})) -> World:
    made = world(
        links=(replace(circuit("one"), gateway="tgw"), replace(vpn("office"), gateway="tgw")),
        attachments=(
            Attachment("at-vpc", "tgw", "vpc", "vpc", "table", ("private",)),
            Attachment("at-vpn", "tgw", "vpn", "vpn-office", "table"),
            Attachment("at-dx", "tgw", "directConnect", "dxgw", "table"),
        ),
        transit_tables={"table": TransitTable("tgw", routes, propagating)},
        vpn_gateways={},
    )
    for name in ("private", "isolated"):
        made.tables[f"rtb-{name}"] = (LOCAL, Route(OFFICE, "transitGateway", "tgw"))
    return made


def test_a_transit_gateway_prefers_static_routes_then_circuits_then_vpns() -> None:
    assert ask(transit(), host, office).way == "transit gateway tgw then Direct Connect"
    assert ask(transit().without("directConnect"), host, office).way == "transit gateway tgw then VPN"
    static = transit(TransitRoute(OFFICE, "at-vpn"))
    assert ask(static, host, office).way == "transit gateway tgw then VPN"
    assert "table of tgw: 10.9.0.0/16, static -> VPN office" in ask(static, host, office).because
    assert not ask(static.without("vpn"), host, office).reachable


def test_a_transit_gateway_needs_a_way_back_and_a_card_in_the_zone() -> None:
    assert ask(transit(), office, database, 5432).reachable
    deaf = transit(propagating=frozenset({"at-vpn", "at-dx"}))
    assert "has no route to database" in ask(deaf, office, database, 5432).because[-1]
    elsewhere = transit()
    elsewhere.subnets["isolated"] = replace(elsewhere.subnets["isolated"], zone="b")
    assert "tgw has no network card in b" in ask(elsewhere, office, database, 5432).because[-1]


def test_peered_transit_gateways_carry_packets_between_regions() -> None:
    made = transit(TransitRoute(IPv4Network("10.8.0.0/16"), "at-peer"))
    there = Subnet("far", IPv4Network("10.8.0.0/24"), "x", "far-vpc", "rtb-far", "acl-public")
    made.vpcs["far-vpc"] = (IPv4Network("10.8.0.0/16"),)
    made.subnets["far"] = there
    made.tables["rtb-far"] = (Route(made.vpcs["far-vpc"][0], "local", "local"), Route(VPC, "transitGateway", "far-tgw"))
    made.tables["rtb-private"] += (Route(made.vpcs["far-vpc"][0], "transitGateway", "tgw"),)
    made.attachments += (
        Attachment("at-peer", "tgw", "peering", "far-tgw", "table"),
        Attachment("at-peer", "far-tgw", "peering", "tgw", "far-table"),
        Attachment("at-far", "far-tgw", "vpc", "far-vpc", "far-table", ("far",)),
    )
    made.transit_tables["far-table"] = TransitTable("far-tgw", (TransitRoute(VPC, "at-peer"),), frozenset({"at-far"}))
    server = Place("server", IPv4Address("10.8.0.4"), "far", frozenset({"far-hosts"}))
    made.groups["far-hosts"] = (rule(tcp(5432), to=VPC),)
    assert ask(made, host, server, 5432).way == "transit gateway tgw then transit gateway far-tgw"
    made.groups["far-hosts"] = (rule(tcp(5432), group="hosts"),)
    assert not ask(replace(made, known={}), host, server, 5432).reachable  # Groups are not known across transit gateways.
    made.transit_tables["far-table"] = TransitTable("far-tgw", (), frozenset({"at-far"}))
    assert "the reply from server is lost" in ask(replace(made, known={}), host, server, 5432).because[-1]


def test_vpc_peerings_lead_to_the_other_vpc_and_no_further() -> None:
    made = world(peerings={"pcx": ("vpc", "other")})
    made.vpcs["other"] = (IPv4Network("10.8.0.0/16"),)
    made.subnets["other"] = Subnet("other", IPv4Network("10.8.0.0/24"), "a", "other", "rtb-other", "acl-public")
    made.tables["rtb-other"] = (Route(made.vpcs["other"][0], "local", "local"), Route(VPC, "peering", "pcx"), OUT)
    made.tables["rtb-private"] += (Route(made.vpcs["other"][0], "peering", "pcx"),)
    server = Place("server", IPv4Address("10.8.0.4"), "other")
    assert ask(made, host, server).way == "peering pcx"
    assert not ask(made, server, bastion).reachable  # The public subnet knows no way back.


def test_a_loop_ends() -> None:
    made = world()
    made.nat_gateways["nat"] = NatGateway("nat", "private", IPv4Address("10.0.1.9"), True)
    assert not ask(made, host, internet).reachable
