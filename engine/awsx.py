"""`awsx:ec2:Vpc` for the real engine: its children are registered as the rehearsal makes them (rehearsal/awsx_vpc.py)."""

from collections.abc import Iterator
from typing import Any

import grpc
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from rehearsal import awsx_vpc, wire


class _Id(str):
    """The id of a child, which knows what it is the id of: policies ask which input leads to which resource, in previews too,
    where no id is known."""

    urn = ""


def construct(request: Any, aws_version: str) -> Any:
    """Register the component and its children; returns the response to `Construct`. Raises ValueError for arguments that awsx
    would treat otherwise than written."""
    if request.type != awsx_vpc.TOKEN:
        raise ValueError(f"{request.type} is a remote component, whose children the rehearsal does not know")
    with grpc.insecure_channel(request.monitorEndpoint) as channel:
        monitor = resource_pb2_grpc.ResourceMonitorStub(channel)
        own = monitor.RegisterResource(
            resource_pb2.RegisterResourceRequest(
                type=request.type,
                name=request.name,
                parent=request.parent,
                object=wire.struct({}),
                acceptSecrets=True,
                acceptResources=True,
                aliases=request.aliases,
                providers=dict(request.providers),
            )
        )

        def make(type_: str, name: str, parent: str, inputs: dict[str, Any]) -> awsx_vpc.Made:
            leads = {key: sorted({one.urn for one in _ids(value)}) for key, value in inputs.items()}
            answered = monitor.RegisterResource(
                resource_pb2.RegisterResourceRequest(
                    type=type_,
                    name=name,
                    parent=parent,
                    custom=True,
                    object=wire.struct(inputs),
                    acceptSecrets=True,
                    acceptResources=True,
                    supportsPartialValues=True,
                    version=aws_version,
                    dependencies=sorted({urn for urns in leads.values() for urn in urns}),
                    propertyDependencies={
                        key: resource_pb2.RegisterResourceRequest.PropertyDependencies(urns=urns)
                        for key, urns in leads.items()
                        if urns
                    },
                )
            )
            made = _Id(answered.id or rpc.UNKNOWN)
            made.urn = answered.urn
            return awsx_vpc.Made(answered.urn, made)

        made = awsx_vpc.children(request.name, own.urn, wire.unwrap(wire.plain(request.inputs)), make)
        outputs = wire.struct({key: _wired(value) for key, value in made.items()})
        monitor.RegisterResourceOutputs(resource_pb2.RegisterResourceOutputsRequest(urn=own.urn, outputs=outputs))
    return provider_pb2.ConstructResponse(urn=own.urn, state=outputs)


def _ids(value: Any) -> Iterator[_Id]:
    if isinstance(value, _Id):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _ids(item)


def _wired(value: Any) -> Any:
    if isinstance(value, awsx_vpc.Made):
        return wire.reference(*value)
    return [_wired(item) for item in value] if isinstance(value, list) else value
