"""What the README tells of the outputs is what the program declares, and what is generated is current."""

from cli import app
from components import outputs
from tests.recorder import deploy_stack
from tests.rehearsal.support import ROOT


def test_the_readme_has_every_stack_output_and_no_other() -> None:
    section = (ROOT / "README.md").read_text().split("<!-- begin: outputs -->")[1].split("<!-- end: outputs -->")[0]
    assert section.strip() == outputs.table()


def test_no_output_is_declared_twice() -> None:
    names = [name for name, _ in outputs.declared()]
    assert sorted(names) == sorted(set(names))


def test_what_follows_from_the_settings_is_what_is_exported() -> None:
    """A secondary is held against it before anything is made, and against the export afterwards."""
    for stack in ("dev", "prod"):
        graph = deploy_stack(stack)
        exported = next(found for urn, found in graph.outputs.items() if "::pulumi:pulumi:Stack::" in urn)
        names = {name for name, _ in outputs.declared()}
        assert exported.keys() <= names
        assert exported["vpcCidrBlock"]
        vpc = graph.one("aws:ec2/vpc:Vpc")
        assert vpc.inputs["cidrBlock"] == exported["vpcCidrBlock"]


def test_everything_that_is_generated_is_current() -> None:
    assert app.main(["schema", "--check"]) == 0
