"""Which attribute of moto's objects is a member of an answer, found once for each class and member.

moto tries six ways to name an attribute for each member of each object that it answers with, which takes it half the time of
putting an answer together. The names depend on the class of the object and on the shape alone: they are kept.
"""

from collections.abc import Sequence
from typing import Any

from moto.core.constants import MISSING
from moto.core.serialize import AttributePickerContext, ResponseSerializer, XFormedAttributePicker
from moto.core.utils import get_value as value_of

_NAMES: dict[tuple[type, int, str], tuple[Any, Sequence[str]]] = {}
"""The names to try, by class, shape and member. The shape is kept too, so that no other one gets its number."""
original = ResponseSerializer.get_value


def get_value(self: ResponseSerializer, value: Any, key: str, shape: Any) -> Any:
    """What a serializer asks its picker for: the same, from names that are kept."""
    picker = self._value_picker
    if type(picker) is not XFormedAttributePicker:
        return original(self, value, key, shape)
    kind = type(value)
    known = _NAMES.get((kind, id(shape), key))
    if known is None or known[0] is not shape:
        context = AttributePickerContext(value, key, shape, self.operation_model, self.service_model)
        known = _NAMES[kind, id(shape), key] = shape, tuple(dict.fromkeys(picker.get_possible_keys(context)))
    found = _found(kind, value, known[1])
    if picker.response_transformers:
        path = f"{'.'.join(self.path)}.{key}"
        for end, transform in picker.response_transformers.items():
            if path.endswith(end):
                return transform(found)
    return found


def _found(kind: type, value: Any, names: Sequence[str]) -> Any:
    if kind is dict:
        for name in names:
            if name in value:
                return value[name]
            if "." in name:
                return next(
                    (one for one in (value_of(value, each, MISSING) for each in names) if one is not MISSING),
                    None,
                )
        return None
    for name in names:
        one = value_of(value, name, MISSING)
        if one is not MISSING:
            return one
    return None


ResponseSerializer.get_value = get_value  # type: ignore[method-assign]
