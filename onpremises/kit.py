"""The folders of a kit: written with secrets in files of mode 0600, and compared with what was written last."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from onpremises import backup, files, firewall, names, routers, servers
from onpremises.facts import Facts
from onpremises.routers.told import bare
from onpremises.shown import as_document

Part = Callable[[Facts], dict[str, str]]
PARTS: Mapping[str, Part] = {
    "routers": routers.files,
    "names": names.files,
    "firewall": firewall.files,
    "servers": servers.files,
    "files": files.files,
    "backup": backup.files,
}
"""Folder -> what is in it. One owner each."""
PRIVATE, PLAIN = 0o600, 0o644


@dataclass(frozen=True)
class File:
    """One file of a kit."""

    path: str
    """Below the folder of the kit."""
    text: str
    secret: bool
    """Whether it holds a key, so that nobody else may read it."""


def secrets_of(facts: Facts) -> set[str]:
    """Every key, code and password among the facts."""
    found = {circuit.key for router in facts.routers for circuit in router.circuits}
    found |= {tunnel.key for router in facts.routers for tunnel in router.tunnels}
    for region in facts.regions:
        found |= set(servers.activation(region).values())
    return {one for one in found if one}


def made(facts: Facts, parts: list[str]) -> list[File]:
    """Every file of the parts, and the facts themselves without their secrets; sorted by path."""
    hidden = secrets_of(facts)
    texts = {f"{part}/{name}": text for part in parts for name, text in PARTS[part](facts).items()}
    texts["facts.json"] = as_document(facts)
    return [File(path, text, any(one in text for one in hidden)) for path, text in sorted(texts.items())]


def write(kit: list[File], folder: Path, parts: list[str]) -> None:
    """Write a kit; what a part had before and has no longer goes."""
    wanted = {one.path for one in kit}
    for part in parts:
        for old in sorted((folder / part).rglob("*")) if (folder / part).is_dir() else ():
            if old.is_file() and old.relative_to(folder).as_posix() not in wanted:
                old.unlink()
    for one in kit:
        path = folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        # Narrow before anything is in it: a moment is long enough to be read.
        path.touch(mode=PRIVATE if one.secret else PLAIN, exist_ok=True)
        path.chmod(PRIVATE if one.secret else (0o755 if one.path.endswith(".sh") else PLAIN))
        path.write_text(one.text, encoding="utf-8")


def changes(kit: list[File], folder: Path, parts: list[str]) -> Iterator[tuple[str, list[str]]]:
    """What differs from what was written last: path, and lines. Configurations of routers by their hierarchy, so that a line
    says where it stands; that a secret has changed is shown, and neither the old one nor the new one."""
    wanted = {one.path: one for one in kit}
    before = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for part in [*parts, "facts.json"]
        for path in ([folder / part] if (folder / part).is_file() else sorted((folder / part).rglob("*")))
        if path.is_file()
    }
    for path in sorted(wanted.keys() | before.keys()):
        old, new = before.get(path, ""), wanted[path].text if path in wanted else ""
        if old != new:
            yield path, [without_secrets(line) for line in _difference(PurePosixPath(path), old, new)]


SECRET = re.compile(
    r"""(password(?: 0)? |secret = |pre-shared-key (?:ascii-text )?|authentication-key |ACTIVATION_(?:ID|CODE)=)("[^"]*"|\S+)"""
)
"""What stands before a secret in each file of a kit that holds some."""


def without_secrets(line: str) -> str:
    """A line of a kit, fit to be seen by whoever looks at the screen."""
    return SECRET.sub(r"\1(not shown)", line)


def _difference(path: PurePosixPath, old: str, new: str) -> Iterator[str]:
    platform = PLATFORMS.get(path.name)
    if platform and old and new:
        from hier_config import Platform, get_hconfig  # noqa: PLC0415

        running, wanted = (get_hconfig(Platform[platform], bare(text)) for text in (old, new))
        yield from (str(line) for line in running.unified_diff(wanted))
        return
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1)
    yield from (line for line in lines if not line.startswith(("---", "+++")))


PLATFORMS = {"frr.conf": "GENERIC", "ios-xe.cfg": "CISCO_IOS", "junos.conf": "JUNIPER_JUNOS"}
"""Files that hier_config can read, and as what. Junos's braces become set commands, whose lines say where they stand."""
