"""The generated tunnels of a router in strongSwan itself: IKE is negotiated with ends that take what the stack's VPN takes, and
nothing else. ESP is in userland, for not every kernel that runs tests has it."""

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from onpremises.facts import Facts
from onpremises.kit import made, write
from tests.lab.networks import Lab, lab, lacking, waited
from tests.onpremises.support import ROOT, of_prod

CHARON = "charon-systemd"
PLUGINS = Path("/usr/lib/ipsec/plugins")
MISSING = [name for name in ("openssl", "kernel-libipsec") if not (PLUGINS / f"libstrongswan-{name}.so").exists()]
WHY = lacking(CHARON, "swanctl") or (f"strongSwan lacks {', '.join(MISSING)}" if MISSING else "")
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "it can")
ROUTER = of_prod().routers[0]
OUTSIDE = ROUTER.public_ip
CIPHERS = {"AES128-GCM-16": "aes128gcm16", "AES256-GCM-16": "aes256gcm16"}
GROUPS = {14: "modp2048", 19: "ecp256", 20: "ecp384", 21: "ecp521"}
DAEMON = """charon-systemd {{
    load = random nonce openssl pem pkcs1 gcm kdf hmac sha2 kernel-libipsec kernel-netlink socket-default vici
    plugins {{
        # Userland ESP leads everything that a tunnel takes into it, here all there is: but for its own packets.
        kernel-netlink {{
            fwmark = !0x42
        }}
        socket-default {{
            fwmark = 0x42
        }}
        vici {{
            socket = unix://{folder}/vici
        }}
    }}
    filelog {{
        log {{
            path = {folder}/log
            default = 1
            flush_line = yes
        }}
    }}
}}
"""
END = """connections {{
    vpn {{
        version = 2
        local_addrs = {address}
        remote_addrs = {router}
        proposals = {ike}
        children {{
            vpn {{
                local_ts = 0.0.0.0/0
                remote_ts = 0.0.0.0/0
                esp_proposals = {esp}
            }}
        }}
        local {{
            auth = psk
            id = {address}
        }}
        remote {{
            auth = psk
            id = {router}
        }}
    }}
}}
secrets {{
    ike {{
        id-1 = {address}
        id-2 = {router}
        secret = "{key}"
    }}
}}
"""


def options(number: int) -> dict[str, Any]:
    """What a tunnel of prod takes, as it is deployed."""
    deployed = yaml.safe_load((ROOT / "tests" / "snapshots" / "prod.yaml").read_text())
    (vpn,) = (one for key, one in deployed.items() if key.endswith(f"VpnConnection network-vpn-{ROUTER.name}"))
    return {key.removeprefix(f"tunnel{number}"): value for key, value in vpn.items() if key.startswith(f"tunnel{number}")}


def taken(told: dict[str, Any]) -> dict[str, str]:
    """The same in strongSwan's words."""
    ciphers, esp = ([CIPHERS[name] for name in told[f"Phase{phase}EncryptionAlgorithms"]] for phase in (1, 2))
    prfs = [f"prfsha{name.removeprefix('SHA2-')}" for name in told["Phase1IntegrityAlgorithms"]]
    groups, esp_groups = ([GROUPS[number] for number in told[f"Phase{phase}DhGroupNumbers"]] for phase in (1, 2))
    return {"ike": "-".join([*ciphers, *prfs, *groups]), "esp": "-".join([*esp, *esp_groups])}


@dataclass
class Charon:
    """strongSwan in a namespace."""

    lab: Lab
    host: str

    @property
    def folder(self) -> Path:
        return self.lab.folder / self.host

    def start(self, configuration: Path) -> None:
        self.folder.mkdir()
        (self.folder / "strongswan.conf").write_text(DAEMON.format(folder=self.folder))
        environment = {"STRONGSWAN_CONF": str(self.folder / "strongswan.conf")}
        self.lab.start(self.host, CHARON, out=self.folder / "out", environment=environment)
        waited((self.folder / "vici").exists, 20, "strongSwan does not start")
        self.control("--load-all", "--noprompt", "--file", str(configuration))

    def control(self, *command: str) -> str:
        return self.lab.run(self.host, "swanctl", *command, "--uri", f"unix://{self.folder}/vici")

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    @property
    def established(self) -> int:
        return self.control("--list-sas").count("INSTALLED")


@pytest.fixture(name="wires")
def _wires() -> Iterator[Lab]:
    with lab() as made_lab:
        made_lab.host("router")
        ends = [f"end{number}" for number in (1, 2)]
        for end in ends:
            made_lab.host(end)
        outside = [(end, "wan", f"{tunnel.outside_peer}/32") for end, tunnel in zip(ends, ROUTER.tunnels, strict=True)]
        made_lab.switch("internet", [("router", "wan", f"{OUTSIDE}/32"), *outside])
        for tunnel in ROUTER.tunnels:
            made_lab.run("router", "ip", "route", "add", tunnel.outside_peer, "dev", "wan", "src", OUTSIDE)
        for end, tunnel in zip(ends, ROUTER.tunnels, strict=True):
            made_lab.run(end, "ip", "route", "add", OUTSIDE, "dev", "wan", "src", tunnel.outside_peer)
        yield made_lab


def end(wires: Lab, number: int, **changed: str) -> Charon:
    """AWS's end of a tunnel."""
    tunnel = ROUTER.tunnels[number - 1]
    told = {**taken(options(number)), "key": tunnel.key, **changed}
    path = wires.folder / f"end{number}.conf"
    path.write_text(END.format(address=tunnel.outside_peer, router=OUTSIDE, **told))
    charon = Charon(wires, f"end{number}")
    charon.start(path)
    return charon


def router(wires: Lab, facts: Facts) -> Charon:
    """The router, with the file of the kit as it was written."""
    write(made(facts, ["routers"]), wires.folder / "kit", ["routers"])
    path = wires.folder / "kit" / "routers" / ROUTER.name / "frr" / "swanctl.conf"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    charon = Charon(wires, "router")
    charon.start(path)
    return charon


def test_both_tunnels_are_negotiated_with_what_the_stack_takes(wires: Lab) -> None:
    for number in (1, 2):
        end(wires, number)
    charon = router(wires, of_prod())
    waited(lambda: charon.established == 2, 20, lambda: charon.log[-3000:])
    told = charon.control("--list-sas")
    assert told.count("AES_GCM_16-256/PRF_HMAC_SHA2_384/ECP_256") == 2
    assert told.count("AES_GCM_16-256") == 4


def test_packets_pass_encrypted_by_the_addresses_inside(wires: Lab) -> None:
    far = end(wires, 1)
    # Userland ESP has one interface a daemon, so that one tunnel at a time carries packets here.
    one = replace(ROUTER, tunnels=ROUTER.tunnels[:1])
    charon = router(wires, replace(of_prod(), routers=(one,)))
    waited(lambda: charon.established == 1, 20, lambda: charon.log[-3000:])
    tunnel = ROUTER.tunnels[0]
    for host, address in (("router", tunnel.inside_local), (far.host, tunnel.inside_peer)):
        wires.run(host, "ip", "addr", "add", f"{address}/30", "dev", "ipsec0")
        wires.run(host, "ip", "link", "set", "ipsec0", "up")
    plain = "add table inet plain; add chain inet plain in { type filter hook input priority 0; }; "
    wires.run(far.host, "nft", plain + 'add rule inet plain in iifname "wan" meta l4proto icmp drop')
    wires.run("router", "ping", "-c", "3", "-W", "2", "-i", "0.2", tunnel.inside_peer)
    carried = re.findall(r"(in|out) +\w+ \(?.*?(\d+) packets", charon.control("--list-sas"))
    assert {(way, int(count)) for way, count in carried} == {("in", 3), ("out", 3)}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"ike": "aes256-sha256-modp2048"}, "NO_PROPOSAL_CHOSEN"),
        ({"ike": "aes256gcm16-prfsha256-ecp256"}, "NO_PROPOSAL_CHOSEN"),
        ({"esp": "aes128-sha1"}, "NO_PROPOSAL_CHOSEN"),
        ({"key": "another-key"}, "AUTHENTICATION_FAILED"),
    ],
)
def test_an_end_that_takes_something_else_or_has_another_key_gets_no_tunnel(
    wires: Lab, changed: dict[str, str], says: str
) -> None:
    end(wires, 1, **changed)
    charon = router(wires, of_prod())
    waited(lambda: says in charon.log, 20, lambda: charon.log[-3000:])
    assert charon.established == 0
