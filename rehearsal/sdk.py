"""What the Pulumi SDK does for every resource that takes a quarter of a rehearsal and changes nothing of its result."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pulumi.runtime import resource, resource_cycle_breaker, rpc
from pulumi.runtime.proto import source_pb2

_DEPENDED_ON = "_hybridge_depended_on"
"""On a resource that another one depends on."""


def declare_dependency(dependent: Any, dependency: Any) -> bool:
    """The SDK's function of this name: note that one resource depends on another, unless that would close a circle; whether it
    was noted.

    The SDK walks through all that the dependency depends on, for each of some seventy declarations a resource. Nothing can be
    found there while nothing depends on the dependent one, which is nearly always so: it is just being registered.
    """
    if dependency in resource_cycle_breaker._deps(dependent):
        return True
    if dependent is dependency:
        return False
    if hasattr(dependent, _DEPENDED_ON) and resource_cycle_breaker._reachable(dependency, dependent):
        return False
    resource_cycle_breaker._add_dep(dependent, dependency)
    setattr(dependency, _DEPENDED_ON, True)
    return True


def _no_stack_trace() -> source_pb2.StackTrace:
    return source_pb2.StackTrace()


@contextmanager
def lean() -> Iterator[None]:
    """Let the SDK find circles faster, and leave out the stack trace of each registration, which only the real engine reads."""
    instead: list[tuple[Any, str, Any]] = [
        (rpc, "declare_dependency", declare_dependency),
        (resource, "_get_stack_trace", _no_stack_trace),
    ]
    kept = [(module, name, getattr(module, name)) for module, name, _ in instead]
    for module, name, function in instead:
        setattr(module, name, function)
    try:
        yield
    finally:
        for module, name, function in kept:
            setattr(module, name, function)
