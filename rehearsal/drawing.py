"""What the emulator draws, ids above all, as a function of the resource alone: of nothing made before it, and of no other draw.

moto draws everything from one generator. Seeded per request, it still tells what is drawn late in a request from how much was
drawn before: an endpoint with an address more would be another endpoint. Here each place that draws has a stream of its own.
"""

import itertools
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import moto.core.responses
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.moto_random import MotoRandom
from moto.utilities.aws_headers import gen_amzn_requestid_long

METHODS = (
    *("uuid1", "uuid4", "get_random_hex", "get_random_string", "token_urlsafe"),
    *("choice", "choices", "randint", "randrange", "sample", "shuffle", "random", "getrandbits"),
)
"""Whatever moto, or an extension, draws by."""


class _Streams(MotoRandom):
    """moto's generator, or within a request as many as there are places that draw."""

    plain = MotoRandom()
    """Draws for whoever has not said what for."""
    request: str | None = None
    """What the draws belong to; None: nobody has said."""
    streams: dict[str, MotoRandom] = {}

    def begin(self, request: str | None) -> None:
        """Draw for a request from here on."""
        self.request, self.streams = request, {}

    def stream(self, place: str) -> MotoRandom:
        """What draws at a place."""
        found = self.streams.get(place)
        if found is None:
            found = self.streams[place] = MotoRandom(zlib.crc32(f"{self.request} {place}".encode()))
        return found


def _streamed(name: str) -> Callable[..., Any]:
    original = getattr(_Streams.plain, name)

    def draw(self: _Streams, *args: Any, **kwargs: Any) -> Any:
        if self.request is None:
            return original(*args, **kwargs)
        return getattr(self.stream(f"{name} {_asked(args)} {_place()}"), name)(*args, **kwargs)

    return draw


def _asked(args: tuple[Any, ...]) -> str:
    """The plain arguments: what is chosen from may hold objects, whose text differs from run to run."""
    return " ".join(str(one) for one in args if isinstance(one, (int, str)))


def _place() -> str:
    """The functions of moto that led to a draw. Not ours: what we call a function should not change an id."""
    functions: list[str] = []
    frame = sys._getframe(2).f_back
    while frame:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("moto.core") or module == f"{__package__}.emulator":
            break
        if module.startswith("moto."):
            functions.append(frame.f_code.co_qualname)
        frame = frame.f_back
    return " ".join(functions)


for _name in METHODS:
    setattr(_Streams, _name, _streamed(_name))
mock_random.__class__ = _Streams  # every module of moto holds this very object
_DRAWS = cast(_Streams, mock_random)
_REQUESTS = itertools.count(1)
_drawn_id = gen_amzn_requestid_long


def _request_id(headers: dict[str, Any] | None = None) -> str:
    """The id of a request, which is told and never kept: its 52 letters, each drawn by itself, would be most of all draws.

    Where what is drawn next follows from what was drawn before, they still are.
    """
    if _DRAWS.request is None:
        return str(_drawn_id(headers))
    number = f"{next(_REQUESTS):052}"
    if headers is not None:
        headers["x-amzn-requestid"] = number
    return number


setattr(moto.core.responses, "gen_amzn_requestid_long", _request_id)  # noqa: B010 - what moto does not export


def start() -> None:
    """Begin at the same place in each account, for what belongs to no request."""
    _DRAWS.plain.seed(0)


@contextmanager
def drawing_for(request: str) -> Iterator[None]:
    """Let all that is drawn within the block follow from this text; with an empty one, from what was drawn before."""
    _DRAWS.begin(request or None)
    try:
        yield
    finally:
        _DRAWS.begin(None)


def hexadecimal(length: int, of: str) -> str:
    """Hexadecimal digits for one thing of a request, whatever else is drawn for it."""
    return (_DRAWS.plain if _DRAWS.request is None else _DRAWS.stream(of)).get_random_hex(length)
