"""Proving something on another core: a forked process has the account and all rehearsals as they stand, and tells what it
found."""

import os
import pickle
import threading
import warnings
from collections.abc import Callable
from typing import TypeVar

from proofs.pipe import WRITER
from rehearsal.usage import UsageError

Found = TypeVar("Found")


def aside(work: Callable[[], Found]) -> Callable[[], Found]:
    """Begin some work in a process of its own; call what is returned to wait for what it found, or raises.

    Where that cannot be had it is done at once: on one core, where nothing forks, or while a thread of this process might be
    in the middle of a request, whose lock nobody would let go of in the other process.
    """
    if not _forks():
        found = work()
        return lambda: found
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of the thread that writes to the pack, which holds no lock of ours
        process = os.fork()
    if process == 0:
        os.close(read)
        _tell(work, write)
    os.close(write)
    return lambda: _take(process, read)


def _forks() -> bool:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    others = {thread.name for thread in threading.enumerate() if thread is not threading.current_thread()}
    return hasattr(os, "fork") and cores > 1 and others <= {WRITER}


def _tell(work: Callable[[], object], write: int) -> None:
    """Do it and end, without anything that a process does at its end: it is not this one's."""
    try:
        told = pickle.dumps((True, work()), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:
        told = pickle.dumps((False, _picklable(error)))
    try:
        with os.fdopen(write, "wb") as pipe:
            pipe.write(told)
    finally:
        os._exit(0)


def _picklable(error: BaseException) -> BaseException:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _take(process: int, read: int) -> Found:  # type: ignore[type-var]
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    os.waitpid(process, 0)
    if not told:
        raise UsageError("a proof has ended without an answer: its process was killed, perhaps for want of memory; try again")
    good, found = pickle.loads(told)
    if not good:
        raise found
    return found  # type: ignore[no-any-return]
