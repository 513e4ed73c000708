"""Other languages reach the components: the SDK's own reader of annotations understands every argument and output."""

import typing

import pytest
from pulumi.provider.experimental.analyzer import Analyzer, AnalyzeResult, ComponentDefinition

from components.arguments import defaults
from tests.components.shapes import COMPONENTS, args_of


@pytest.fixture(scope="module")
def analyzed() -> AnalyzeResult:
    return Analyzer("hybridge").analyze([*COMPONENTS])


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_sdk_reads_every_argument_and_output(analyzed: AnalyzeResult, component: type) -> None:
    definition: ComponentDefinition = analyzed["component_definitions"][component.__name__]
    shape = args_of(component)
    assert set(definition.inputs_mapping.values()) == set(shape.__annotations__)
    assert set(definition.outputs_mapping.values()) == {key for key in component.__annotations__ if not key.startswith("_")}
    needed = {definition.inputs_mapping[key] for key, value in definition.inputs.items() if not value.optional}
    assert needed == shape.__required_keys__  # type: ignore[attr-defined]
    assert needed & defaults(shape).keys() == set()


def test_every_argument_is_described(analyzed: AnalyzeResult) -> None:
    components = analyzed["component_definitions"]
    types = analyzed["type_definitions"]
    silent = [f"{name}.{key}" for name, one in components.items() for key, value in one.inputs.items() if not value.description]
    silent += [f"{name}.{key}" for name, one in types.items() for key, value in one.properties.items() if not value.description]
    silent += [
        f"{name}.{key}" for name, one in components.items() for key, value in one.outputs.items() if not value.description
    ]
    assert silent == []


def test_a_type_that_the_sdk_cannot_read_would_fail_here() -> None:
    class Unreadable(typing.TypedDict):
        kind: typing.Literal["a"]

    class Component(COMPONENTS[0]):  # type: ignore[misc, valid-type]
        def __init__(self, name: str, args: Unreadable) -> None: ...

    with pytest.raises(TypeError):
        Analyzer("hybridge").analyze([Component])
