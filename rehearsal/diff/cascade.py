"""From two deployments to changes: what is made anew takes with it whatever refers to it, and so on to the end."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rehearsal.diff.change import Change, Kind
from rehearsal.diff.drawn import texts
from rehearsal.diff.fields import Anew, Field, Unknown, changed, compared, known
from rehearsal.diff.standing import Resource, Standing
from rehearsal.scarce import deleted_first

FOLLOWING = {"aws:autoscaling/group:Group": ("launchTemplate.version", "launchTemplate.id")}
"""Type -> input that counts the changes of another resource, and the input that says of which."""
UNCOUNTED = ("tags", "tagsAll", "defaultVersion", "updateDefaultVersion")
"""Inputs of what is counted whose changes are none of its content's."""


class Cascade:
    """What an update does to each resource, to a fixed point."""

    def __init__(self, before: Standing, after: Standing) -> None:
        pairs = dict(_pairs(before, after))
        ids = _renamed(pairs, after)
        self.before, self.after = replace(before, outputs=_moved(before.outputs, ids)), after
        self.pairs = {urn: replace(old, inputs=_moved(old.inputs, ids)) for urn, old in pairs.items()} if ids else pairs
        """URN after -> resource before."""
        self.fields: dict[str, tuple[Field, ...]] = {}
        self.anew: set[str] = set()
        """URNs of what is made anew."""
        self.counted: set[str] = set()
        """URNs of what is changed in place and has another version then."""
        growing = True
        while growing:
            self.fields = {urn: changed(old, after.resources[urn], self.unknown(urn)) for urn, old in self.pairs.items()}
            anew = {urn for urn, fields in self.fields.items() if any(field.replaces for field in fields)}
            counted = {urn for urn, fields in self.fields.items() if any(_counts(field) for field in fields)}
            growing = anew != self.anew or counted != self.counted
            self.anew, self.counted = anew, counted

    def unknown(self, urn: str) -> Unknown:
        """Of the inputs of a resource after the update: what is made anew in each."""
        resource = self.after.resources[urn]
        number, reference = FOLLOWING.get(resource.type, ("", ""))

        def of(path: str) -> tuple[str, ...]:
            made_of = resource.made_of.get(path, frozenset())
            if path == number and number:
                return tuple(sorted(resource.made_of.get(reference, frozenset()) & (self.counted | self.anew)))
            return tuple(sorted(made_of & self.anew))

        return of

    def inputs(self, urn: str) -> dict[str, Any]:
        """The inputs of a resource after the update, with Anew for what nobody knows yet."""
        return known(self.after.resources[urn], self.unknown(urn))

    def outputs(self) -> list[Field]:
        """The stack outputs that differ."""

        def of(path: str) -> tuple[str, ...]:
            return tuple(sorted(self.after.outputs_made_of.get(path, frozenset()) & self.anew))

        return list(compared(self.before.outputs, self.after.outputs, "", of))

    def deleted_first(self) -> set[str]:
        """URNs of what is made anew only once the old one is gone: by itself, or for what it is made of is gone by then."""
        found = {
            urn
            for urn in self.anew
            if deleted_first(
                self.after.resources[urn].type, self.after.resources[urn].inputs, self.after.resources[urn].options
            )
        }
        growing = True
        while growing:
            # Pulumi takes down first what would be made anew for the loss.
            more = {
                urn
                for urn in self.anew - found
                for field in self.fields[urn]
                if field.replaces and isinstance(field.after, Anew) and found & {*field.after.of}
            }
            growing = bool(more)
            found |= more
        return found

    def changes(self) -> list[Change]:
        """In the order of Pulumi's steps: as the program registers them; then what goes, last made first."""
        first = self.deleted_first()
        made = [change for urn in self.after.resources if (change := self._change(urn, urn in first))]
        kept = {resource.urn for resource in self.pairs.values()}
        gone = [one for one in reversed(self.before.resources.values()) if one.urn not in kept]
        return made + [Change("delete", one, None) for one in gone]

    def _change(self, urn: str, delete_first: bool) -> Change | None:
        new, old = self.after.resources[urn], self.pairs.get(urn)
        if old is None:
            return Change("create", None, new)
        options = tuple(field for field in compared(_options(old), _options(new)))
        if not self.fields[urn] and not options and old.urn == new.urn:
            return None
        kind: Kind = "replace" if urn in self.anew else "update"
        return Change(kind, old, new, self.fields[urn], options, delete_first)


def _options(resource: Resource) -> dict[str, Any]:
    """Without former names, which are how it is found."""
    return {key: value for key, value in resource.options.items() if key != "aliases"}


def _pairs(before: Standing, after: Standing) -> Iterator[tuple[str, Resource]]:
    """What both have, by its URN after: under its name of now, or else under one that it says it had."""
    for urn, new in after.resources.items():
        names = [urn, *(alias for alias in new.options.get("aliases", ()) if alias not in after.resources)]
        old = next((before.resources[name] for name in names if name in before.resources), None)
        if old is not None:
            yield urn, old


def _renamed(pairs: Mapping[str, Resource], after: Standing) -> dict[str, str]:
    """The id of what is only called otherwise, which stays -> the one that the rehearsal draws under the new name."""
    news = ((old, after.resources[urn]) for urn, old in pairs.items() if old.urn != urn)
    return {old.id: new.id for old, new in news if old.id != new.id and old.id not in texts(old.inputs)}


def _moved(value: Any, ids: Mapping[str, str]) -> Any:
    """A value in which ids are exchanged, wherever they stand."""
    if isinstance(value, str):
        for old, new in ids.items():
            value = value.replace(old, new)
    elif isinstance(value, dict):
        return {key: _moved(item, ids) for key, item in value.items()}
    elif isinstance(value, list):
        return [_moved(item, ids) for item in value]
    return value


def _counts(field: Field) -> bool:
    return field.path.split(".")[0].split("[")[0] not in UNCOUNTED
