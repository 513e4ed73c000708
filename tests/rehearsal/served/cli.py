"""The AWS CLI, as far as the runbooks use it: its arguments become requests to a served account, its output what shells read.

The CLI itself pins another botocore than the rehearsal, so that the two cannot be installed together.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jmespath
from botocore import xform_name

from rehearsal.api_model import to_api
from tests.rehearsal.served.support import REGION, Account

SERVICES = {"s3api": "s3"}
"""The CLI's names of services that differ from boto3's."""


def model(account: Account, service: str, operation: str) -> tuple[str, Any]:
    """Name and request shape of a command's operation."""
    meta = account.client(SERVICES.get(service, service)).meta
    names = {xform_name(name, "-"): name for name in meta.service_model.operation_names}
    return names[operation], meta.service_model.operation_model(names[operation]).input_shape


def parsed(shape: Any, words: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Request parameters and the CLI's own options, of the words after the command."""
    members = {xform_name(name, "-"): name for name in (shape.members if shape else ())}
    params: dict[str, Any] = {}
    own: dict[str, str] = {}
    for name, values in _options(words):
        positive = name.removeprefix("no-")
        if name in ("region", "query", "output"):
            own[name] = values[0]
        elif positive in members and shape.members[members[positive]].type_name == "boolean":
            params[members[positive]] = name == positive
        else:
            member = members[name]
            params[member] = to_api(_value(shape.members[member], values), shape.members[member], name)
    return params, own


def _options(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    name, values = "", list[str]()
    for word in words:
        if word.startswith("--"):
            if name:
                yield name, values
            name, values = word.removeprefix("--"), []
        else:
            values.append(word)
    if name:
        yield name, values


def _value(shape: Any, values: list[str]) -> Any:
    """JSON, the CLI's shorthand, or plain words."""
    if values and values[0][:1] in "{[":
        return json.loads(values[0])
    if shape.type_name == "list" and shape.member.type_name == "structure":
        return [_shorthand(value) for value in values]
    if shape.type_name in ("structure", "map"):
        return _shorthand(values[0])
    return values if shape.type_name == "list" else values[0]


def _shorthand(text: str) -> dict[str, Any]:
    return dict(pair.split("=", 1) for pair in text.split(","))


def command(account: Account, words: list[str]) -> str:
    """What a command prints. Raises ClientError when AWS would refuse."""
    service, operation, *rest = words
    if service == "s3":
        return _copy(account, [operation, *rest])
    name, shape = model(account, service, operation)
    params, own = parsed(shape, rest)
    client = account.client(SERVICES.get(service, service), own.get("region", REGION))
    method = xform_name(name)
    answer = client.get_paginator(method).paginate(**params).build_full_result() if client.can_paginate(method) else None
    answer = getattr(client, method)(**params) if answer is None else answer
    answer.pop("ResponseMetadata", None)
    found = jmespath.search(own["query"], answer) if "query" in own else answer
    return _text(found) if own.get("output") in ("text", "table") else json.dumps(found, default=_plain)


def _plain(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _text(found: Any) -> str:
    if isinstance(found, list):
        apart = "\n" if any(isinstance(one, list) for one in found) else "\t"
        return apart.join(map(_text, found))
    return "None" if found is None else _plain(found)


def _copy(account: Account, words: list[str]) -> str:
    """`aws s3 cp [--recursive] FROM s3://BUCKET/PREFIX`: what is written can be read again.

    Of `sync` from a bucket only that the bucket is there."""
    if words[0] == "sync":
        account.client("s3").list_objects_v2(Bucket=words[1].removeprefix("s3://").partition("/")[0])
        return ""
    assert words[0] == "cp", words
    source, target = (word for word in words[1:] if word != "--recursive")
    bucket, _, prefix = target.removeprefix("s3://").partition("/")
    client = account.client("s3")
    files = [path for path in Path(source).rglob("*") if path.is_file()] if "--recursive" in words else [Path(source)]
    for path in files:
        key = prefix + str(path.relative_to(source) if "--recursive" in words else path.name)
        client.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())
        assert client.get_object(Bucket=bucket, Key=key)["Body"].read() == path.read_bytes()
    return f"{len(files)} files"
