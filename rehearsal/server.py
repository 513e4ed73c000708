"""The emulated account over HTTP: moto's own server, but one request at a time, and with an answer to everything."""

import threading
from collections.abc import Callable
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from flask import Flask, Response
from flask import request as flask_request
from moto.moto_server.werkzeug_app import (
    BackendRequest,
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, make_server

from rehearsal import unanswered

Tell = Callable[[str], None]


class Server:
    """Answers on a port of loopback within `with Server(port) as server:`; 0 takes any free port. `server.url` is where.

    `tell` gets a line for each operation that is asked for in vain, once. `descriptor` is that of a socket which listens on the
    port already.
    """

    def __init__(self, port: int, tell: Tell = lambda _: None, *, descriptor: int | None = None) -> None:
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", port, _Account(tell), threaded=True, request_handler=_QuietHandler, fd=descriptor
        )
        # A client that keeps its connection open must not keep the command from ending.
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        host, bound = self._server.server_address[:2]
        self.url = f"http://{host!s}:{bound}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _QuietHandler(MotoRequestHandler):
    """No line per request: it would bury what the command says."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


class _Account(DomainDispatcherApplication):
    """Finds who answers a request; what nobody answers is told as an error of AWS."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(self._application)
        self._tell = tell
        self._told: set[str] = set()
        # Terraform asks for ten things at once, and moto walks through dicts that another thread changes.
        self._one_at_a_time = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        with self._one_at_a_time:
            # All of the answer, for the lock has to cover the making of it.
            return [b"".join(super().__call__(environ, start_response))]

    def get_backend_for_host(self, host: str | None) -> Any:
        """As moto's, without its print of a service that it has not got."""
        if (
            host
            and "amazonaws.com" in host
            and not any(known.match(f"http://{host}") for _, known in self.backend_url_patterns)
        ):
            return None
        return super().get_backend_for_host(host)

    def _application(self, service: Any) -> Flask:
        app = create_backend_app(service) if service else Flask("nobody")
        app.request_class = BackendRequest
        app.register_error_handler(Exception, self._failed)
        app.after_request(self._nothing_said)
        return app

    def _failed(self, error: Exception) -> Any:
        """What became of a request that no service took to its end."""
        if isinstance(error, HTTPException) and not type(error).__module__.startswith("werkzeug"):
            return error  # moto's own refusals, shaped as AWS's
        if isinstance(error, NotImplementedError | HTTPException):
            return self._unanswered(unanswered.CODE, "")
        return self._unanswered(unanswered.FAILED, f"{type(error).__name__}: {error}")

    def _nothing_said(self, response: Response) -> Response:
        """moto answers a path that it does not know with nothing at all."""
        silent = response.status_code == HTTPStatus.NOT_FOUND and not response.get_data() and flask_request.method != "HEAD"
        return self._unanswered(unanswered.CODE, "") if silent else response

    def _unanswered(self, code: str, why: str) -> Response:
        request: Any = flask_request
        asked = unanswered.asked(request)
        text = f"the emulator failed at {asked}: {why}" if why else f"{asked} is not emulated"
        if text not in self._told:
            self._told.add(text)
            self._tell(text)
        body, headers = unanswered.answer(asked, code, f"{text}; docs/rehearsal-rows.md says how to add what is missing")
        return Response(body, status=unanswered.STATUS, headers=headers)
