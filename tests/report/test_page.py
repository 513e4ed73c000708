"""The page tells everything that was found, needs nothing from elsewhere, and gives no secret away."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from proofs.iam.findings import Finding
from proofs.policies import Violation
from proofs.reachability import Failure, ReachabilityReport, Row
from proofs.secrets import Leak
from rehearsal import wire
from rehearsal.checks import Dangling
from rehearsal.monitor import Deployment, Problem
from rehearsal.run import Rehearsal
from report import drills, inventory, matrix, reachability, summary
from report.collect import Evidence, StackEvidence
from report.page import code, page, tiles, wrong
from report.picture import derive
from tests.report.conftest import MADE


class Elements(HTMLParser):
    """The elements of a page, and its text by element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element with this tag."""
        return [attributes for name, attributes in self.found if name == tag]


def secrets(rehearsal: Rehearsal) -> set[str]:
    """The secrets of a stack: those of its file (placeholders, here), and those that were made."""
    nodes = rehearsal.deployment.nodes.values()
    given = {text for node in nodes for text in re.findall(r"Rehearsed[0-9a-f]{8}", str(wire.unwrap(node.inputs)))}
    passwords = {
        wire.unwrap(node.outputs)["result"] for node in rehearsal.created("random:index/randomPassword:RandomPassword")
    }
    codes = {wire.unwrap(node.outputs)["activationCode"] for node in rehearsal.created("aws:ssm/activation:Activation")}
    return {*given, *passwords, *codes}


def test_the_page_asks_nothing_from_elsewhere(html: str) -> None:
    elements = Elements(html)
    assert not [tag for tag, _ in elements.found if tag in ("script", "link", "iframe", "img", "object", "embed", "base")]
    leads = [
        (tag, value)
        for tag, attributes in elements.found
        for key, value in attributes.items()
        if key.endswith(("href", "src", "data", "srcset")) and not (value or "").startswith(("#", "data:image/png;base64,"))
    ]
    assert {tag for tag, _ in leads} == {"a"}, "only links to sources lead elsewhere, and only if somebody follows them"
    assert "url(" not in html and "@import" not in html


def test_every_id_is_there_once_and_every_link_within_the_page_leads_somewhere(html: str) -> None:
    known = re.findall(r'\bid="([^"]+)"', html)
    assert len(known) == len({*known})
    within = {str(one["href"])[1:] for one in Elements(html).of("a") if str(one["href"]).startswith("#")}
    assert within <= {*known}


def test_headers_of_tables_say_what_they_are_for(html: str) -> None:
    elements = Elements(html)
    assert {one.get("scope") for one in elements.of("th")} == {"col", "colgroup", "row"}
    assert len(elements.of("table")) > 20


def test_no_secret_is_in_the_page(evidence: Evidence, html: str) -> None:
    hidden = {text for rehearsal in evidence.rehearsals for text in secrets(rehearsal)}
    assert len(hidden) > 6 and all(len(text) > 12 for text in hidden)
    assert [text for text in hidden if text in html] == []
    assert "onPremisesJoinCommand" in html


def test_what_is_accepted_is_not_told_as_if_everything_held(evidence: Evidence, html: str) -> None:
    assert evidence.drills and [*wrong(evidence)] == []
    found = summary.toll(evidence.drills)
    down = {result.failure for result in evidence.drills.results if result.outcome == "down"}
    assert (found.accepted, found.lost) == (len(down), 0)
    assert found.drilled == len({result.failure for result in evidence.drills.results}) > 100
    assert summary.verdict(evidence, 0).grade == "warn"
    assert f"{found.survived} failures survived, {found.accepted} accepted; all else holds" in html
    assert "What does not hold" not in html
    assert {tile.title: tile.grade for tile in tiles(evidence)} == {
        "From the internet": "good",
        "Failures": "warn",
        "Reachability": "good",
        "Policies": "good",
        "IAM and secrets": "good",
        "Rehearsal": "good",
    }


def test_everything_holds_only_where_nothing_goes_down(evidence: Evidence) -> None:
    assert evidence.drills
    survived = [one for one in evidence.drills.results if one.outcome != "down"]
    lucky = replace(evidence.drills, results=survived)
    found = summary.verdict(Evidence(evidence.stacks, lucky), 0)
    count = len({result.failure for result in survived})
    assert (found.grade, found.text) == ("good", f"Everything holds; {count} failures survived")


def test_the_first_tile_is_what_the_internet_reaches(evidence: Evidence) -> None:
    first = next(tiles(evidence))
    assert (first.title, first.figure, first.text) == ("From the internet", "nothing", "can be reached")
    first = next(tiles(failing(evidence)))
    assert (first.grade, first.figure) == ("bad", "1")


def failing(evidence: Evidence) -> Evidence:
    """Everything fails, in words that are not to be taken for HTML."""
    one = evidence.stacks[0]
    assert one.proofs
    bad = "<script>alert(1)</script>"
    proofs = replace(
        one.proofs,
        reachability=ReachabilityReport(
            [Row("internet", bad, "tcp 22", True, "a hole", (bad,))],
            [Failure("internet-reaches-nothing", f"hole {bad}", (bad,))],
        ),
        violations=[Violation("tls-only", "urn:tls", f"violated {bad}", "mandatory")],
        findings=[Finding("star-resource", "urn:iam", "policy", "All", f"finding {bad}")],
        leaks=[Leak("urn:leak", "password")],
    )
    rehearsal = replace(one.rehearsal, dangling=[Dangling("urn:dangling", "vpcId", "vpc-gone")])
    return Evidence([StackEvidence(one.stack, rehearsal, proofs, one.documents)], evidence.drills)


def test_whatever_fails_is_told_first_and_escaped(evidence: Evidence) -> None:
    broken = failing(evidence)
    text = page(broken, derive(broken.rehearsals), MADE)
    assert not broken.good
    assert "5 things do not hold" in text
    assert "<script" not in text
    assert "prod: reachability: internet-reaches-nothing" in text
    for told in ("violated &lt;script", "finding &lt;script", "hole &lt;script", "urn:leak", "vpc-gone"):
        assert told in text.split('id="architecture"')[0]
    assert {tile.title for tile in tiles(broken) if not tile.good} == {
        "From the internet",
        "Rehearsal",
        "Reachability",
        "Policies",
        "IAM and secrets",
    }


def test_a_stack_that_does_not_rehearse_is_told_of_without_proofs(evidence: Evidence) -> None:
    one = evidence.stacks[0]
    deployment = replace(one.rehearsal.deployment, problems=[Problem("program", "it stopped")])
    failed = Evidence([StackEvidence(one.stack, replace(one.rehearsal, deployment=deployment), None, {})], None)
    text = page(failed, derive(failed.rehearsals), MADE)
    assert "1 thing does not hold" in text and "it stopped" in text
    assert "what failed to rehearse is not proved" in text
    assert 'id="inventory"' in text and 'id="drills"' not in text


def test_a_pack_that_does_not_run_is_told_of(evidence: Evidence) -> None:
    one = evidence.stacks[0]
    assert one.proofs
    proofs = replace(one.proofs, policies=[], violations=[], pack_error="the policy pack does not start")
    failed = Evidence([replace(one, proofs=proofs)], evidence.drills)
    assert "the policy pack does not start" in page(failed, derive(failed.rehearsals), MADE)
    assert [tile.text for tile in tiles(failed) if not tile.good] == ["the policy pack did not run"]


def test_the_grid_shows_ports_between_parties() -> None:
    rows = [
        Row("internet", "database db-1", "anything", False, "", ("closed",)),
        Row("on-premises 10.0.0.0/8", "database db-1", "tcp 5432", True, "VPN", ()),
        Row("on-premises 10.1.0.0/16", "database db-1", "tcp 22, 5432; udp 53", True, "VPN", ()),
        Row("on-premises", "workload api", "HTTPS 443 by the rule of priority 1", True, "VPN then load balancer lb", ()),
        Row("hosts in ap-northeast-2a", "database db-1", "everything", True, "VPC", ()),
        Row("hosts", "workload api", "anything", False, "", ("closed",)),
    ]
    grid = matrix.grid(rows)
    assert grid.columns == ["database", "workload api"]
    assert [(line.name, [cell.ports for cell in line.cells]) for line in grid.lines] == [
        ("internet", [(), ()]),
        ("on-premises", [("22", "53", "5432"), ("via LB",)]),
        ("hosts", [("all",), ()]),
    ]
    assert grid.notes == [] and grid.key == {}


def test_parties_that_fare_the_same_share_a_line() -> None:
    names = ["workload a", "workload b", "workload c"]
    rows = [Row(name, "internet", "tcp 443", True, "NAT", ()) for name in names]
    rows += [Row("workload c", "database x-1", "tcp 5432", True, "VPC", ())]
    assert [line.name for line in matrix.grid(rows).lines] == ["workload a, b", "workload c"]


def test_workloads_that_differ_by_their_own_ports_alone_share_a_column() -> None:
    names = [f"workload service-with-a-name-{number}" for number in range(6)]
    rows = [Row("on-premises", name, f"tcp {7000 + place}", True, "VPN", ()) for place, name in enumerate(names)]
    rows += [Row("on-premises", names[0], "tcp 7000; udp 53", True, "VPN", ())]
    rows += [Row("on-premises", name, "HTTPS 443 by a rule", True, "load balancer lb", ()) for name in names]
    rows += [Row("on-premises", "hosts h-1", "tcp 22, 7000, 7001, 7002, 7003, 7004, 7005", True, "VPN", ())]
    rows += [Row("directory d-1", "internet", "all tcp; all udp; icmp", True, "NAT", (), ("management.directory",), "by AWS")]
    grid = matrix.grid(rows)
    assert grid.columns == ["6 workloads", "hosts", "internet"]
    line = next(line for line in grid.lines if line.name == "on-premises")
    assert [cell.ports for cell in line.cells] == [("own ports", "via LB"), ("22", "those of 6 workloads"), ()]
    assert line.cells[1].whole == "22, 7000, 7001, 7002, 7003, 7004, 7005"
    assert grid.key == {"6 workloads": [name.removeprefix("workload ") for name in names]}
    line = next(line for line in grid.lines if line.name == "directory")
    assert (line.cells[2].ports, line.cells[2].note, grid.notes) == (("all",), 1, ["by AWS"])


def test_two_groups_of_a_kind_are_told_apart_and_many_ports_are_counted() -> None:
    names = [f"workload service-with-a-name-{number}" for number in range(6)]
    many = "tcp 1, 3, 5, 7, 9, 11"
    rows = [Row("on-premises", name, many if place < 3 else "tcp 80", True, "VPN", ()) for place, name in enumerate(names)]
    grid = matrix.grid(rows)
    assert grid.columns == ["3 workloads like service-with-a-name-0", "3 workloads like service-with-a-name-3"]
    assert grid.lines[0].cells[0].ports == ("1", "3", "5", "+3 more")
    assert grid.lines[0].cells[0].whole == "1, 3, 5, 7, 9, 11"


def test_a_matrix_wider_than_a_page_is_printed_in_parts() -> None:
    names = [f"database {letter}" for letter in "abcdefghijklmnopqrst"]
    rows = [Row("hosts", name, f"tcp {place}", True, "VPC", ()) for place, name in enumerate(names, start=1)]
    parts = matrix.grid(rows).parts()
    assert [len(part.columns) for part in parts] == [20]
    rows = [replace(row, traffic=f"tcp 1000{place}-2000{place}") for place, row in enumerate(rows)]
    parts = matrix.grid(rows).parts()
    assert [len(part.columns) for part in parts] == [7, 7, 6]
    assert [column for part in parts for column in part.columns] == matrix.grid(rows).columns
    assert [cell.ports[0] for part in parts for cell in part.lines[0].cells] == [f"1000{n}-2000{n}" for n in range(20)]


def test_no_way_of_the_matrix_is_lost(evidence: Evidence) -> None:
    assert evidence.stacks[0].proofs
    rows = evidence.stacks[0].proofs.reachability.matrix
    sources = reachability.sources(rows)
    assert sum(len(source.reaches) + len(source.blocked) for source in sources) == len(rows)
    grid = matrix.grid(rows)
    assert {line.name for line in grid.lines} >= {"internet", "on-premises", "load balancer", "hosts"}
    (internet,) = [line for line in grid.lines if line.name == "internet"]
    assert not any(cell.ports for cell in internet.cells)


def test_whatever_is_open_without_a_bound_says_why(evidence: Evidence) -> None:
    assert evidence.stacks[0].proofs
    grid = matrix.grid(evidence.stacks[0].proofs.reachability.matrix)
    wide = [(line.name, cell) for line in grid.lines for cell in line.cells if "all" in cell.ports]
    assert {name for name, _ in wide} >= {"directory", "hosts"}
    assert [name for name, cell in wide if not cell.note] == []


def test_the_drills_of_each_stack_are_told_by_themselves(evidence: Evidence) -> None:
    assert evidence.drills
    for stack in ("prod", "dr"):
        told = drills.of_stack(evidence.drills, stack)
        assert told.count == sum(result.function.stack == stack for result in evidence.drills.results)
        assert all(len(line.cells) == len(told.columns) for line in told.lines)
        assert all(loss.accepted for loss in told.losses)
        assert [one for one in told.takeovers if not one.source] == []


def test_the_inventory_has_every_resource_once(evidence: Evidence) -> None:
    for one in evidence.stacks:
        components = inventory.components(one.rehearsal)
        made = [node for node in one.rehearsal.nodes if node.fidelity != "component"]
        assert inventory.total(components).count == len(made) == sum(inventory.total(components).fidelity)
        assert [component.total.count for component in components] == [
            sum(type_.count for type_ in component.types) for component in components
        ]


def test_secret_outputs_are_masked(evidence: Evidence) -> None:
    values = {value.name: value for value in inventory.outputs(evidence.stacks[0].rehearsal)}
    assert values["onPremisesJoinCommand"].secret and not values["vpcId"].secret
    assert values["vpnTunnelAddresses"].lines[0].startswith("seoul-1: ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("set `replicas: 2` <b>", "set <code>replicas: 2</code> &lt;b&gt;"),
        ("`<i>`", "<code>&lt;i&gt;</code>"),
        ("a ` alone", "a ` alone"),
        ("none", "none"),
    ],
)
def test_backticks_become_code_and_nothing_becomes_html(text: str, shown: str) -> None:
    assert str(code(text)) == shown


def test_a_stack_that_cannot_be_deployed_shows_its_mistakes_line_by_line_and_no_picture(evidence: Evidence) -> None:
    deployment = Deployment("hybridge", "prod", "ap-northeast-2", problems=[Problem("program", "network.cidr\n  value  x")])
    rehearsal = Rehearsal(deployment, [])
    stack = replace(evidence.stacks[0].stack, edits=("network.cidr=x",))
    shown = page(Evidence([StackEvidence(stack, rehearsal, None, Counter())], None), derive([rehearsal]), MADE)
    assert '<td class="found">network.cidr\n  value  x</td>' in shown
    assert "architecture" not in shown.split("</style>")[1]
    assert "<code>hybridge report prod+network.cidr=x</code>" in shown
