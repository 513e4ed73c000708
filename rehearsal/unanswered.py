"""What the emulated account has no answer to, said once, as an error of AWS in the protocol that was spoken.

Status 501: the SDKs and the CLI try 500, 502, 503 and 504 again and again, and this one never.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

STATUS = 501
CODE, FAILED = "NotImplemented", "InternalFailure"
"""What is not emulated, and what is but failed: the emulator's fault, in which trying again helps nobody either."""
REQUEST_ID = "00000000-0000-0000-0000-000000000000"
_SCOPE = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


@dataclass(frozen=True)
class Asked:
    """What a request asks for, as far as it can be told without anybody who answers it."""

    service: str
    """The name that the request is signed for, such as `directconnect`."""
    operation: str
    protocol: str
    """One of json, rest-json, rest-xml, query, ec2, s3, cbor."""

    def __str__(self) -> str:
        return f"{self.service}.{self.operation}"


def asked(request: Request) -> Asked:
    """What a request asks for."""
    headers = request.headers
    scope = _SCOPE.search(headers.get("Authorization", ""))
    service = scope["service"] if scope else "s3"  # what is not signed is a file of a bucket
    if target := headers.get("X-Amz-Target"):
        return Asked(service, target.rsplit(".", maxsplit=1)[-1], "json")
    if headers.get("Smithy-Protocol"):
        return Asked(service, request.path.rsplit("/", maxsplit=1)[-1], "cbor")
    action = _action(request)
    if action:
        return Asked(service, action, "ec2" if service == "ec2" else "query")
    try:
        operation = str(get_service_router(service).match(request)[0].name)
    except (NotFound, ValueError, KeyError, OSError):
        operation = f"{request.method} {request.path}"
    return Asked(service, operation, "s3" if service == "s3" else _rest(service))


def _action(request: Request) -> str | None:
    form: Mapping[str, str] = request.values
    if "Action" in form:
        return form["Action"]
    return next(iter(parse_qs(request.get_data(as_text=True)).get("Action", [])), None) if request.form else None


def _rest(service: str) -> str:
    try:
        return str(get_service_model(service).protocol)
    except (ValueError, KeyError, OSError):
        return "rest-json"


def answer(request: Asked, code: str, message: str) -> tuple[str | bytes, dict[str, str]]:
    """Body and headers of an error in the protocol of the request."""
    text = escape(message)
    error = f"<Code>{code}</Code><Message>{text}</Message>"
    match request.protocol:
        case "ec2":
            body = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>"
        case "s3":
            body = f"<Error>{error}<RequestId>{REQUEST_ID}</RequestId></Error>"
        case "query" | "rest-xml":
            body = (
                f"<ErrorResponse><Error><Type>Receiver</Type>{error}</Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
            )
        case "cbor":
            return _map({"__type": code, "message": message}), {
                "Content-Type": "application/cbor",
                "Smithy-Protocol": "rpc-v2-cbor",
            }
        case _:
            content = "application/x-amz-json-1.1" if request.protocol == "json" else "application/json"
            # Which of the two spellings is read depends on the service.
            shaped = json.dumps({"__type": code, "message": message, "Message": message})
            return shaped, {"Content-Type": content, "x-amzn-ErrorType": code}
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', {"Content-Type": "text/xml"}


def _map(texts: Mapping[str, str]) -> bytes:
    """A map of texts in CBOR (RFC 8949)."""
    return bytes([0xA0 | len(texts)]) + b"".join(_text(part) for pair in texts.items() for part in pair)


def _text(text: str) -> bytes:
    raw = text.encode()
    return bytes([0x79]) + len(raw).to_bytes(2, "big") + raw
