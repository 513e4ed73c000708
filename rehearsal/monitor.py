"""The resource monitor of a rehearsal: what the Pulumi engine is to a program, with an emulated account behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from rehearsal import awsx_vpc, unknown, unsent, wire
from rehearsal.create import UNFILLED, NoRow, create
from rehearsal.emulator import Emulator, Refused
from rehearsal.functions import answer
from rehearsal.options import Options, inherited, kept, options
from rehearsal.pulumi_types import resource_type
from rehearsal.row import Fidelity, Table
from rehearsal.strings import marked

FAILED = "<failed: "
"""The beginning of the id of a resource that could not be made."""


@dataclass
class Node:
    """A resource of the graph. `inputs` and `outputs` keep their secrets wrapped (see wire)."""

    urn: str
    type: str
    name: str
    parent: str
    id: str
    region: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    depends_on: list[str]
    fidelity: Fidelity
    gaps: list[str]
    options: Options = field(default_factory=dict)
    """What the program asks of Pulumi itself: protection, order, timeouts, earlier names."""

    @property
    def protect(self) -> bool:
        """Whether Pulumi refuses to delete it."""
        return bool(self.options.get("protect"))

    @property
    def ignore_changes(self) -> tuple[str, ...]:
        """Inputs whose changes the program ignores once the resource is there."""
        return tuple(self.options.get("ignoreChanges", ()))


@dataclass(frozen=True)
class Problem:
    """Something wrong, and the resource it is wrong with."""

    urn: str
    message: str


@dataclass
class Deployment:
    """What one program has made so far."""

    project: str
    stack: str
    region: str
    nodes: dict[str, Node] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)


class _NoMocks(mocks.Mocks):
    """The SDK wants mocks; the monitor below answers everything itself."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise AssertionError("the rehearsal's monitor makes resources itself")

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise AssertionError("the rehearsal's monitor answers calls itself")


AfterCreate = Callable[[Emulator, Node], None]


class Monitor(mocks.MockMonitor):
    """Makes every registered resource in the emulated account, in the order in which the program registers them."""

    def __init__(
        self,
        aws: Emulator,
        table: Table,
        deployment: Deployment,
        *,
        stacks: Mapping[str, dict[str, Any]],
        after_create: AfterCreate,
        on_progress: Callable[[Node], None],
        standing: Mapping[str, Node] = MappingProxyType({}),
    ) -> None:
        super().__init__(_NoMocks())
        self.aws, self.table, self.deployment, self.standing = aws, table, deployment, standing
        self.stacks, self.after_create, self.on_progress = stacks, after_create, on_progress
        self.incomplete = False
        """Whether a stack is missing whose outputs the program reads."""

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The URN as the engine makes it: the types of all parents, without the stack's."""
        chain = parent.split("::")[2] if parent else ""
        qualified = type_ if chain in ("", "pulumi:pulumi:Stack") else f"{chain}${type_}"
        return f"urn:pulumi:{self.deployment.stack}::{self.deployment.project}::{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:
        """Make one resource, or a component's node; a failure is recorded and the program goes on."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == "pulumi:pulumi:Stack":
            return resource_pb2.RegisterResourceResponse(urn=urn)
        inputs = wire.plain(request.object)
        asked = options(request, urn, self.options_of(request.parent))
        if urn in self.deployment.nodes:
            self.problem(urn, f"two resources of type {request.type} are named {request.name!r} below the same parent")
        if request.custom:
            if ignored := asked.get("ignoreChanges"):
                old = next((self.standing[name] for name in (urn, *asked.get("aliases", ())) if name in self.standing), None)
                inputs = kept(inputs, old.inputs, ignored) if old else inputs
            node = self.make(
                request.type,
                request.name,
                urn,
                request.parent,
                inputs,
                depends_on=list(request.dependencies),
                secret_outputs=set(request.additionalSecretOutputs),
                asked=asked,
            )
            return resource_pb2.RegisterResourceResponse(urn=urn, id=node.id, object=wire.struct(node.outputs))
        depends_on = sorted(request.dependencies)
        node = Node(urn, request.type, request.name, request.parent, "", "", inputs, {}, depends_on, "component", [], asked)
        self.deployment.nodes[urn] = node
        outputs: dict[str, Any] = {}
        if request.type == awsx_vpc.TOKEN:
            outputs = node.outputs = self.awsx_vpc(node)
        elif request.remote:
            self.problem(urn, f"{request.type} is a remote component, whose children the rehearsal does not know")
        return resource_pb2.RegisterResourceResponse(urn=urn, object=wire.struct(outputs))

    def make(
        self,
        type_: str,
        name: str,
        urn: str,
        parent: str,
        wrapped: dict[str, Any],
        *,
        depends_on: list[str],
        secret_outputs: set[str],
        asked: Options,
    ) -> Node:
        """Create a custom resource and add it to the graph."""
        inputs = wire.unwrap(wrapped)
        region = inputs.get("region", self.deployment.region)
        node = Node(urn, type_, name, parent, "", region, wrapped, {}, sorted(depends_on), "emulated", [], asked)
        self.deployment.nodes[urn] = node
        for mistake in unsent.mistakes(type_, inputs, asked):
            self.problem(urn, mistake)
        cause = next(marked(inputs, FAILED, UNFILLED), None)
        if cause is None:
            try:
                made = create(
                    self.aws, self.table, type_=type_, name=name, urn=urn, inputs=inputs, region=self.deployment.region
                )
                hidden = {key for key, value in wrapped.items() if wire.holds_secret(value)} | secret_outputs
                node.id, node.fidelity, node.gaps = made.id, made.fidelity, made.gaps
                node.outputs = {key: wire.secret(value) if key in hidden else value for key, value in made.outputs.items()}
                self.after_create(self.aws, node)
            except NoRow:
                node.fidelity = "unknown"
                node.id, outputs = unknown.stand_in(type_, name, urn, inputs, region)
                node.outputs = {**outputs, **wrapped}
                self.aws.adopted |= {node.id, node.outputs["arn"]}
            except (Refused, ValueError) as error:
                self.problem(urn, str(error))
            except Exception as error:
                self.problem(urn, f"{type_}: its row in rehearsal/table fails: {type(error).__name__}: {error}")
        elif cause.startswith(UNFILLED):
            self.problem(urn, f"uses an output that the table does not fill: {cause.removeprefix(UNFILLED).rstrip('>')}")
        # A resource that depends on a failed one is not a problem of its own.
        if not node.id:
            node.fidelity = "failed"
            node.id = f"{FAILED}{urn}>"
            known = resource_type(type_)
            node.outputs = {**dict.fromkeys(known.text if known else (), node.id), **wrapped, "arn": node.id}
        self.on_progress(node)
        return node

    def awsx_vpc(self, component: Node) -> dict[str, Any]:
        """Make the children of `awsx.ec2.Vpc`, which without the CLI nobody else does."""

        def make(type_: str, name: str, parent: str, inputs: dict[str, Any]) -> awsx_vpc.Made:
            urn = self.make_urn(parent, type_, name)
            used = {value for value in inputs.values() if isinstance(value, str)}
            depends_on = [node.urn for node in self.deployment.nodes.values() if node.id and node.id in used]
            asked = inherited(urn, parent, self.options_of(parent))
            node = self.make(type_, name, urn, parent, inputs, depends_on=depends_on, secret_outputs=set(), asked=asked)
            return awsx_vpc.Made(urn, node.id)

        def wired(value: Any) -> Any:
            if isinstance(value, awsx_vpc.Made):
                return wire.reference(*value)
            return [wired(item) for item in value] if isinstance(value, list) else value

        try:
            made = awsx_vpc.children(component.name, component.urn, wire.unwrap(component.inputs), make)
        except ValueError as error:
            self.problem(component.urn, str(error))
            return {}
        return {key: wired(value) for key, value in made.items()}

    def options_of(self, urn: str) -> Options:
        """The options of a resource; none for the stack itself."""
        return self.deployment.nodes[urn].options if urn in self.deployment.nodes else {}

    def problem(self, urn: str, message: str) -> None:
        """Record that something is wrong with a resource."""
        self.deployment.problems.append(Problem(urn, message))

    def ReadResource(self, request: Any) -> Any:
        """Answer `StackReference` from the stacks rehearsed before; nothing else is read."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type != "pulumi:pulumi:StackReference":
            self.problem(urn, f"{request.type} is read by id {request.id!r}; the rehearsal reads stack references only")
            return resource_pb2.ReadResourceResponse(urn=urn, properties=wire.struct({}))
        name = wire.plain(request.properties).get("name", request.name)
        stack = str(name).rsplit("/", maxsplit=1)[-1]
        outputs = self.stacks.get(stack)
        if outputs is None:
            known = ", ".join(self.stacks) or "none"
            fix = f"name it first: hybridge rehearse {stack} {self.deployment.stack}"
            self.problem(urn, f"stack {name!r} was not rehearsed before this one (rehearsed: {known}); {fix}")
            self.incomplete = True
        secret_names = [key for key, value in (outputs or {}).items() if wire.holds_secret(value)]
        state = {"name": name, "outputs": outputs or {}, "secretOutputNames": secret_names}
        # The name is all a graph should hold of another stack: its outputs are in that stack's own graph.
        self.deployment.nodes[urn] = Node(
            urn, request.type, request.name, request.parent, request.id, "", {"name": name}, {}, [], "emulated", []
        )
        return resource_pb2.ReadResourceResponse(urn=urn, properties=wire.struct(state))

    def Invoke(self, request: Any) -> Any:
        """Answer a provider function from the emulated account, and the SDK's look-ups of its own resources."""
        args = wire.unwrap(wire.plain(request.args))
        if request.tok == "pulumi:pulumi:getResource":
            node = self.deployment.nodes[args["urn"]]
            found = {"urn": node.urn, "id": node.id, "state": node.outputs}
            return _invoked(found)
        try:
            result = answer(self.aws, request.tok, args, self.deployment.region)
        except (Refused, ValueError) as error:
            self.problem(f"{request.tok}({args})", str(error))
            result = {}
        return _invoked(result)

    def RegisterResourceOutputs(self, request: Any) -> Any:
        """Keep the outputs of components and of the stack."""
        outputs = wire.plain(request.outputs)
        if "::pulumi:pulumi:Stack::" in request.urn:
            self.deployment.outputs = outputs
            for key, value in outputs.items():
                if cause := next(marked(wire.unwrap(value), FAILED, UNFILLED), None):
                    self.problem(f"output {key}", f"holds {cause}")
        elif request.urn in self.deployment.nodes:
            self.deployment.nodes[request.urn].outputs = outputs
        return empty_pb2.Empty()


def _invoked(result: dict[str, Any]) -> Any:
    fields: dict[str, Any] = {"return": wire.struct(result)}  # a keyword of Python's
    return resource_pb2.ResourceInvokeResponse(**fields)
