"""Who asks whom: run within namespaces, `python asking.py answer` and `python asking.py ask`, questions as JSON on stdin."""

import json
import selectors
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import product

SECONDS = 1.5
"""How long an answer may take: a rule that refuses says so at once."""


def answer(addresses: list[str], ports: list[int]) -> None:
    """Answer on every address and port, by TCP and UDP, until ended."""
    waiting = selectors.DefaultSelector()
    for address, port, kind in product(addresses, ports, (socket.SOCK_STREAM, socket.SOCK_DGRAM)):
        one = socket.socket(socket.AF_INET, kind)
        one.bind((address, port))
        if kind == socket.SOCK_STREAM:
            one.listen(50)
        waiting.register(one, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for key, _ in waiting.select():
            asked = key.fileobj
            assert isinstance(asked, socket.socket)
            with suppress(OSError):
                if asked.type == socket.SOCK_STREAM:
                    client, _ = asked.accept()
                    client.sendall(b"!")
                    client.close()
                else:
                    asked.sendto(b"!", asked.recvfrom(10)[1])


def answered(question: tuple[str, str, str, int]) -> bool:
    """Whether (from, to, protocol, port) is answered."""
    source, target, protocol, port = question
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM) as one:
        one.settimeout(SECONDS)
        one.bind((source, 0))
        try:
            one.connect((target, port))
            if protocol == "udp":
                one.send(b"?")
            return one.recv(1) == b"!"
        except OSError:
            return False


def speak_first(port: int) -> None:
    """Take one connection, and say something on it each time that a line comes in."""
    with socket.create_server(("0.0.0.0", port)) as server:
        print("ready", flush=True)
        client, _ = server.accept()
        print("taken", flush=True)
        for line in sys.stdin:
            client.sendall(line.encode())


def listen(source: str, target: str, port: int) -> None:
    """Connect, and print what is said."""
    with socket.create_connection((target, port), 5, (source, 0)) as one, one.makefile() as said:
        one.settimeout(None)
        for line in said:
            print(line, end="", flush=True)


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    if what == "answer":
        answer(words[0].split(","), [int(word) for word in words[1:]])
    elif what == "ask":
        with ThreadPoolExecutor(40) as pool:
            print(json.dumps(list(pool.map(answered, json.load(sys.stdin)))))
    elif what == "speak":
        speak_first(int(words[0]))
    else:
        listen(words[0], words[1], int(words[2]))
