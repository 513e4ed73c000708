"""What the installed Pulumi SDKs know of a resource type: its properties, and which of them only the provider can fill."""

import functools
import importlib
import inspect
import re
import threading
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ResourceType:
    """The properties of a resource type, camelCase."""

    inputs: frozenset[str]
    outputs: frozenset[str]
    """What is computed by the provider and cannot be given."""
    text: frozenset[str]
    """Those of the outputs that are strings."""
    filled: frozenset[str]
    """Inputs, such as names, that are strings in any case: the provider fills what nobody gives."""


_IMPORTING = threading.RLock()


@functools.cache
def resource_class(token: str) -> Any:
    """The class of `aws:ec2/vpc:Vpc` and the like; None for a type that no installed SDK has."""
    package, module, name = token.split(":")
    path = f"pulumi_{package}" + (f".{module.split('/')[0]}" if not module.startswith("index") else "")
    for candidate in (path, path + "_"):  # Python keywords: aws.lambda_
        try:
            # Of a module that another thread is importing there is but a half, and what is not found is remembered.
            with _IMPORTING:
                return getattr(importlib.import_module(candidate), name)
        except (ImportError, AttributeError):
            continue
    return None


@functools.cache
def resource_type(token: str) -> ResourceType | None:
    """The properties of a type; None for a type that no installed SDK has."""
    cls = resource_class(token)
    if cls is None:
        return None
    given = set(inspect.signature(cls._internal_init).parameters)
    inputs, outputs, text, filled = set(), set(), set(), set()
    for python_name, value in vars(cls).items():
        getter = getattr(value, "fget", None)
        if getter is None:
            continue
        camel = getattr(getter, "_pulumi_name", python_name)
        annotation: Any = getter.__annotations__.get("return", "")
        is_text = re.search(r"Output\[(builtins\.|_builtins\.)?str\]", str(annotation))
        if python_name in given:
            inputs.add(camel)
            filled |= {camel} if is_text else set()
        else:
            outputs.add(camel)
            text |= {camel} if is_text else set()
    return ResourceType(frozenset(inputs), frozenset(outputs), frozenset(text), frozenset(filled))
