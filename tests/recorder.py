"""The one recorder of all tests with Pulumi mocks: deploy a program, then ask what it registered.

def test_a_bucket_is_versioned() -> None:
    graph = deploy(lambda: HybridStorage("storage", {...}))
    assert graph.one("aws:s3/bucketVersioning:BucketVersioning").inputs["versioningConfiguration"] == {"status": "Enabled"}
"""

import asyncio
import functools
import json
import runpy
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.stack import run_pulumi_func

from rehearsal import awsx_vpc, wire
from rehearsal.options import Options, inherited, options
from rehearsal.pulumi_types import resource_type
from rehearsal.stackfile import read

REGION = "ap-northeast-2"
ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Registered:
    """A resource as the program registered it. Keys are Pulumi's own camelCase; secrets are unwrapped and listed."""

    urn: str
    type: str
    name: str
    parent: str
    inputs: dict[str, Any]
    secrets: frozenset[str] = frozenset()
    """The top-level inputs that are secret as a whole, or hold a secret."""
    dependencies: frozenset[str] = frozenset()
    """URNs of everything it waits for."""
    options: Options = field(default_factory=dict)
    custom: bool = True
    shown: dict[str, Any] = field(default_factory=dict)
    """The inputs with every secret masked."""
    asked_to_wait_for: frozenset[str] = frozenset()
    """URNs of what it waits for though no input of it shows why."""
    provider: str = ""
    """The provider that it was given or inherited, as URN and id; empty for the default one. What awsx makes has awsx's."""

    @property
    def id(self) -> str:
        return f"{self.name}-id"

    @property
    def protect(self) -> bool:
        return bool(self.options.get("protect"))

    @property
    def ignore_changes(self) -> tuple[str, ...]:
        return tuple(self.options.get("ignoreChanges", ()))

    @property
    def retain_on_delete(self) -> bool:
        return bool(self.options.get("retainOnDelete"))

    @property
    def delete_before_replace(self) -> bool:
        return bool(self.options.get("deleteBeforeReplace"))

    @property
    def custom_timeouts(self) -> dict[str, str]:
        return dict(self.options.get("customTimeouts", {}))


@dataclass
class Graph:
    """Everything a program registered, in order of registration."""

    resources: list[Registered] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    callers: list[str] = field(default_factory=list)
    """The provider of each of these calls, as of a resource."""
    outputs: dict[str, Any] = field(default_factory=dict)
    """What each component registered as its outputs: URN to a dict."""
    shown_outputs: dict[str, Any] = field(default_factory=dict)
    """The same with every secret masked."""
    result: Any = None

    def created(self, type_: str, **inputs: Any) -> list[Registered]:
        """The resources of a type whose given inputs equal these values."""
        return [r for r in self.resources if r.type == type_ and all(r.inputs.get(k) == v for k, v in inputs.items())]

    def one(self, type_: str, name: str | None = None, **inputs: Any) -> Registered:
        """The only resource of a type, by name if the type occurs more than once."""
        found = [r for r in self.created(type_, **inputs) if name is None or r.name == name]
        assert len(found) == 1, f"{len(found)} of {type_} {name or ''}: {[r.name for r in self.created(type_)]}"
        return found[0]

    def names(self, type_: str) -> list[str]:
        return sorted(r.name for r in self.created(type_))

    def children(self, urn: str) -> list[Registered]:
        return [r for r in self.resources if r.parent == urn]


def _unwrap(value: Any) -> tuple[Any, bool]:
    if isinstance(value, dict):
        if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
            return _unwrap(value["value"])[0], True
        pairs = {key: _unwrap(item) for key, item in value.items()}
        return {key: item for key, (item, _) in pairs.items()}, any(secret for _, secret in pairs.values())
    if isinstance(value, list):
        items = [_unwrap(item) for item in value]
        return [item for item, _ in items], any(secret for _, secret in items)
    if isinstance(value, float) and value.is_integer():
        return int(value), False
    return value, False


Answer = Callable[[str, str, dict[str, Any]], dict[str, Any]]
Function = Mapping[str, Any] | Callable[[dict[str, Any]], dict[str, Any]]
"""What a provider function answers, or what it answers to which args."""


class _Mocks(mocks.Mocks):
    """Answers with the inputs, an id and an ARN, and whatever a test adds; functions answer with what every test needs."""

    def __init__(self, graph: Graph, outputs: Answer | None, functions: Mapping[str, Function]) -> None:
        self.graph, self.outputs, self.functions = graph, outputs, functions
        self.monitor: _Monitor

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        plain, _ = _unwrap(args.inputs)
        kind = args.typ.split(":")[-1]
        if args.typ == "pulumi:pulumi:StackReference" and self.outputs:
            return str(plain["name"]), {"name": plain["name"], **self.outputs(args.typ, args.name, plain)}
        state: dict[str, Any] = {"arn": f"arn:aws:{args.typ.split(':')[1].split('/')[0]}:{REGION}:{ACCOUNT}:{kind}/{args.name}"}
        if args.typ == awsx_vpc.TOKEN:
            return f"{args.name}-id", self.vpc(args.name, plain)
        if plain.get("vpcEndpointType") == "Interface":
            state["dnsEntries"] = [{"dnsName": f"{args.name}.vpce.amazonaws.com", "hostedZoneId": "Z27UANNT0PRK1T"}]
        state |= plain
        state.setdefault("name", args.name)
        if args.typ == "aws:s3/bucket:Bucket":
            state.setdefault("bucket", args.name)  # its name is called otherwise
        known = resource_type(args.typ) if args.typ.startswith(("aws:", "random:")) else None
        for key in known.text - set(state) if known else ():
            state[key] = f"{args.name}-{key}"  # a provider fills every computed string
        if self.outputs:
            state |= self.outputs(args.typ, args.name, plain)
        return f"{args.name}-id", state

    def vpc(self, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """Register the children that the awsx plugin would make, ids such as `network-private-1-id` with the type in front."""

        def make(type_: str, child: str, parent: str, values: dict[str, Any]) -> awsx_vpc.Made:
            urn = self.monitor.make_urn(parent, type_, child)
            made = awsx_vpc.Made(urn, f"{type_.rsplit(':', maxsplit=1)[-1]}-{child}-id")
            self.monitor.resources[urn] = mocks.MockMonitor.ResourceRegistration(urn, made.id, values)
            asked = inherited(urn, parent, self.monitor.options.get(parent, {}))
            self.graph.resources.append(
                Registered(urn, type_, child, parent, values, options=asked, shown=values, provider=awsx_vpc.TOKEN)
            )
            return made

        def reference(value: Any) -> Any:
            if isinstance(value, awsx_vpc.Made):
                return {rpc._special_sig_key: rpc._special_resource_sig, "urn": value.urn, "id": value.id}
            return [reference(item) for item in value] if isinstance(value, list) else value

        made = awsx_vpc.children(name, self.monitor.urn, inputs, make)
        return {key: reference(value) for key, value in made.items()}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        self.graph.calls.append((args.token, args.args))
        self.graph.callers.append(args.provider)
        found = self.functions.get(args.token, {})
        return (found(dict(args.args)) if callable(found) else dict(found)), []


def endpoint_service(args: dict[str, Any]) -> dict[str, Any]:
    """A service of AWS that is everywhere."""
    _, _, region, service = args["serviceName"].split(".", maxsplit=3)
    name = f"{'.'.join(reversed(service.split('.')))}.{region}.amazonaws.com"
    return {
        "serviceName": args["serviceName"],
        "availabilityZones": [f"{region}{letter}" for letter in "abcdef"],
        "privateDnsName": name,
        "privateDnsNames": [name],
        "vpcEndpointPolicySupported": True,
    }


FUNCTIONS: dict[str, Function] = {
    "aws:ec2/getVpcEndpointService:getVpcEndpointService": endpoint_service,
    "aws:ssm/getParametersByPath:getParametersByPath": {"names": [], "values": []},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root"},
    "aws:index/getPartition:getPartition": {"partition": "aws", "dnsSuffix": "amazonaws.com"},
    "aws:secretsmanager/getSecretVersion:getSecretVersion": {
        "secretString": json.dumps({"username": "dbadmin", "password": "Recorded0", "host": "h", "port": 5432})
    },
    "aws:ssm/getParameter:getParameter": {"value": "ami-0123456789abcdef0", "insecureValue": "ami-0123456789abcdef0"},
}


class _Monitor(mocks.MockMonitor):
    def __init__(self, inner: _Mocks) -> None:
        super().__init__(inner)
        self.graph = inner.graph
        self.urn = ""
        self.options: dict[str, Options] = {}
        inner.monitor = self

    def RegisterResource(self, request: Any) -> Any:
        plain, _ = _unwrap(rpc.deserialize_properties(request.object))
        secrets = {key for key, item in rpc.deserialize_properties(request.object).items() if _unwrap(item)[1]}
        self.urn = self.make_urn(request.parent, request.type, request.name)
        asked = options(request, self.urn, self.options.get(request.parent, {}))
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != "pulumi:pulumi:Stack":
            self.graph.resources.append(
                Registered(
                    urn=response.urn,
                    type=request.type,
                    name=request.name,
                    parent=request.parent,
                    inputs=plain,
                    secrets=frozenset(secrets),
                    dependencies=frozenset(request.dependencies),
                    options=self.options.setdefault(response.urn, asked),
                    shown=wire.mask(rpc.deserialize_properties(request.object)),
                    asked_to_wait_for=frozenset(request.dependencies).difference(
                        *(found.urns for found in request.propertyDependencies.values())
                    ),
                    custom=request.custom,
                    provider=request.provider,
                )
            )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:
        outputs = rpc.deserialize_properties(request.outputs)
        self.graph.outputs[request.urn] = _unwrap(outputs)[0]
        self.graph.shown_outputs[request.urn] = wire.mask(outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def deploy(
    program: Callable[[], Any],
    *,
    outputs: Answer | None = None,
    functions: Mapping[str, Function] | None = None,
    config: dict[str, str] | None = None,
    stack: str = "test",
) -> Graph:
    """Run a program against mocks on an event loop of its own, until every registration has drained.

    `outputs` may add computed outputs: called with type, name and inputs. `functions` answers provider functions by token.
    `config` holds full keys and values as `pulumi config` would store them. Raises whatever the program raises.
    """
    graph = Graph()
    with _event_loop() as loop:
        pulumi.runtime.set_all_config(config or {"aws:region": REGION})
        settings.ROOT.set(None)  # a stack resource of its own, without the exports of the test before
        inner = _Mocks(graph, outputs, FUNCTIONS | dict(functions or {}))
        mocks.set_mocks(inner, project="hybridge", stack=stack, preview=False, monitor=_Monitor(inner))
        # What a program that failed has left belongs to a loop that is closed.
        settings.SETTINGS.rpc_manager.clear()
        settings.SETTINGS.outputs.clear()

        def run() -> None:
            graph.result = program()

        loop.run_until_complete(run_pulumi_func(run))
    return graph


@contextmanager
def _event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop of its own, so that one program leaves nothing to the next. Registrations run one after another, in one thread
    (not in the caller's: the SDK's mocks wait there on a loop of the thread's own), so that what a program registers, and
    in which order, is the same each time."""
    loop = asyncio.new_event_loop()
    worker = ThreadPoolExecutor(max_workers=1)
    loop.set_default_executor(worker)
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        # What a program that failed leaves behind.
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        settings.SETTINGS.outputs.clear()
        settings.SETTINGS.rpc_manager.clear()
        worker.submit(lambda: asyncio.get_event_loop_policy().get_event_loop().close()).exception()
        worker.shutdown()
        loop.close()


def deploy_stack(stack: str, before: Callable[[], Any] = lambda: None) -> Graph:
    """The whole program under mocks, as a stack: a name (`dev`) or the path of a stack file. That of a primary comes first.

    `before` is called within the program, ahead of its first line.
    """
    root = Path(__file__).parents[1]
    file = read(stack, root)
    exported: dict[str, Any] = {}
    if primary := file.values.get("hybridge:primaryStack"):
        name = str(primary).rsplit("/", maxsplit=1)[-1]
        beside = Path(stack).parent / f"{name}.yaml"
        exported = _exported(str(beside) if beside.is_file() else name)

    def outputs(type_: str, _name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        return {"outputs": exported, "secretOutputNames": []} if type_ == "pulumi:pulumi:StackReference" else {}

    def program() -> None:
        before()
        runpy.run_path(str(root / "__main__.py"), run_name="__main__")
        if top := settings.get_root_resource():
            top.register_outputs(top.outputs)  # type: ignore[attr-defined]

    return deploy(program, config=file.config, stack=file.stack, outputs=outputs)


SHIPPED = ("dev", "prod", "dr")
"""The stack files of the project."""


@functools.cache
def deployed_stack(stack: str) -> Graph:
    """What deploy_stack returns, once for all tests that only look at it."""
    return deploy_stack(stack)


@functools.cache
def _exported(stack: str) -> dict[str, Any]:
    """What a stack exports."""
    graph = deployed_stack(stack)
    return next(outputs for urn, outputs in graph.outputs.items() if "::pulumi:pulumi:Stack::" in urn)
