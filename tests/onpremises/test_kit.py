"""The kit as a whole: written, private where it must be, the same to the byte, compared; its files taken by what reads them."""

import shutil
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from components.settings import of_config
from onpremises.facts import Region, facts
from onpremises.firewall import Opening, openings, spelled
from onpremises.kit import PARTS, changes, made, secrets_of, write
from onpremises.names import forwarded
from proofs.reachability.expected import expected
from rehearsal.stackfile import read
from tests.onpremises.support import ACTIVATION, NAMES, ROOT, of_prod, outputs, region, secret

EVERY = list(PARTS)
LOCKED = "tests/rehearsal/stacks/management-locked.yaml"


def taken(name: str, *command: str) -> None:
    """What a program that reads a file says of it."""
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([name, *command], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(name="kit")
def _kit(tmp_path: Path) -> Path:
    write(made(of_prod(), EVERY), tmp_path, EVERY)
    return tmp_path


def test_secrets_are_in_files_that_nobody_else_may_read_and_nowhere_else(kit: Path) -> None:
    hidden = secrets_of(of_prod())
    assert ACTIVATION in hidden
    assert len(hidden) >= 6
    for path in kit.rglob("*"):
        if path.is_file():
            holds = any(one in path.read_text() for one in hidden)
            assert (stat.S_IMODE(path.stat().st_mode) == 0o600) == holds, path


def test_every_owner_has_a_page(kit: Path) -> None:
    for part in PARTS:
        page = (kit / part / "README.md").read_text()
        assert page.startswith("# ")
        assert len(page.splitlines()) < 50


def test_a_kit_is_the_same_to_the_byte_and_then_nothing_differs(kit: Path) -> None:
    again = made(of_prod(), EVERY)
    assert {one.path: one.text for one in again} == {one.path: (kit / one.path).read_text() for one in again}
    assert list(changes(again, kit, EVERY)) == []


def test_a_changed_address_is_shown_below_where_it_stands(kit: Path) -> None:
    path = kit / "routers" / "seoul-1" / "ios-xe" / "ios-xe.cfg"
    path.write_text(path.read_text().replace("ip mtu 1500", "ip mtu 9001"))
    ((changed, lines),) = changes(made(of_prod(), EVERY), kit, EVERY)
    assert changed == "routers/seoul-1/ios-xe/ios-xe.cfg"
    assert [line.strip() for line in lines] == ["interface GigabitEthernet0/0/1.101", "- ip mtu 9001", "+ ip mtu 1500"]


def test_junos_is_compared_by_its_hierarchy_too(kit: Path) -> None:
    path = kit / "routers" / "seoul-1" / "junos" / "junos.conf"
    path.write_text(path.read_text().replace("mtu 1500;", "mtu 9001;"))
    ((_, lines),) = changes(made(of_prod(), EVERY), kit, EVERY)
    assert lines == [
        f"{sign} set interfaces ge-0/0/1 unit 101 family inet mtu {mtu}" for sign, mtu in (("-", 9001), ("+", 1500))
    ]


def test_that_a_secret_has_changed_is_shown_without_it(kit: Path) -> None:
    hidden = secrets_of(of_prod())
    again = made(of_prod(), EVERY)
    for one in again:
        if one.secret:
            text = one.text
            for secret_ in hidden:
                text = text.replace(secret_, f"old-{secret_}")
            (kit / one.path).write_text(text)
    shown = dict(changes(again, kit, EVERY))
    assert set(shown) == {one.path for one in again if one.secret}
    for path, lines in shown.items():
        assert sum("(not shown)" in line for line in lines) >= 2, path
        assert not any(secret_ in line for line in lines for secret_ in hidden), path


def test_what_a_part_has_no_longer_goes_and_other_parts_stay(kit: Path) -> None:
    (kit / "names" / "old.conf").write_text("x")
    (kit / "routers" / "mine.txt").write_text("x")
    write(made(of_prod(), ["names"]), kit, ["names"])
    assert not (kit / "names" / "old.conf").exists()
    assert (kit / "routers" / "mine.txt").exists()


def test_only_what_aws_answers_is_forwarded_to_the_inbound_resolver() -> None:
    assert forwarded(of_prod()) == {name: ["10.64.0.10", "10.64.64.10"] for name in sorted(NAMES)}


def test_every_intent_of_the_proof_that_crosses_the_edge_is_open_and_no_other() -> None:
    settings = of_prod().primary.settings
    crossing = [
        one for one in expected(settings).intents if "onPremises" in (one.source, one.target) and one.source != one.target
    ]
    wanted = {(one.setting, *pair) for one in crossing for pair in spelled(one.traffic)}
    lines = [
        line
        for line in openings(of_prod())
        if "AWS" in line.direction and line.why not in {"BGP", "BFD", "IKE", "ESP"} and "both" not in line.why
    ]
    assert {(line.why, line.protocol, line.ports) for line in lines} == wanted


def lines_of(*stacks: str) -> list[Opening]:
    return openings(facts([region(stack) for stack in stacks], secret))


def test_the_ends_of_links_may_begin_from_either_side() -> None:
    ends = [line for line in openings(of_prod()) if line.direction == "both ways"]
    assert {(line.protocol, line.ports) for line in ends} == {
        ("udp", "500"),
        ("udp", "4500"),
        ("esp", ""),
        ("tcp", "179"),
        ("udp", "3784-3785"),
    }
    assert len(ends) == len(of_prod().routers) * (2 * 4 + 2)


def test_hosts_of_the_internet_are_those_that_no_endpoint_stands_for() -> None:
    def hosts(stack: str) -> set[str]:
        return {line.to_whom for line in lines_of(stack) if line.direction == "to the internet" and line.who == "servers"}

    assert {"amazon-ecs-agent.s3.amazonaws.com", "raw.githubusercontent.com", "registry-1.docker.io"} <= hosts("prod")
    assert not {host for host in hosts("prod") if "ap-northeast-2" in host}
    # dev has no endpoints for ECS.
    assert {"ecs-a-*.ap-northeast-2.amazonaws.com", "ecs.ap-northeast-2.amazonaws.com"} <= hosts("dev")
    registry = "prod+workloads[4].image=quay.io/x/y:1+workloads[1].image=123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/z:1"
    assert {"quay.io"} == hosts(registry) - hosts("prod")
    assert "registry-1.docker.io" not in hosts(registry)


def test_what_reaches_the_gateways_and_what_they_reach_is_told() -> None:
    told = {(line.who, line.to_whom, line.ports) for line in lines_of(LOCKED)}
    vm = "the Backup gateway's VM"
    assert {
        (vm, "vCenter and every ESXi host", "443"),
        (vm, "every ESXi host", "902"),
        ("whoever activates it", vm, "80"),
    } <= told
    of_files = [line for line in openings(of_prod()) if line.to_whom == "the File Gateway's VM" and line.who == "clients"]
    assert {line.from_networks for line in of_files} == {("10.10.20.0/24", "10.11.20.0/24")}
    assert ("tcp", "2049") in {(line.protocol, line.ports) for line in of_files}


def test_the_sheet_of_the_backup_gateway_says_whether_the_stack_takes_machines_and_by_which_tag(tmp_path: Path) -> None:
    for stack, says in (
        ("prod", "This stack takes none: add VirtualMachine"),
        (LOCKED, "The stack takes what carries its tag"),
    ):
        facts_ = facts([region(stack, backupMachinesRoleArn="arn:machines")], secret)
        write(made(facts_, ["backup"]), tmp_path, ["backup"])
        text = (tmp_path / "backup" / "README.md").read_text()
        assert says in text
        assert "--iam-role-arn arn:machines" in text
        assert f"AwsTagKey=Backup,AwsTagValue=hybridge-{facts_.primary.stack}'" in text


def test_bind_takes_its_forwarders(kit: Path) -> None:
    taken("named-checkconf", str(kit / "names" / "bind" / "named.conf.hybridge"))


def test_unbound_takes_its_forwarders(kit: Path) -> None:
    taken("unbound-checkconf", str(kit / "names" / "unbound" / "hybridge.conf"))


def test_dnsmasq_takes_its_forwarders(kit: Path) -> None:
    taken("dnsmasq", "--test", f"--conf-file={kit / 'names' / 'dnsmasq' / 'hybridge.conf'}")


def test_nftables_takes_the_firewall(kit: Path) -> None:
    taken("nft", "-c", "-f", str(kit / "firewall" / "hybridge.nft"))


def test_haproxy_takes_the_balancer(kit: Path) -> None:
    taken("haproxy", "-c", "-f", str(kit / "servers" / "haproxy.cfg"))


def test_haproxy_leads_to_the_servers_of_the_stack_file_by_their_addresses(tmp_path: Path) -> None:
    file = read("prod+containers.onPremisesServers.addresses=[10.10.5.11,10.10.5.12]", ROOT)
    settings = of_config(file.config, file.region, project=file.project, stack=file.stack)
    names = [router.name for router in settings.on_premises.routers]
    write(made(facts([Region("prod", settings, outputs(names))], secret), ["servers"]), tmp_path, ["servers"])
    text = (tmp_path / "servers" / "haproxy.cfg").read_text()
    assert "server api-1 10.10.5.11:3000 check" in text
    assert "server broker-2 10.10.5.12:1883 check" in text
    assert "resolvers" not in text
    taken("haproxy", "-c", "-f", str(tmp_path / "servers" / "haproxy.cfg"))


def test_keepalived_takes_its_configuration(kit: Path) -> None:
    if not shutil.which("keepalived"):
        pytest.skip("keepalived is not installed")
    path = kit / "servers" / "keepalived.conf"
    (interface, *_) = [*(one.name for one in Path("/sys/class/net").glob("e*")), "eth0"]
    path.write_text(path.read_text().replace("=eth0", f"={interface}"))
    command = ["keepalived", "--config-test", "-f", str(path)]
    # It ends its whole group of processes once it has looked.
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, start_new_session=True)
    assert (done.stdout + done.stderr).strip() == ""
    assert done.returncode in {0, -signal.SIGTERM}


@pytest.mark.parametrize(
    "script", ["servers/join.sh", "servers/doctor.sh", "servers/leave.sh", "routers/seoul-1/frr/interfaces.sh"]
)
def test_scripts_have_nothing_that_shellcheck_finds(kit: Path, script: str) -> None:
    taken("shellcheck", str(kit / script))


STACKS = [
    "dev",
    "prod",
    "dr",
    *(path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("tests/rehearsal/stacks/*.yaml"))),
]


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_has_a_kit_whose_balancer_haproxy_takes(stack: str, tmp_path: Path) -> None:
    write(made(facts([region(stack)], secret), EVERY), tmp_path, EVERY)
    assert (tmp_path / "servers" / "README.md").exists()
    if (tmp_path / "servers" / "haproxy.cfg").exists():
        taken("haproxy", "-c", "-f", str(tmp_path / "servers" / "haproxy.cfg"))


def test_each_port_of_a_workload_is_balanced_by_itself_and_asked_for_its_own_health() -> None:
    stack = "prod+workloads[1].ports=[{containerPort: 3000, hostPort: 3000}, {containerPort: 3001, hostPort: 3001}]"
    text = PARTS["servers"](facts([region(stack + "+workloads[1].healthCheck={path: /live}")], secret))["haproxy.cfg"]
    assert text.count("option httpchk GET /live") == 1
    assert text.index("listen api-3000\n") < text.index("option httpchk") < text.index("listen api-3001\n")
    # Not by TCP, not by this balancer.
    udp = "prod+workloads[4].ports=[{containerPort: 1883, hostPort: 1883, protocol: udp}]"
    assert "1883" not in PARTS["servers"](facts([region(udp)], secret))["haproxy.cfg"]
