"""What the real engine prints of wrong arguments of a component in another language."""

from pathlib import Path

from tests.engine.conftest import NEEDS_CLI
from tests.plugin import hosted

pytestmark = NEEDS_CLI


def complaints(folder: Path, resources: hosted.Resources) -> str:
    root, stack = hosted.project(folder / "theirs", resources, {})
    with hosted.engine(root) as engine:
        outcome = engine.preview(stack)
    assert not outcome.good
    return "\n".join(outcome.problems)


def test_every_mistake_is_told_at_once_by_the_names_of_the_caller(tmp_path: Path) -> None:
    wrong = {
        "vpcId": "vpc-1",
        "hotDayz": 3,
        "hotDays": "thirty",
        "efs": {"enabled": "yes"},
        "fileGateway": {"nfs": {"fileModes": 4, "squash": "none"}},
    }
    told = complaints(tmp_path, {"files": ("hybridge:index:HybridStorage", wrong)})
    for line in (
        "property hotDayz with value 3 has a problem: is no argument. Did you mean hotDays?",
        "property region has a problem: is not set; pass text.",
        "property privateSubnetIds has a problem: is not set; pass a list, each item text.",
        "property hotDays with value \"thirty\" has a problem: is 'thirty'; pass a whole number.",
        "property efs.enabled with value \"yes\" has a problem: is 'yes'; pass True or False.",
        "property fileGateway.nfs.fileModes with value 4 has a problem: is no argument. Did you mean fileMode?",
        "property fileGateway.nfs.squash with value \"none\" has a problem: is 'none'; pass one of RootSquash, NoSquash",
    ):
        assert line in told
    assert "Traceback" not in told
