"""Asking a policy pack's process without waiting for it: requests go out by a thread, answers come back in their order."""

import os
import queue
import select
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from proofs.pack_host import HEAD, METHODS

PROGRAM = Path(__file__).with_name("pack_host.py")
START_SECONDS = 20.0
"""Time that the pack has to start. It takes half a second; an import that hangs must not hang the rehearsal."""
ANSWER_SECONDS = 60.0
"""Time that the pack has for one answer."""


WRITER = "writes to the policy pack"
"""The name of the thread that does."""
BATCH = 1 << 16
"""Bytes of requests that go out together: each time, the thread that writes takes the interpreter from the program."""


class PipeError(Exception):
    """There is no answer; the text says why."""


class Pipe:
    """A process that runs the pack of a folder. Starting it does not wait for it."""

    def __init__(self, python: Sequence[str], folder: Path, environment: Mapping[str, str], errors: IO[bytes]) -> None:
        self._read, write = os.pipe()
        self.process = subprocess.Popen(
            [*python, str(PROGRAM), str(write), "."],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=errors,
            stderr=errors,
            pass_fds=[write],
        )
        os.close(write)
        self._started = False
        self._asked, self._told = 0, 0
        self._answers: dict[int, bytes | PipeError] = {}
        self._waiting = bytearray()
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        # A pipe holds little: whoever writes to a pack that thinks would wait for it.
        self._writer = threading.Thread(target=self._write, name=WRITER, daemon=True)
        self._writer.start()

    def ask(self, method: str, request: Any) -> int:
        """Ask for something; returns the number of the answer."""
        content = request.SerializeToString()
        self._waiting += HEAD.pack(METHODS.index(method), len(content)) + content
        if len(self._waiting) >= BATCH:
            self.send()
        self._asked += 1
        return self._asked

    def send(self) -> None:
        """Let what was asked go out now."""
        if self._waiting:
            self._queue.put(bytes(self._waiting))
            self._waiting.clear()

    def answer(self, number: int) -> bytes:
        """Wait for an answer, which is told once. Raises PipeError."""
        self.send()
        if not self._started:
            if self._take(1, START_SECONDS) != b"\n":
                raise PipeError("does not start")
            self._started = True
        while self._told < number:
            head = self._take(HEAD.size, ANSWER_SECONDS)
            failed, size = HEAD.unpack(head) if len(head) == HEAD.size else (True, 0)
            content = self._take(size, ANSWER_SECONDS)
            if len(head) < HEAD.size or len(content) < size:
                raise PipeError("gives no answer")
            self._told += 1
            self._answers[self._told] = PipeError(f"failed: {content.decode(errors='replace')}") if failed else content
        answer = self._answers.pop(number)
        if isinstance(answer, PipeError):
            raise answer
        return answer

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        self._queue.put(None)
        self._writer.join()
        os.close(self._read)

    def _take(self, size: int, seconds: float) -> bytes:
        """So many bytes of the answers; fewer where the process ended, or said nothing for so long."""
        found = bytearray()
        while len(found) < size and select.select([self._read], [], [], seconds)[0]:
            part = os.read(self._read, size - len(found))
            if not part:
                break
            found += part
        return bytes(found)

    def _write(self) -> None:
        assert self.process.stdin is not None
        try:
            with self.process.stdin as pipe:
                while (message := self._queue.get()) is not None:
                    pipe.write(message)
                    pipe.flush()
        except BrokenPipeError:
            pass  # whoever waits for an answer is told
