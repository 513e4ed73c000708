"""Stack files are read as the Pulumi CLI reads them; what cannot be read is a clear error."""

from pathlib import Path

import pytest

from rehearsal.stackfile import StackFileError, read

PROJECT = (
    "name: demo\nruntime: python\nconfig:\n  demo:size:\n    type: string\n    default: small\n  demo:many:\n    default: [1]\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    return tmp_path


def stack(project: Path, text: str) -> Path:
    path = project / "Pulumi.try.yaml"
    path.write_text(text)
    return path


def test_the_stack_wins_over_the_defaults_of_the_project(project: Path) -> None:
    stack(project, "config:\n  aws:region: eu-west-1\n  demo:size: large\n  demo:on: true\n  demo:tree: {a: [1]}\n")
    found = read("try", project)
    assert found.config == {
        "aws:region": "eu-west-1",
        "demo:size": "large",
        "demo:many": "[1]",
        "demo:on": "true",
        "demo:tree": '{"a": [1]}',
    }
    assert (found.project, found.stack, found.region) == ("demo", "try", "eu-west-1")


def test_a_timestamp_arrives_as_it_was_written(project: Path) -> None:
    stack(project, "config:\n  demo:servers: {expires: 2026-03-31T09:00:00Z}\n")
    assert read("try", project).config["demo:servers"] == '{"expires": "2026-03-31T09:00:00Z"}'


def test_a_stack_can_be_named_by_the_path_of_its_file(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "Pulumi.far.yaml").write_text("config: {aws:region: eu-west-1}")
    assert read(str(other / "Pulumi.far.yaml"), project).stack == "far"


def test_a_secret_becomes_a_placeholder_that_repeats_and_is_marked_secret(project: Path) -> None:
    stack(project, "config:\n  demo:tree:\n    list:\n    - key: {secure: v1:abc}\n  demo:plain: x\n")
    first, again = read("try", project), read("try", project)
    assert first.values["demo:tree"]["list"][0]["key"].isalnum()
    assert first == again
    assert first.secret_keys == ("demo:tree",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("config: [1]", "config is [1]; it must be a mapping"),
        ("- a", "holds list; it must be a mapping"),
        ("a: [", "Pulumi.try.yaml is not valid YAML, line 1, column 5: "),
        ("config:\n\ta: 1\n", "; indent with spaces, not with tabs"),
        (
            "config:\n  demo:a: 1\n  demo:a: 2\n",
            "line 3, column 3: the key demo:a is here for the second time",
        ),
    ],
)
def test_a_file_that_is_no_stack_file_is_refused(project: Path, text: str, message: str) -> None:
    stack(project, text)
    with pytest.raises(StackFileError) as error:
        read("try", project)
    assert message in str(error.value)


def test_an_unknown_stack_names_those_that_exist(project: Path) -> None:
    stack(project, "")
    with pytest.raises(StackFileError, match="stacks here: try"):
        read("prod", project)


def test_an_edit_reaches_into_a_list_and_leaves_the_file_as_it_is(project: Path) -> None:
    stack(project, "config:\n  demo:list:\n    - {a: 1}\n    - {a: 2, b: 3}\n")
    edited = read("try+list[1].a=5+list[1].b=+list[0].c=x", project)
    assert edited.values["demo:list"] == [{"a": 1, "c": "x"}, {"a": 5}]
    assert read("try", project).values["demo:list"] == [{"a": 1}, {"a": 2, "b": 3}]


@pytest.mark.parametrize("edit", ["list[2].a=1", "list.web.a=1", "list[2]=1"])
def test_an_edit_of_what_a_list_has_not_names_its_items(project: Path, edit: str) -> None:
    stack(project, "config:\n  demo:list: [{a: 1}, {a: 2}]\n")
    with pytest.raises(StackFileError, match=r"is not an item of the list demo:list; items are \[0\] to \[1\]"):
        read(f"try+{edit}", project)
