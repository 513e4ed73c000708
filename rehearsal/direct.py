"""The way of a request from botocore to moto in one process, without what only a network needs.

botocore writes each request and reads each answer as before, and moto's own dispatch answers: only the signature that nobody
checks, the retries of an answer that cannot get lost, the search of moto's two hundred host names for each call and the text of
XML (see nodes) are gone. They take a third of a call's time.
"""

import io
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit
from xml.etree.ElementTree import Element

import moto.backend_index
import moto.backends
from botocore.awsrequest import AWSResponse, HeadersDict, create_request_object
from botocore.handlers import add_recursion_detection_header
from moto.core.base_backend import BackendDict
from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, Request, normalize_request
from werkzeug.exceptions import HTTPException

from rehearsal import nodes

_FAILED = 300
"""The lowest status that is an error to botocore."""
_BY_NETWORK = {"s3"}
"""Services whose requests botocore's handlers change on their way: they go that way."""
_Answer = Callable[..., tuple[int, dict[str, Any], str | bytes]]


def connect(client: Any, account: str) -> None:
    """Let a client of botocore ask moto directly."""
    if client.meta.service_model.service_name not in _BY_NETWORK:
        way = _Way(client, account)
        client._endpoint.make_request = way.make_request
        # It looks for two variables that AWS Lambda sets, which takes as long as all that is sent.
        client.meta.events.unregister("before-call", add_recursion_detection_header)


class _Way:
    """From one client to moto. It lasts as long as the account, so that paths which an extension adds to moto are found."""

    def __init__(self, client: Any, account: str) -> None:
        self._account = account
        self._over_network = client._endpoint.make_request
        self._modeled_error = client._endpoint._add_modeled_error_fields
        model = client.meta.service_model
        self._parser = client._endpoint._response_parser_factory.create_parser(model.resolved_protocol)
        self._parse_text = getattr(self._parser, "_parse_xml_string_to_dom", None)
        if self._parse_text:
            self._parser._parse_xml_string_to_dom = self._node_of
        # moto takes the region from it where the host name has none.
        scope = f"{client.meta.region_name}/{model.signing_name}/aws4_request"
        self._signature = f"AWS4-HMAC-SHA256 Credential=rehearsal/20000101/{scope}, SignedHeaders=host, Signature=0"
        self._services: dict[str, list[str]] = {}
        self._paths: dict[str, list[tuple[re.Pattern[str], _Answer]]] = {}

    def make_request(self, operation: Any, asked: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """What botocore's endpoint does: the answer as it came, and as it reads."""
        if operation.has_streaming_output or operation.has_event_stream_output:
            return self._over_network(operation, asked)  # type: ignore[no-any-return]
        request = create_request_object(asked)
        request.headers["Authorization"] = self._signature
        prepared = request.prepare()
        parts = urlsplit(prepared.url)
        normal = _received(prepared, parts)
        if self._parse_text:
            nodes.take(normal)
        try:
            answer = next(self._answering(f"{parts.scheme}://{parts.netloc}", parts.path), None)
            status, headers, body = (
                answer(normal, normal.raw_url, normal.headers) if answer else (404, {}, "Not yet implemented")
            )
        except HTTPException as error:
            status, headers, body = error.code or 500, dict(error.get_headers()), error.get_body()
        content: Any = self._content(body, status, headers)
        response = AWSResponse(
            prepared.url, status, HeadersDict(headers), io.BytesIO(content if isinstance(content, bytes) else b"")
        )
        read = {
            "headers": response.headers,
            "status_code": status,
            "context": {"operation_name": operation.name},
            "body": content,
        }
        parsed = self._parser.parse(read, operation.output_shape)
        if status >= _FAILED:
            self._modeled_error(read, parsed, operation, self._parser)
        return response, parsed

    def _content(self, body: Any, status: int, headers: dict[str, Any]) -> "bytes | Element":
        """What botocore is to parse."""
        if isinstance(body, nodes.Written):
            try:
                if status < _FAILED:
                    return body.node(headers.get("x-amzn-requestid", ""))
            except nodes.Unlike:
                pass
            body = body.text()
        return body.encode() if isinstance(body, str) else body

    def _node_of(self, content: "bytes | Element") -> Any:
        return content if isinstance(content, Element) else self._parse_text(content)  # type: ignore[misc]

    def _answering(self, host: str, path: str) -> Iterator[_Answer]:
        """What of moto answers a path of a host, best first."""
        if host not in self._services:
            patterns = moto.backend_index.backend_url_patterns
            self._services[host] = [service for service, pattern in patterns if pattern.match(host)]
        for service in self._services[host]:
            if service not in self._paths:
                self._paths[service] = _paths(service, self._account)
            yield from (answer for pattern, answer in self._paths[service] if pattern.match(host + path))


_PLAIN = re.compile("[A-Za-z0-9/._-]+")
_PARTS_OF_ENVIRON = {"Content-Type": "CONTENT_TYPE", "Content-Length": "CONTENT_LENGTH"}


def _received(prepared: Any, parts: SplitResult) -> Request:
    """A request as moto receives it: what `normalize_request` makes, by way of a client and its files, of one without anything
    that is written otherwise on the way."""
    body = prepared.body
    if parts.query or not _PLAIN.fullmatch(parts.path) or not (body is None or isinstance(body, (str, bytes))):
        return normalize_request(prepared)
    content = b"" if body is None else body.encode() if isinstance(body, str) else body
    environ = {
        "REQUEST_METHOD": prepared.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": parts.path,
        "QUERY_STRING": "",
        "REQUEST_URI": parts.path,
        "RAW_URI": parts.path,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": "443",
        "HTTP_HOST": parts.netloc,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        PRESERVED_HEADER_NAMES_ENVIRON_KEY: {},
        "CONTENT_LENGTH": str(len(content)),
    }
    for name, value in prepared.headers.items():
        text = value.decode() if isinstance(value, bytes) else value
        environ[_PARTS_OF_ENVIRON.get(name) or f"HTTP_{name.upper().replace('-', '_')}"] = text
    return Request(environ)


def _paths(service: str, account: str) -> list[tuple[re.Pattern[str], _Answer]]:
    """The paths of a service of moto. Asking makes its backend, which draws ids: nobody asks for one that is not needed."""
    regions = moto.backends.get_backend(service)  # type: ignore[call-overload]
    if isinstance(regions, BackendDict):
        own = regions[account]
        backend = own["us-east-1"] if "us-east-1" in own else own["aws"]
    else:
        backend = regions["global"]
    return [(re.compile(path), answer) for path, answer in backend.urls.items()]
