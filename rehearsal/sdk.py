"""What the Pulumi SDK does for every resource that takes time and memory, and that a rehearsal has no use for."""

from collections.abc import Iterator
from contextlib import contextmanager

from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2


def _no_stack_trace() -> source_pb2.StackTrace:
    return source_pb2.StackTrace()


@contextmanager
def without_stack_traces() -> Iterator[None]:
    """Within the block, no registration takes a stack trace along: the real engine shows it, and nobody else reads it."""
    kept = resource._get_stack_trace
    resource._get_stack_trace = _no_stack_trace
    try:
        yield
    finally:
        resource._get_stack_trace = kept
