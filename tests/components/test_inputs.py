from typing import Any

import pulumi

from components.inputs import gathered, known
from tests.recorder import deploy


def test_a_component_registers_only_inputs_that_are_known_at_once() -> None:
    found: dict[str, Any] = {}

    def program() -> None:
        output = pulumi.Output.from_input("later")
        found.update(known({"plain": 1, "none": None, "list": ["a"], "output": output, "nested": {"deep": [output]}}))

    deploy(program)
    assert found == {"plain": 1, "list": ["a"]}


def test_outputs_gather_to_a_map_and_none_to_an_empty_one() -> None:
    found: list[dict[str, str]] = []

    def program() -> None:
        gathered({}).apply(found.append)
        gathered({"a": pulumi.Output.from_input("b")}).apply(found.append)

    deploy(program)
    assert found == [{}, {"a": "b"}]
