"""In a checkout the packages have the names of the wheel too, and are there once."""

import importlib

import components
import hatch_build
from hybridge import POLICIES, PROGRAM, checkout
from tests.rehearsal.support import ROOT


def test_the_names_of_a_wheel_lead_to_the_modules_of_the_checkout() -> None:
    for name in ("components", "components.database.iam", "rehearsal.row", "components.settings.base"):
        there, here = importlib.import_module(f"hybridge.{name}"), importlib.import_module(name)
        assert there is here
        assert here.__spec__ is not None
        assert (here.__name__, here.__spec__.name) == (name, name)
    assert components.__name__ == "components"


def test_program_and_policies_are_those_of_the_checkout() -> None:
    assert checkout.is_one()
    assert PROGRAM == ROOT / "__main__.py"
    assert (POLICIES / "PulumiPolicy.yaml").is_file()


def test_both_know_the_same_packages() -> None:
    assert sorted([*checkout.packages(), "hybridge"]) == hatch_build.packages(ROOT)
