"""Stack files are read as the Pulumi CLI reads them; what cannot be read is a clear error."""

from pathlib import Path

import pytest

from rehearsal.stackfile import StackFileError, read

PROJECT = """\
name: demo
runtime: python
config:
  demo:size: {type: string, default: small}
  demo:many: {type: array, items: {type: integer}, default: [1]}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("HYBRIDGE_STACKS")
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
        "demo:tree": '{"a":[1]}',
    }
    assert (found.project, found.stack, found.region) == ("demo", "try", "eu-west-1")


def test_a_date_without_quotes_is_refused_with_the_quotes(project: Path) -> None:
    """The CLI would make `2026-03-31 09:00:00 +0000 UTC` of it, which the settings then refuse at `pulumi up`."""
    stack(project, "config:\n  demo:servers: {expires: 2026-03-31T09:00:00Z}\n")
    with pytest.raises(StackFileError, match=r'line 2, column 27: the date .* write "2026-03-31T09:00:00Z"'):
        read("try", project)
    stack(project, 'config:\n  demo:servers: {expires: "2026-03-31T09:00:00Z"}\n')
    assert read("try", project).config["demo:servers"] == '{"expires":"2026-03-31T09:00:00Z"}'


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
        ("config: [1]", "config is a list; it must be a mapping"),
        ("- a", "holds a list; it must be a mapping"),
        ("a: [", "Pulumi.try.yaml cannot be read, line 1, column 1: a value is missing here"),
        ("config:\n\ta: 1\n", "indent with spaces, not with tabs"),
        (
            "config:\n  demo:a: 1\n  demo:a: 2\n",
            "line 3, column 3: the key demo:a is here for the second time",
        ),
        ("config:\n  a: 1\n  demo:a: 2\n", "demo:a is there twice, with and without demo: before it"),
        ("config:\n  a: &x [*x]\n", "line 2, column 6: this value holds itself, by an anchor (&) and an alias (*) to it"),
        ("config:\n  size: {secure: ''}\n", "demo:size is a secret without a text that could be opened; set it: pulumi config"),
        ("config:\n  tree: {a: [{secure: 5}]}\n", "demo:tree.a[0] is a secret without"),
        ("config:\n  many:\n", "demo:many has no value; write [] for a list with nothing in it, or remove the line"),
        ("config:\n  demo2:size: x\n", "demo2:size is under a namespace that is not the project's, demo; write demo:size"),
        ("config:\n  old:size: x\n", "write demo:size"),
        ("config:\n  old:size.x: x\n", "write demo:size"),
        ("config:\n  dmo:color: x\n", "write demo:color"),
        ("demo:size: x\n", "demo:size is not below config:"),
        ("config: {}\nsize: x\n", "size is not below config:"),
        ("confg:\n  size: x\n", "Pulumi does not know confg; write config"),
    ],
)
def test_a_file_that_is_no_stack_file_is_refused(project: Path, text: str, message: str) -> None:
    stack(project, text)
    with pytest.raises(StackFileError) as error:
        read("try", project)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  a:\n    b: 1\n   c: 2\n", "not in the column of its neighbours (column 4, they begin in 3 from line 2 on)"),
        ("  a:\n    b: 1\n      c: 2\n", "line 4, column 8: a colon cannot stand here: indent this line like its neighbours"),
        ("  a: b: c\n", "line 2, column 7: a colon cannot stand here"),
        ("  a:\n  - b\n c: d\n", "line 4, column 2: this is not in the column of"),
        ("  a: 'b\n  c: d\n", "a quote that is opened in line 2 is never closed"),
        ("  a: [b\n  c: d\n", "a list in brackets is not closed in line 2: a comma or ] is missing"),
        ("  a: {b: c\n  d: e\n", "a mapping in braces is not closed"),
        ("  a\n  b: c\n", "a colon cannot stand here"),
        ("  a: 'b' c\n", "put a value that begins with a quote but goes on after it in quotes as a whole"),
        ("  a: - b\n", "put each dash on a line of its own"),
        ("  a: *b\n", "there is none of this name; put text in quotes"),
        ("  a: @b\n", "a value cannot begin with @; put it in quotes"),
        ('  a: "\\d"\n', "this backslash stands for nothing; use single quotes"),
        ("  a: \x07\n", "a character that no text file holds"),
        ("  a: " + "[" * 5000 + "]" * 5000 + "\n", "nested too deeply"),
        ("  a: {b: cron(0 3 ? * * *)}\n", "a ? within brackets or braces ends the text for Pulumi; put it in quotes"),
        ("  a: [b:]\n", "put it in quotes"),
        ("  a: {b: !,}\n", "put text in quotes"),
    ],
)
def test_what_is_wrong_with_yaml_is_told_in_words_with_the_line(project: Path, text: str, message: str) -> None:
    stack(project, f"config:\n{text}")
    with pytest.raises(StackFileError) as error:
        read("try", project)
    assert message in str(error.value)
    for jargon in ("block", "flow", "scalar", "token", "expected", "scanning", "node"):
        assert jargon not in str(error.value)


def test_what_nobody_reads_and_what_cannot_be_known_is_told(project: Path) -> None:
    stack(project, "environment: [corp/base, corp/secrets]\nx: 1\nconfig:\n  platform:network: a\n  aws:region: b\n")
    assert read("try", project).notes == (
        "Pulumi.try.yaml: Pulumi passes over x, which is beside config:",
        "Pulumi.try.yaml draws on Pulumi ESC (corp/base, corp/secrets), which a rehearsal cannot open: what is set there is "
        "not set here",
        "Pulumi.try.yaml: nothing here reads platform:network, which is of another project or provider",
    )


def test_what_pulumi_yaml_declares_is_checked_as_by_the_cli(project: Path) -> None:
    (project / "Pulumi.yaml").write_text(
        "name: demo\nruntime: python\nconfig:\n  size: {type: string}\n  list: {type: array, items: {type: integer}}\n"
        "  on: {type: boolean, default: true}\n"
    )
    stack(project, "config:\n  list: [1, two]\n  on: yes\n")
    assert read("try", project).refused == (
        "demo:size is not set, and Pulumi.yaml has no default for it; set it",
        "demo:list is not a list, which Pulumi.yaml declares it to be; change one of the two",
        "demo:on is not true or false, which Pulumi.yaml declares it to be; change one of the two",
    )


def test_an_unknown_stack_names_those_that_exist(project: Path) -> None:
    stack(project, "")
    with pytest.raises(StackFileError, match="stacks here: try"):
        read("prod", project)


def test_an_edit_reaches_into_a_list_and_leaves_the_file_as_it_is(project: Path) -> None:
    stack(project, "config:\n  demo:list:\n    - {a: 1}\n    - {a: 2, b: 3}\n")
    edited = read("try+list[1].a=5+list[1].b=+list[0].c=x", project)
    assert edited.values["demo:list"] == [{"a": 1, "c": "x"}, {"a": 5}]
    assert read("try", project).values["demo:list"] == [{"a": 1}, {"a": 2, "b": 3}]


def test_an_edit_of_the_position_behind_the_last_adds_an_item(project: Path) -> None:
    stack(project, "config:\n  demo:list: [{a: 1}]\n  demo:none: []\n")
    edited = read("try+list[1]={a: 2}+list[2]={a: 3}+none[0]=first", project)
    assert edited.values["demo:list"] == [{"a": 1}, {"a": 2}, {"a": 3}]
    assert edited.values["demo:none"] == ["first"]
    assert read("try", project).values["demo:list"] == [{"a": 1}]


@pytest.mark.parametrize("edit", ["list[2].a=1", "list.web.a=1", "list[3]=1", "list[2]="])
def test_an_edit_of_what_a_list_has_not_names_its_items(project: Path, edit: str) -> None:
    stack(project, "config:\n  demo:list: [{a: 1}, {a: 2}]\n")
    with pytest.raises(
        StackFileError, match=r"is not an item of the list demo:list; items are \[0\] to \[1\], and \[2\]=\.\.\. adds"
    ):
        read(f"try+{edit}", project)


@pytest.mark.parametrize(
    ("edits", "values"),
    [
        ("zone=GMT+9:00", {"zone": "GMT+9:00"}),
        ("mail=ops+aws@corp.example+size=large", {"mail": "ops+aws@corp.example", "size": "large"}),
        ("sum='1+a=2'+size=large", {"sum": "1+a=2", "size": "large"}),
        ("tree={a: 1+b=2}+list[0].x=+y=1", {"tree": {"a": "1+b=2"}, "list": [{}], "y": 1}),
        ("key=ab+cd==", {"key": "ab+cd=="}),
        ("on=on+octal=0o17+date='2027-01-01'", {"on": "on", "octal": 15, "date": "2027-01-01"}),
    ],
)
def test_a_plus_is_part_of_a_value_unless_a_key_follows(project: Path, edits: str, values: dict[str, object]) -> None:
    stack(project, "config:\n  list: [{x: 1}]\n")
    found = read(f"try+{edits}", project)
    assert {key: found.values[f"demo:{key}"] for key in values} == values
    assert read(found.called, project) == found


def test_stack_files_may_lie_in_a_folder_of_their_own(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "environments").mkdir()
    stack(project, "config: {size: small}\n").rename(tmp_path / "environments" / "Pulumi.try.yaml")
    monkeypatch.setenv("HYBRIDGE_STACKS", "environments")
    assert read("try", project).values["demo:size"] == "small"
    stack(project, "config: {size: large}\n").rename(project / "Pulumi.other.yaml")
    assert read("other", project).values["demo:size"] == "large", "what is not there is beside the program"
    with pytest.raises(StackFileError, match="stacks here: other, try"):
        read("prod", project)
