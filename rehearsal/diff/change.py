"""What happens to a resource when a stack is updated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rehearsal.diff.fields import Field
from rehearsal.diff.standing import Resource

Kind = Literal["create", "update", "replace", "delete"]


@dataclass(frozen=True)
class Change:
    """A resource that one deployment has and the other has not, or has otherwise."""

    kind: Kind
    before: Resource | None
    """None: it is created."""
    after: Resource | None
    """None: it goes."""
    fields: tuple[Field, ...] = ()
    options: tuple[Field, ...] = ()
    """What is changed of what the program asks of Pulumi itself. Alone it changes nothing in AWS."""
    delete_first: bool = False
    """Of a replacement: whether the old one goes before the new one is made."""
    refused: str = ""
    """Why it is refused, and the way out; empty if nothing is known to refuse it."""
    clash: str = ""
    """What it asks for while another has it, and the way out; empty if nothing."""

    @property
    def resource(self) -> Resource:
        """As it will be; of what goes, as it is."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def urn(self) -> str:
        """Its URN after the update."""
        return self.resource.urn

    @property
    def type(self) -> str:
        """Its type."""
        return self.resource.type

    @property
    def name(self) -> str:
        """Its name."""
        return self.resource.name

    @property
    def renamed_from(self) -> str:
        """The URN that it has, where the program calls it otherwise from now on and says so by an alias."""
        return self.before.urn if self.before and self.after and self.before.urn != self.after.urn else ""

    @property
    def replaces(self) -> bool:
        """Whether the resource is made anew."""
        return self.kind == "replace"

    @property
    def because(self) -> Sequence[str]:
        """The paths of the inputs that force a replacement."""
        return [field.path for field in self.fields if field.replaces]

    @property
    def goes(self) -> bool:
        """Whether what stands is to be deleted."""
        return self.kind in ("delete", "replace")

    @property
    def retained(self) -> bool:
        """Whether what goes from Pulumi's state stays in AWS."""
        return self.goes and bool(self.before and self.before.options.get("retainOnDelete"))

    @property
    def protected(self) -> bool:
        """Whether Pulumi refuses, for it is protected. Of a replacement, what the program says now counts."""
        says = self.after if self.kind == "replace" else self.before
        return self.goes and bool(says and says.options.get("protect"))

    @property
    def in_aws(self) -> bool:
        """Whether anything but Pulumi's own state changes."""
        return self.kind != "update" or bool(self.fields)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "urn": self.urn,
            "type": self.type,
            "name": self.name,
            "kind": self.kind,
            "fields": [*(field.path for field in self.fields), *(f"options.{field.path}" for field in self.options)],
            "because": list(self.because),
            "protected": self.protected,
            "refused": self.refused or None,
            "clash": self.clash or None,
        }
