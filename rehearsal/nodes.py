"""moto's XML as the nodes that botocore reads, without the text in between, which takes both of them a sixth of a call.

moto puts an answer together as dictionaries, writes these as XML, and botocore parses that into nodes. Both are in one process:
the nodes are made of the dictionaries at once. `node` gives what parsing the text would, without namespaces, which botocore
drops.
"""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import xmltodict
from moto.core.responses import ActionContext, ActionResult
from moto.core.serialize import EC2Serializer, QuerySerializer, ResponseSerializer

_CHANGED_BY_TEXT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, or whose text is read as something else."""


class Unlike(Exception):
    """Something whose text would be read otherwise."""


class Written:
    """An answer that moto has put together: `text` is what it would have sent."""

    def __init__(self, body: Mapping[str, Any], full_document: bool) -> None:
        self.body, self.full_document = body, full_document

    def text(self) -> str:
        """The XML."""
        return str(xmltodict.unparse(self.body, full_document=self.full_document, short_empty_elements=True))

    def encode(self, encoding: str = "utf-8") -> bytes:
        """The same as bytes: a service of moto sums up what it sends."""
        return self.text().encode(encoding)

    def node(self, request: str) -> Element:
        """The node that botocore would read in it, with the id of the request where it belongs. Raises Unlike."""
        ((name, content),) = self.body.items()
        root = Element(name)
        _fill(root, content)
        for told in root.iterfind("ResponseMetadata/RequestId"):
            told.text = request
        return root


def node(body: Mapping[str, Any]) -> Element:
    """The node of a document. Raises Unlike."""
    return Written(body, True).node("")


def _fill(parent: Element, content: Mapping[str, Any]) -> None:
    for key, value in content.items():
        if key.startswith("@xmlns"):
            continue
        if key.startswith(("@", "#")):
            raise Unlike(key)
        for item in value if type(value) is list else (value,):
            child = SubElement(parent, key)
            if type(item) is dict:
                _fill(child, item)
            else:
                child.text = _text(item)


def _text(value: Any) -> str | None:
    kind = type(value)
    if kind is str and not _CHANGED_BY_TEXT.search(value):
        return value or None
    if kind is bool:
        return "true" if value else "false"
    if kind is int or kind is float:
        return str(value)
    if value is None:
        return None
    raise Unlike(value)


class _Query(QuerySerializer):
    def _serialize_body(self, body: Any) -> Any:
        return Written(body, full_document=False)


class _EC2(EC2Serializer):
    def _serialize_body(self, body: Any) -> Any:
        return Written(body, full_document=True)


_INSTEAD: Mapping[type[ResponseSerializer], type[ResponseSerializer]] = {QuerySerializer: _Query, EC2Serializer: _EC2}
_TAKEN = "hybridge_takes_nodes"
_original = ActionResult.execute_result


def take(request: Any) -> None:
    """Have a request of moto answered by a `Written`, where the answer would be XML of these protocols."""
    setattr(request, _TAKEN, True)


def _execute(self: ActionResult, context: ActionContext) -> Any:
    if getattr(context.response.normalized_request, _TAKEN, False):
        context.serializer_class = _INSTEAD.get(context.serializer_class, context.serializer_class)
    return _original(self, context)


ActionResult.execute_result = _execute  # type: ignore[method-assign]
