"""Two stack files of one environment: what is written once, what must not differ, and what is told before anything is made."""

import io
import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from rich.console import Console

from cli.checked import checked
from components.primary import Primary
from components.settings import of_config, parse
from components.settings.parse import merged
from proofs.settings_of import settings_of
from rehearsal.stackfile import StackFileError, read
from rehearsal.usage import UsageError
from stackfiles import sharing
from tests.rehearsal.regions import HERE, both
from tests.rehearsal.support import ROOT
from tests.settings.test_recovery_rules import SECONDARY
from tests.test_wiring import EXPORTED, TRANSIT


def told(*names: str, also: tuple[str, ...] = (), root: Path = ROOT) -> str:
    """What is wrong with stacks, told before the first is deployed."""
    with pytest.raises(UsageError) as error:
        checked(Console(file=io.StringIO()), names, root, also)
    return str(error.value)


def noted(*names: str) -> str:
    console = Console(file=io.StringIO(), soft_wrap=True)
    checked(console, names, ROOT)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_what_both_regions_have_in_common_is_written_in_the_primarys_file_alone() -> None:
    dr, prod = read("dr", ROOT), read("prod", ROOT)
    assert not {"hybridge:workloads", "hybridge:onPremises"} & dr.given.keys()
    assert dr.values["hybridge:workloads"] == prod.values["hybridge:workloads"]
    assert dr.values["hybridge:onPremises"] == prod.values["hybridge:onPremises"]
    found, theirs = settings_of(dr), settings_of(prod)
    assert found.disaster_recovery.primary_cidr == theirs.network.cidr
    assert found.containers.repositories == theirs.containers.repositories
    assert (found.network.hub, found.network.private_zone) == (theirs.network.hub, theirs.network.private_zone)


def test_the_program_itself_takes_it_from_the_file_beside_its_own() -> None:
    """As at `pulumi up`, where the CLI hands over what is in the file of the secondary alone."""
    dr = read("dr", ROOT)
    assert dr.config["hybridge:workloads"] == "[]"
    assert of_config(dr.config, dr.region, project="hybridge", stack="dr", folder=ROOT) == settings_of(dr)


def test_an_edit_of_the_primary_reaches_the_secondary_that_is_named_after_it() -> None:
    prod = read("prod+workloads[0].image=nginx:1.29+onPremises.sshCidrs=", ROOT)
    dr = read("dr", ROOT, [prod])
    assert dr.values["hybridge:workloads"][0]["image"] == "nginx:1.29"
    assert "sshCidrs" not in dr.values["hybridge:onPremises"]
    with sharing.known({"prod": prod.given}):
        config = sharing.beside("prod", "hybridge", ROOT)
    assert config is prod.given


def test_a_key_of_its_own_wins_over_the_primarys() -> None:
    dr = read("dr+onPremises.sshCidrs=[10.10.1.0/24]+network.privateZone=other.example+database.storageGiB=2000", ROOT)
    site = dr.values["hybridge:onPremises"]
    assert (site["sshCidrs"], site["domain"]) == (["10.10.1.0/24"], "corp.example")
    assert dr.values["hybridge:network"]["privateZone"] == "other.example"
    assert dr.values["hybridge:database"]["storageGiB"] == 2000


def test_a_primary_of_another_project_shares_nothing() -> None:
    dr = read("dr+primaryStack=corp/other/prod", ROOT)
    assert dr.primary is None
    assert dr.values["hybridge:workloads"] == []
    assert read("dr+primaryStack=corp/hybridge/prod", ROOT).primary is not None


def test_a_secret_of_the_primary_is_told_where_the_secondary_would_need_it(tmp_path: Path) -> None:
    for name in ("Pulumi.yaml", "tests/samples/Pulumi.prod.yaml", "tests/samples/Pulumi.dr.yaml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        (tmp_path / Path(name).name).write_text(
            text.replace("PGSSLMODE: require", "PGSSLMODE: {secure: v1:abc}"), encoding="utf-8"
        )
    with pytest.raises(StackFileError) as error:
        read(str(tmp_path / "Pulumi.dr.yaml"), tmp_path)
    assert "hybridge:workloads[1].environment.PGSSLMODE of Pulumi.prod.yaml is a secret" in str(error.value)
    assert "Set workloads in this stack's file too" in str(error.value)


def test_a_mistake_in_what_is_shared_is_told_once_of_the_file_that_it_is_in() -> None:
    text = told("prod+workloads[0].cpu=many", "dr")
    assert text.count("hybridge:workloads[0].cpu  (storefront)") == 1
    assert "Pulumi.dr.yaml" not in text


def test_a_mistake_that_only_the_secondary_has_names_the_file_of_the_value() -> None:
    text = told("prod", "dr+network.cidr=10.10.0.0/16")
    assert "hybridge:onPremises.cidrs[0]  (taken from Pulumi.prod.yaml)" in text


def test_every_file_is_looked_at_before_the_first_is_deployed() -> None:
    text = told("prod+size=huge", "dr+mode=asleep")
    assert "hybridge:size" in text
    assert "hybridge:mode" in text


@pytest.mark.parametrize(
    ("edit", "key", "words"),
    [
        (
            "workloads=[{name: storefront, image: 'nginx:1.20'}]",
            "workloads[0].image",
            "the same as in prod, nginx:1.27.5-alpine",
        ),
        ("workloads=[{name: storefront, image: 'nginx:1.27.5-alpine'}]", "workloads", "a list with api, which prod has"),
        ("workloads=[{name: other, image: 'nginx:1'}]", "workloads[0].name", "a workload that prod has too"),
        ("onPremises.sshCidrs=[10.10.0.0/16]", "onPremises.sshCidrs", "the same as in prod, 10.10.250.0/24"),
        ("onPremises.dnsServers=[10.10.0.53]", "onPremises.dnsServers", "the same as in prod, 10.10.0.53, 10.11.0.53"),
        ("onPremises.cidrs=[10.10.0.0/15]", "onPremises.cidrs", "it is one data centre"),
    ],
)
def test_a_pair_that_would_not_run_the_same_after_a_failover_is_refused(edit: str, key: str, words: str) -> None:
    text = told("prod", f"dr+{edit}")
    assert f"hybridge:{key}\n" in text
    assert words in " ".join(text.split())
    assert "disasterRecovery.acceptDifferences" in text
    accepted = noted("prod", f"dr+{edit}+disasterRecovery.acceptDifferences='They follow on Monday.'")
    assert "which is accepted: They follow on Monday." in accepted


def test_a_workload_that_may_be_down_need_not_be_in_the_second_region() -> None:
    """What prod accepts to lose with a host may be lost with a region."""
    dr = json.dumps([one for one in read("prod", ROOT).values["hybridge:workloads"] if one["name"] != "documents"])
    assert noted("prod", f"dr+workloads={dr}") == ""


@pytest.mark.parametrize(
    ("prod", "dr", "key"),
    [
        ("network.hub=transitGateway", "network.amazonAsn=64512", "network.amazonAsn"),
        ("network.hub=transitGateway", "network.hub=vpnGateway", "network.hub"),
        ("database.name=shop", "database.name=other", "database.name"),
        ("disasterRecovery.secondaryCidr=10.99.0.0/16", "network.cidr=10.98.0.0/16", "network.cidr"),
    ],
)
def test_what_could_not_be_deployed_side_by_side_is_told_first(prod: str, dr: str, key: str) -> None:
    text = told(f"prod+{prod}", f"dr+{dr}")
    assert "Pulumi.dr.yaml does not fit Pulumi.prod.yaml; nothing was created." in text
    assert f"hybridge:{key}\n" in text


def test_a_secondary_without_its_primary_says_how_to_name_both() -> None:
    assert told("dr") == "dr is the secondary of prod, whose outputs it reads; name it too, first: prod dr"
    assert told("dr", "prod").endswith("name it first: prod dr")
    assert "name it too, first: prod dr" in told(also=("dr", "dr+mode=warm-standby"))


@pytest.mark.parametrize("asn", [64520, 64513])
def test_the_numbers_of_a_stack_reference_are_floats_and_an_asn_is_seen_all_the_same(asn: int) -> None:
    """Else the two are deployed until AWS refuses the association, most of the region made."""
    raw = merged(SECONDARY, {"network": {"hub": "transitGateway", "amazonAsn": asn}, "directConnect": {"gatewayAsn": 64599}})
    settings = parse(raw, HERE)
    outputs: dict[str, Any] = {**EXPORTED, **TRANSIT}
    seen: list[Any] = []

    def secondary() -> dict[str, Any]:
        pulumi.StackReference("kinds", stack_name="prod").get_output("transitGatewayAsn").apply(seen.append)
        return {"bucket": Primary(settings).region}

    with both(lambda: outputs, secondary) as (_, dr):
        (problem,) = dr.problems
    assert [type(one) for one in seen] == [float]
    assert "hybridge:network.amazonAsn" in problem.message
    assert "an ASN that neither the transit gateway nor the Direct Connect gateway of prod has" in " ".join(
        problem.message.split()
    )
