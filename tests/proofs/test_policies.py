"""The policy pack over rehearsed stacks: asked as the engine asks, in a process of its own."""

from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest

from proofs.policies import Pack, PackError, Violation, start_pack
from proofs.shown import resources_of
from rehearsal.stackfile import StackFile
from tests.rehearsal.support import REGION, rehearsed

STACK = StackFile("hybridge", "test", {"aws:region": REGION, "hybridge:size": "medium"}, (), {})
MANIFEST = "runtime: python\ndescription: for a test\n"


def holes() -> None:
    """A program with a hole in each wall."""
    key = aws.kms.Key("key", enable_key_rotation=True, tags={"Name": "key"})
    aws.s3.Bucket("files", tags={"Name": "files", "Project": "hybridge", "Stack": "test"}, force_destroy=True)
    password = random.RandomPassword("password", length=32)
    pulumi.export("password", password.result)
    pulumi.export("keyArn", key.arn)


def violated(found: list[Violation]) -> set[tuple[str, str]]:
    return {(one.policy, one.urn.rpartition("::")[2]) for one in found}


def test_the_holes_of_a_rehearsed_program_are_found_by_policy_and_resource() -> None:
    with start_pack(STACK) as pack, rehearsed(holes) as result:
        assert result.good, result.report
        assert violated(pack.check(result)) == {
            ("buckets-are-private", "files"),
            ("buckets-encrypted", "files"),
            ("buckets-versioned", "files"),
            ("tls-only", "files"),
            ("deletion-protection", "files"),
            ("tags-present", "key"),
            ("secrets-stay-in-place", "hybridge-test"),
        }


def test_it_makes_no_difference_whether_resources_are_asked_about_as_they_are_made() -> None:
    with start_pack(STACK) as pack, rehearsed(holes) as result:
        late = pack.check(result)
        for node in result.nodes:
            pack.see(node)
        assert pack.ask(result).violations() == late == sorted(late)


def test_taggable_resources_without_tags_are_told_from_untaggable_ones() -> None:
    def program() -> None:
        key = aws.kms.Key("key")
        aws.kms.Alias("alias", name="alias/one", target_key_id=key.id)

    with rehearsed(program) as result:
        shown = {one.name: one.outputs for one in resources_of(result)}
    assert shown["key"]["tagsAll"] == {}
    assert "tagsAll" not in shown["alias"]
    assert shown["key"]["id"]


def test_the_policies_of_the_pack_can_be_listed() -> None:
    with start_pack(STACK) as pack:
        assert len(pack.policies) == len({one.name for one in pack.policies}) > 20


def broken(folder: Path, code: str) -> Pack:
    (folder / "PulumiPolicy.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "__main__.py").write_text(code, encoding="utf-8")
    return start_pack(STACK, folder=folder)


def test_a_pack_that_does_not_start_says_why(tmp_path: Path) -> None:
    with broken(tmp_path, "import nothing_of_that_name") as pack, pytest.raises(PackError) as error:
        _ = pack.policies
    assert "does not start" in str(error.value)
    assert "No module named 'nothing_of_that_name'" in str(error.value)


def test_a_policy_that_fails_fails_the_check(tmp_path: Path) -> None:
    code = """
from pulumi_policy import PolicyPack, ResourceValidationPolicy

def check(args, report):
    raise RuntimeError("a bug in the policy")

PolicyPack("broken", [ResourceValidationPolicy("bug", "It has a bug.", check)])
"""
    with (
        broken(tmp_path, code) as pack,
        rehearsed(lambda: aws.kms.Key("key") and None) as result,
        pytest.raises(PackError, match="a bug in the policy"),
    ):
        pack.check(result)


def test_a_closed_pack_leaves_no_process_behind() -> None:
    with start_pack(STACK) as pack:
        assert pack.policies
    assert pack.pipe.process.poll() is not None
