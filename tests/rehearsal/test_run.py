"""A program is deployed as it is; what goes wrong is told by resource, and everything else goes on."""

import io
import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx
from rich.console import Console

from rehearsal.consequences import folded
from rehearsal.documents import graph, summary
from rehearsal.emulator import Emulator
from rehearsal.run import Rehearsal, rehearse
from rehearsal.screen import show_wrong
from rehearsal.stackfile import StackFile
from tests.rehearsal.support import REGION, rehearsed


def stack_file(name: str = "test", region: str = REGION) -> StackFile:
    return StackFile("hybridge", name, {"aws:region": region}, (), {"aws:region": region})


def network() -> awsx.ec2.Vpc:
    return awsx.ec2.Vpc(
        "net",
        cidr_block="10.0.0.0/16",
        availability_zone_names=[f"{REGION}a", f"{REGION}b"],
        subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
        subnet_specs=[
            awsx.ec2.SubnetSpecArgs(type=awsx.ec2.SubnetType.PUBLIC, cidr_blocks=["10.0.0.0/24", "10.0.1.0/24"]),
            awsx.ec2.SubnetSpecArgs(type=awsx.ec2.SubnetType.PRIVATE, cidr_blocks=["10.0.2.0/24", "10.0.3.0/24"]),
        ],
        region=REGION,
    )


def test_resources_exist_in_the_account_with_what_was_asked() -> None:
    with rehearsed(lambda: aws.ec2.Vpc("v", cidr_block="10.1.0.0/16", enable_dns_hostnames=True, tags={"a": "b"})) as result:
        assert result.good, result.report
        vpc = result.one("aws:ec2/vpc:Vpc")
        assert (vpc.fidelity, vpc.gaps) == ("emulated", [])
        found = result.aws.call("ec2", "DescribeVpcs", {"VpcIds": [vpc.id]}, region=REGION)["Vpcs"][0]
        assert (found["CidrBlock"], found["Tags"]) == ("10.1.0.0/16", [{"Key": "a", "Value": "b"}])


def test_what_uses_an_output_of_a_failed_resource_is_no_problem_of_its_own() -> None:
    def program() -> None:
        lost = aws.rds.Instance("lost", identifier="lost", instance_class="db.m6g.large", skip_final_snapshot=True)
        zone = aws.route53.Zone("zone", name="aws.corp.example")
        aws.route53.Record("lost", zone_id=zone.zone_id, name="lost", type="CNAME", ttl=60, records=[lost.address])

    with rehearsed(program) as result:
        (problem,) = result.problems
        assert problem.urn.endswith("aws:rds/instance:Instance::lost")


def test_a_resource_goes_to_the_region_that_it_names() -> None:
    with rehearsed(lambda: aws.ec2.Vpc("v", cidr_block="10.1.0.0/16", region="eu-west-1")) as result:
        vpc = result.one("aws:ec2/vpc:Vpc")
        assert vpc.region == "eu-west-1"
        assert result.aws.call("ec2", "DescribeVpcs", {"VpcIds": [vpc.id]}, region="eu-west-1")["Vpcs"]


def test_the_children_of_the_remote_vpc_component_are_made_and_seen_downstream() -> None:
    def program() -> None:
        made = network()
        pulumi.export("tables", made.route_tables.apply(lambda tables: pulumi.Output.all(*(table.tags for table in tables))))
        pulumi.export("private", made.private_subnet_ids)

    with rehearsed(program) as result:
        assert result.good, result.report
        assert [tags["SubnetType"] for tags in result.outputs["tables"]] == ["Public", "Private", "Public", "Private"]
        subnets = {node.id: node for node in result.created("aws:ec2/subnet:Subnet")}
        assert [subnets[one].name for one in result.outputs["private"]] == ["net-private-1", "net-private-2"]
        assert (
            result.one("aws:ec2/natGateway:NatGateway", "net-1").parent
            == result.one("aws:ec2/subnet:Subnet", "net-public-1").urn
        )


def test_a_refused_resource_is_named_once_and_the_rest_is_made() -> None:
    def program() -> None:
        bad = aws.ec2.Vpc("bad", cidr_block="10.0.0.0/99")
        aws.ec2.Subnet("below", vpc_id=bad.id, cidr_block="10.0.0.0/24")
        aws.ec2.Vpc("good", cidr_block="10.2.0.0/16")

    with rehearsed(program) as result:
        assert [problem.urn.split("::")[-1] for problem in result.problems] == ["bad"]
        assert "10.0.0.0/99" in result.problems[0].message
        assert result.one("aws:ec2/vpc:Vpc", "good").id.startswith("vpc-")


def test_a_type_without_a_row_is_unknown_by_name_and_the_rest_is_made() -> None:
    def program() -> None:
        connector = aws.chime.VoiceConnector("voice", require_encryption=True)
        aws.ssm.Parameter("where", type="String", value=connector.outbound_host_name)
        aws.iam.Policy(
            "calls",
            policy=connector.arn.apply(
                lambda arn: json.dumps(
                    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": arn}]}
                )
            ),
        )

    with rehearsed(program) as result:
        assert result.good, result.report
        assert result.unknown == {"aws:chime/voiceConnector:VoiceConnector": ["voice"]}
        assert [node.name for node in result.nodes if node.fidelity == "emulated"] == ["calls", "where"]
        assert summary(result, 1.0)["byFidelity"] == {"emulated": 2, "unknown": 1}


def test_what_could_not_be_made_is_counted_as_failed() -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("bad", cidr_block="10.0.0.0/99")
        aws.ec2.Subnet("in-it", vpc_id=vpc.id, cidr_block="10.0.0.0/24")

    with rehearsed(program) as result:
        assert {node.name: node.fidelity for node in result.nodes} == {"bad": "failed", "in-it": "failed"}
        assert summary(result, 1.0)["byFidelity"] == {"failed": 2}


def test_what_follows_from_a_failure_is_counted_with_it_and_the_same_is_told_once() -> None:
    def program() -> None:
        vpcs = [aws.ec2.Vpc(f"bad-{number}", cidr_block="10.0.0.0/99") for number in range(5)]
        for vpc in vpcs:
            aws.ec2.Vpc("after-" + vpc._name, cidr_block="10.0.0.0/98", opts=pulumi.ResourceOptions(depends_on=[vpc]))

    with rehearsed(program) as result:
        (told,) = folded(result)
        assert (len(told.urns), told.follow) == (5, 5)
        console = Console(file=io.StringIO(), width=100)
        show_wrong(console, result)
        text = console.file.getvalue()  # type: ignore[attr-defined]
        assert "the same of bad-1, bad-2, bad-3 and 1 more" in text
        assert "5 more follow from it" in text


def test_an_output_that_nothing_fills_is_a_problem_where_it_is_used() -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("v", cidr_block="10.1.0.0/16")
        aws.ec2.RouteTable("t", vpc_id=vpc.id, tags={"owner": vpc.main_route_table_id})

    with rehearsed(program) as result:
        assert "uses an output that the table does not fill: aws:ec2/vpc:Vpc mainRouteTableId" in result.problems[0].message


def test_a_reference_to_what_does_not_exist_is_found() -> None:
    def program() -> None:
        key = "arn:aws:kms:ap-northeast-2:123456789012:key/00000000-0000-0000-0000-000000000000"
        aws.secretsmanager.Secret("s", kms_key_id=key, description="belongs to vpc-0123456789abcdef0")

    with rehearsed(program) as result:
        assert [(one.path, one.reference.split(":")[-1]) for one in result.dangling] == [
            ("description", "vpc-0123456789abcdef0"),
            ("kmsKeyId", "key/00000000-0000-0000-0000-000000000000"),
        ]


def test_two_resources_of_one_name_are_a_problem_as_in_the_engine() -> None:
    def program() -> None:
        aws.ec2.Vpc("v", cidr_block="10.1.0.0/16")
        aws.ec2.Vpc("v", cidr_block="10.2.0.0/16")

    with rehearsed(program) as result:
        assert "two resources of type aws:ec2/vpc:Vpc are named 'v'" in result.problems[0].message


def test_a_program_that_stops_is_a_problem_and_no_exception() -> None:
    def program() -> None:
        raise RuntimeError("no such luck")

    with rehearsed(program) as result:
        assert "the program stopped: RuntimeError: no such luck" in result.problems[0].message


def secretive() -> None:
    secret = aws.secretsmanager.Secret("s")
    version = aws.secretsmanager.SecretVersion("v", secret_id=secret.id, secret_string=pulumi.Output.secret("hush"))
    pulumi.export("hidden", version.secret_string)
    pulumi.export("shown", secret.arn)


def test_secrets_are_masked_in_the_graph_and_stay_secret_through_outputs() -> None:
    with rehearsed(secretive) as result:
        assert result.good, result.report
        text = json.dumps(graph(result))
        assert "hush" not in text
        assert graph(result)["outputs"]["hidden"] == "[secret]"
        assert graph(result)["outputs"]["shown"].startswith("arn:aws:secretsmanager:")


def test_the_graph_repeats_to_the_byte_and_ids_do_not_depend_on_the_order() -> None:
    def forwards() -> None:
        network()
        secretive()

    def backwards() -> None:
        secretive()
        network()

    texts = set()
    for program in (forwards, forwards, backwards):
        with rehearsed(program) as result:
            texts.add(json.dumps(graph(result), sort_keys=True))
    assert len(texts) == 1


def test_the_summary_counts_by_component_and_fidelity() -> None:
    with rehearsed(network) as result:
        found = summary(result, 1.0)
        assert found["resources"] == sum(found["byComponent"].values()) == 22
        assert found["byFidelity"] == {"component": 1, "emulated": 22}
        assert found["byComponent"] == {"net": 22}
        assert (found["problems"], found["danglingReferences"]) == ([], [])


def test_a_stack_reads_the_outputs_of_one_rehearsed_before() -> None:
    def second() -> None:
        first = pulumi.StackReference("organization/hybridge/first")
        pulumi.export("copied", first.get_output("shown"))
        pulumi.export("hidden", first.get_output("hidden"))

    with Emulator() as emulator:
        first = rehearse(emulator, secretive, stack_file("first"))
        done = rehearse(emulator, second, stack_file("second"), others={"first": first})
        assert done.good
        assert done.outputs["copied"] == first.outputs["shown"]
        assert graph(done)["outputs"]["hidden"] == "[secret]"


def test_a_reference_to_a_stack_that_was_not_rehearsed_says_only_that() -> None:
    """Whatever the program says after that is about outputs that are not there."""

    def second() -> None:
        pulumi.StackReference("organization/hybridge/none")
        raise pulumi.RunError("the two stacks contradict each other")

    with rehearsed(second) as result:
        (problem,) = result.problems
        assert "was not rehearsed before this one" in problem.message
        assert "hybridge rehearse none " in problem.message


def test_the_program_runs_in_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text("import pulumi, helper\npulumi.export('where', helper.WHERE)\n")
    (tmp_path / "helper.py").write_text("from pathlib import Path\nWHERE = str(Path.cwd())\n")
    with Emulator() as emulator:
        done: Rehearsal = rehearse(emulator, tmp_path, stack_file())
    assert done.outputs == {"where": str(tmp_path)}


def test_no_two_regions_share_state() -> None:
    made: dict[str, Any] = {}
    with Emulator() as emulator:
        for region in (REGION, "eu-west-1"):
            done = rehearse(emulator, lambda: aws.kms.Key("k", description="one"), stack_file(region=region))
            made[region] = done.created("aws:kms/key:Key")[0].outputs["arn"]
    assert REGION in made[REGION] and "eu-west-1" in made["eu-west-1"]
