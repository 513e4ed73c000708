"""A resource provider for the real Pulumi engine, in place of those of AWS and random: it answers from the one table."""

import functools
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from engine import awsx, home, state
from engine.account import Account, plain, stack_of
from engine.changes import Change, changes, unknown
from rehearsal import life, unsent, wire
from rehearsal.create import named
from rehearsal.emulator import Refused
from rehearsal.functions import answer
from rehearsal.pulumi_types import resource_type
from rehearsal.replacing import refusal
from rehearsal.row import Row

NO_LIMIT = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
THREADS = 16


@contextmanager
def served(account: Account) -> Iterator[dict[str, int]]:
    """Answer for each package on a port of loopback until the block ends; yields the ports."""
    servers, ports = [], {}
    for package, version in home.versions().items():
        server = grpc.server(ThreadPoolExecutor(THREADS), options=NO_LIMIT)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(package, version, account), server)
        ports[package] = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)
    try:
        yield ports
    finally:
        for server in servers:
            server.stop(None)


def _told(method: Callable[..., Any]) -> Callable[..., Any]:
    """What AWS or the table refuses becomes the engine's error, in its own words."""

    @functools.wraps(method)
    def wrapper(self: "Provider", request: Any, context: Any) -> Any:
        try:
            return method(self, request, context)
        except (Refused, ValueError) as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except NotImplementedError as error:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"not emulated: {error}")

    return wrapper


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """One package. All share one account, and one lock: the emulator is not meant for several threads."""

    def __init__(self, package: str, version: str, account: Account) -> None:
        self.package, self.version, self.account = package, version, account
        self.region = ""

    # What the engine asks before there are resources.

    def Handshake(self, request: Any, context: Any) -> Any:
        """Agree on the form of values."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=False, accept_outputs=False)

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """The version that the program asks for."""
        return plugin_pb2.PluginInfo(version=self.version)

    def GetSchema(self, request: Any, context: Any) -> Any:
        """Nothing but the name: who needs schemas has the SDK."""
        return provider_pb2.GetSchemaResponse(schema=json.dumps({"name": self.package, "version": self.version}))

    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Any configuration is right; the program's settings checked it."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        """A change of region makes the provider anew, and with it all that it made."""
        old, new = wire.plain(request.old_inputs), wire.plain(request.news)
        moved = ["region"] if old.get("region") != new.get("region") else []
        kind = provider_pb2.DiffResponse.DIFF_SOME if moved else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=kind, replaces=moved)

    def Configure(self, request: Any, context: Any) -> Any:
        """Keep the region, which resources have that name none."""
        self.region = wire.unwrap(wire.plain(request.args)).get("region") or self.region
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=False, acceptOutputs=False
        )

    def Attach(self, request: Any, context: Any) -> Any:
        """The engine attaches to what runs already; there is nothing to do."""
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        """Every step is short: it ends by itself."""
        return empty_pb2.Empty()

    # Resources.

    @_told
    def Check(self, request: Any, context: Any) -> Any:
        """Fill in the name, and refuse what AWS would as far as values are known; a preview refuses it then."""
        type_ = state.type_of(request.urn)
        news, olds = wire.plain(request.news), wire.plain(request.olds)
        table = self.account.table
        if type_ in self.account.allowed and type_ not in table:
            return provider_pb2.CheckResponse(inputs=request.news)
        if type_ not in table:
            fix = "add one (docs/rehearsal-rows.md), or allow it: `unknown` in own/accepted.yaml"
            reason = f"{type_} has no row in rehearsal/table or own/table, so that nothing can be made of it; {fix}"
            return provider_pb2.CheckResponse(failures=[provider_pb2.CheckFailure(reason=reason)])
        with self.account.lock:
            inputs = self._named(request.urn, type_, {key: value for key, value in news.items() if value is not None}, olds)
            known = {key: value for key, value in plain(inputs).items() if not unknown(value)}
            thing = life.Thing(type_, state.name_of(request.urn), request.urn, self._region(request.urn), known)
            hidden = frozenset(plain(inputs).keys() - known.keys())
            found = life.complaints(self.account.aws, table, thing, hidden)
            found += [("", text) for text in unsent.mistakes(type_, known, {}, hidden)]
        failures = [provider_pb2.CheckFailure(property=key, reason=text) for key, text in found]
        return provider_pb2.CheckResponse(inputs=wire.struct(inputs), failures=failures)

    def _named(self, urn: str, type_: str, news: dict[str, Any], olds: dict[str, Any]) -> dict[str, Any]:
        """The inputs with the name that the provider gives: the one it has, or a new one if the engine knows of none before."""
        row = self.account.table[type_]
        key = row.autoname
        if not key or key in news:
            return news
        if key in olds.get(state.DEFAULTS, ()) and olds.get(f"{key}Prefix") == news.get(f"{key}Prefix"):
            return {**news, key: olds[key], state.DEFAULTS: [key]}
        seed = state.seed(urn, self.account.next_generation(urn))
        return {**news, key: named(row, state.name_of(urn), seed, news)[key], state.DEFAULTS: [key]}

    @_told
    def Diff(self, request: Any, context: Any) -> Any:
        """Which inputs differ, which of them make it anew, and whether the old one has to go first for its name."""
        type_ = state.type_of(request.urn)
        old, new = wire.plain(request.old_inputs), wire.plain(request.news)
        found = [one for one in changes(plain(old), plain(new), type_) if one.top not in set(request.ignoreChanges)]
        replaces = sorted({one.top for one in found if one.replaces})
        if not replaces and (reasons := {text for one in found if (text := refusal(type_, one.path, plain(new)))}):
            raise ValueError("; ".join(sorted(reasons)))
        detailed = {one.path: provider_pb2.PropertyDiff(kind=_kind(one), inputDiff=True) for one in found}
        key = self._autoname(type_)
        same_name = bool(key) and key not in new.get(state.DEFAULTS, ()) and old.get(key) == new.get(key)
        kind = provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=kind,
            diffs=sorted({one.top for one in found}),
            replaces=replaces,
            detailedDiff=detailed,
            hasDetailedDiff=True,
            deleteBeforeReplace=bool(replaces) and same_name,
        )

    @_told
    def Create(self, request: Any, context: Any) -> Any:
        """Make it; in a preview, say what can be known of it."""
        type_, wrapped = state.type_of(request.urn), wire.plain(request.properties)
        if request.preview:
            outputs = {**dict.fromkeys(self._computed(type_), rpc.UNKNOWN), **wrapped}
            return provider_pb2.CreateResponse(properties=wire.struct(outputs))
        with self.account.lock:
            made, generation = self.account.make(request.urn, plain(wrapped), self._region(request.urn))
        outputs = made.outputs | {"id": made.id, state.BORN: request.urn}
        outputs |= {state.GENERATION: generation} if generation else {}
        return provider_pb2.CreateResponse(id=made.id, properties=wire.struct(_hidden(outputs, wrapped)))

    @_told
    def Update(self, request: Any, context: Any) -> Any:
        """Change it where its row says how; else keep the new inputs, for the account to be made anew with them."""
        type_, wrapped = state.type_of(request.urn), wire.plain(request.news)
        before = wire.plain(request.olds)
        row = self.account.table.get(type_)
        if request.preview:
            renewed = row.renewed if isinstance(row, Row) else frozenset()
            kept = {key: value for key, value in before.items() if key not in wire.plain(request.old_inputs)}
            if "tagsAll" in kept:
                kept["tagsAll"] = wrapped.get("tags", {})  # the provider plans them, so that policies see them in a preview
            outputs = {**kept, **dict.fromkeys(renewed, rpc.UNKNOWN), **wrapped}
            return provider_pb2.UpdateResponse(properties=wire.struct(outputs))
        thing = self._thing(request, plain(wire.plain(request.old_inputs)), before)
        with self.account.lock:
            updated = self.account.update(request.urn, thing, plain(wrapped))
        outputs = updated | {key: before[key] for key in (state.BORN, state.GENERATION) if key in before}
        return provider_pb2.UpdateResponse(properties=wire.struct(_hidden(outputs | {"id": request.id}, wrapped)))

    @_told
    def Read(self, request: Any, context: Any) -> Any:
        """Say whether it is still there, and what of it differs from what was asked for."""
        inputs, outputs = wire.plain(request.inputs), wire.plain(request.properties)
        if state.seed_of(request.urn, outputs) not in self.account.standing:
            raise ValueError(f"{request.urn}: read by id; the rehearsal reads only what it made")
        with self.account.lock:
            now = self.account.drift(request.urn, self._thing(request, plain(inputs), outputs))
        if now is None:
            return provider_pb2.ReadResponse()
        inputs, outputs = _as_now(inputs, now), _as_now(outputs, now)
        return provider_pb2.ReadResponse(id=request.id, properties=wire.struct(outputs), inputs=wire.struct(inputs))

    @_told
    def Delete(self, request: Any, context: Any) -> Any:
        """Remove it."""
        thing = self._thing(request, plain(wire.plain(request.old_inputs)), wire.plain(request.properties))
        with self.account.lock:
            self.account.delete(thing)
        return empty_pb2.Empty()

    def _computed(self, type_: str) -> frozenset[str]:
        """The outputs of a type that nobody knows before it is made, unless they are given as inputs."""
        known, row = resource_type(type_), self.account.table.get(type_)
        return (known.outputs if known else frozenset()) | (row.outputs.keys() if row else frozenset()) | {"id"}

    def _autoname(self, type_: str) -> str:
        row = self.account.table.get(type_)
        return row.autoname if row else ""

    def _thing(self, request: Any, inputs: dict[str, Any], outputs: dict[str, Any]) -> life.Thing:
        region = str(outputs.get("region", self._region(request.urn)))
        seed, name = state.seed_of(request.urn, outputs), state.name_of(request.urn)
        return life.Thing(state.type_of(request.urn), name, seed, region, inputs, request.id, plain(outputs))

    def _region(self, urn: str) -> str:
        """Where a resource is that names no region; a provider of no region at all makes nothing anywhere."""
        return self.region or self.account.files[stack_of(urn)].region

    @_told
    def Invoke(self, request: Any, context: Any) -> Any:
        """Answer a provider function from the account."""
        with self.account.lock:
            result = answer(self.account.aws, request.tok, wire.unwrap(wire.plain(request.args)), self.region)
        fields: dict[str, Any] = {"return": wire.struct(result)}  # a keyword of Python's
        return provider_pb2.InvokeResponse(**fields)

    @_told
    def Construct(self, request: Any, context: Any) -> Any:
        """Make the one remote component that the program uses."""
        return awsx.construct(request, home.versions()["aws"])


def _kind(change: Change) -> Any:
    return provider_pb2.PropertyDiff.Kind.Value(change.kind + ("_REPLACE" if change.replaces else ""))


def _as_now(values: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Inputs or outputs with what the account has now; what was a secret stays one."""
    changed = {key: wire.secret(value) if wire.holds_secret(values.get(key)) else value for key, value in now.items()}
    return {key: value for key, value in (values | changed).items() if value is not None}


def _hidden(outputs: dict[str, Any], wrapped: dict[str, Any]) -> dict[str, Any]:
    """Outputs that were given as secrets stay secret."""
    secret = {key for key, value in wrapped.items() if wire.holds_secret(value)}
    return {key: wire.secret(value) if key in secret else value for key, value in outputs.items()}
