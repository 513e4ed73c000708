import pytest

from components.instance_types import Capacity, architecture, capacity


@pytest.mark.parametrize(
    ("instance_type", "expected"),
    [
        ("t3.large", "x86_64"),
        ("t4g.large", "arm64"),
        ("m6i.xlarge", "x86_64"),
        ("m7g.xlarge", "arm64"),
        ("c7gn.large", "arm64"),
        ("im4gn.large", "arm64"),
        ("a1.large", "arm64"),
        ("g5.xlarge", "x86_64"),
        ("g5g.xlarge", "arm64"),
        ("g4dn.xlarge", "x86_64"),
        ("c7i-flex.large", "x86_64"),
        ("u-6tb1.metal", "x86_64"),
    ],
)
def test_graviton_is_told_by_the_letter_after_the_generation(instance_type: str, expected: str) -> None:
    assert architecture(instance_type) == expected


@pytest.mark.parametrize(
    ("instance_type", "expected"),
    [
        ("t3.medium", Capacity(2048, 3973)),
        ("m6i.large", Capacity(2048, 7946)),
        ("c6i.4xlarge", Capacity(16_384, 31_784)),
        ("r7g.medium", Capacity(1024, 7946)),
        ("c5n.large", None),
        ("m4.large", None),
        ("x2gd.large", None),
        ("m6i.metal", None),
        ("nonsense", None),
    ],
)
def test_capacity_is_told_for_the_general_families_alone(instance_type: str, expected: Capacity | None) -> None:
    assert capacity(instance_type) == expected
