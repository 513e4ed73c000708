"""Pulumi's wire format: plain Python values to protobuf structs and back, with secrets and resource references."""

from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

SIGNATURE = rpc._special_sig_key
SECRET = rpc._special_secret_sig
RESOURCE = rpc._special_resource_sig
MASK = "[secret]"


def unwrap(value: Any) -> Any:
    """The value with every secret's wrapping removed and whole floats as integers."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return unwrap(value["value"])
        return {key: unwrap(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unwrap(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def mask(value: Any) -> Any:
    """The value with every secret replaced by `[secret]`."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return MASK
        return {key: mask(item) for key, item in value.items()}
    if isinstance(value, list):
        return [mask(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def holds_secret(value: Any) -> bool:
    """Whether any part of the value is secret."""
    if isinstance(value, dict):
        return value.get(SIGNATURE) == SECRET or any(map(holds_secret, value.values()))
    return isinstance(value, list) and any(map(holds_secret, value))


def secret(value: Any) -> dict[str, Any]:
    """The value as a secret."""
    return {SIGNATURE: SECRET, "value": value}


def reference(urn: str, identifier: str) -> dict[str, Any]:
    """A reference to a resource."""
    return {SIGNATURE: RESOURCE, "urn": urn, "id": identifier}


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    """The values as a protobuf struct; None becomes null."""
    result = struct_pb2.Struct()
    for key, value in values.items():
        result.fields[key].CopyFrom(_value(value))
    return result


def _value(value: Any) -> struct_pb2.Value:
    if isinstance(value, dict):
        return struct_pb2.Value(struct_value=struct(value))
    if isinstance(value, (list, tuple)):
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[_value(item) for item in value]))
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, (int, float)):
        return struct_pb2.Value(number_value=value)
    return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE) if value is None else struct_pb2.Value(string_value=str(value))


def plain(message: struct_pb2.Struct) -> dict[str, Any]:
    """A protobuf struct as a dict; secrets stay wrapped, resource references become their ids."""
    return {key: _plain(value) for key, value in message.fields.items()}


def _plain(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    match kind:
        case "struct_value":
            fields = value.struct_value.fields
            if SIGNATURE in fields and fields[SIGNATURE].string_value == RESOURCE:
                return fields["id"].string_value if "id" in fields else fields["urn"].string_value
            return {key: _plain(item) for key, item in fields.items()}
        case "list_value":
            return [_plain(item) for item in value.list_value.values]
        case "null_value" | None:
            return None
        case _:
            return getattr(value, kind)
