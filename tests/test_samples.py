"""The stack files of the tests are those that a newcomer finds, for as long as nobody has made them his own."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests" / "samples"
MARK = "# Sample: "


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("Pulumi.*.yaml")), ids=lambda path: path.name)
def test_a_sample_at_the_top_is_the_one_of_the_tests(sample: Path) -> None:
    top = ROOT / sample.name
    text = top.read_text(encoding="utf-8") if top.is_file() else ""
    if MARK not in text:
        pytest.skip(f"{top.name} is no sample any more")
    assert text == sample.read_text(encoding="utf-8"), (
        f"{top.name} and tests/samples/{top.name} differ: make the same edit in both; if the file is yours now, remove the "
        f"line {MARK!r} from it"
    )
