"""What is proved aside is told as if it had been proved here."""

import os
import signal
import threading
import time

import pytest

from proofs.aside import aside
from rehearsal.usage import UsageError


class Odd(Exception):
    """What cannot be pickled."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


@pytest.fixture
def _cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)


@pytest.fixture
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that runs one command: whoever runs tests in parallel has threads of its own."""
    monkeypatch.setattr(threading, "enumerate", lambda: [threading.current_thread()])


@pytest.mark.usefixtures("_cores", "_alone")
def test_the_work_goes_on_elsewhere_while_this_process_does_its_own() -> None:
    def work() -> tuple[int, str]:
        time.sleep(0.3)
        return os.getpid(), "x" * 1_000_000

    started = time.perf_counter()
    found = aside(work)
    assert time.perf_counter() - started < 0.2
    process, text = found()
    assert process != os.getpid()
    assert len(text) == 1_000_000


@pytest.mark.usefixtures("_cores", "_alone")
def test_what_goes_wrong_there_is_raised_here() -> None:
    def refuse() -> None:
        raise ValueError("no such route")

    def oddly() -> None:
        raise Odd("no", "such")

    with pytest.raises(ValueError, match="no such route"):
        aside(refuse)()
    with pytest.raises(RuntimeError, match="Odd: nosuch"):
        aside(oddly)()
    with pytest.raises(UsageError, match="killed"):
        aside(lambda: os.kill(os.getpid(), signal.SIGKILL))()


@pytest.mark.usefixtures("_cores")
def test_while_a_thread_may_hold_a_lock_it_is_done_here() -> None:
    done = threading.Event()
    threading.Thread(target=done.wait).start()
    try:
        assert aside(os.getpid)() == os.getpid()
    finally:
        done.set()


def test_on_one_core_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert aside(os.getpid)() == os.getpid()
