"""The emulated AWS account: moto in this process, plus our own operations, behind one strict `call`."""

import importlib
import importlib.util
import inspect
import json
import operator
import os
import sys
import threading
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

# moto reads these when it is imported. They turn on checks that AWS makes and that moto leaves out by default.
os.environ.update(
    MOTO_ENABLE_AMI_VALIDATION="true",
    MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION="true",
    MOTO_ENABLE_KEYPAIR_VALIDATION="true",
    MOTO_IAM_LOAD_MANAGED_POLICIES="true",
)

import botocore.session
import moto.backends
import moto.core.loaders
import moto.core.responses
import moto.core.utils
from botocore.config import Config
from botocore.loaders import JSONFileLoader
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.core.config import DefaultConfig
from moto.core.model_instances import reset_model_data

from rehearsal import direct, drawing, later, picking  # noqa: F401 - picking changes how moto finds what it answers
from rehearsal.api_model import listed, violations


class _LeanFiles(JSONFileLoader):  # type: ignore[misc]
    """Reads API models without their documentation, which is most of them; only lists of allowed numbers are read here."""

    def _load_file(self, full_path: str, open_method: Any) -> Any:
        if not Path(full_path).is_file():
            return None
        with open_method(full_path, "rb") as file:
            return json.loads(file.read(), object_hook=_undocumented)


def _undocumented(model: dict[str, Any]) -> dict[str, Any]:
    if isinstance(model.get("documentation"), str):
        model["documentation"] = listed(model["documentation"])
    return model


# Every session of botocore and boto3, of which moto makes many, and moto itself read and keep AWS's API models of their own,
# EC2's alone tens of MiB: one lean copy serves all.
_LOADER = moto.core.loaders.create_loader()
_LOADER.file_loader = _LeanFiles()
for _module in (moto.core.utils, botocore.session):
    setattr(_module, "create_loader", lambda *_: _LOADER)  # noqa: B010 - what they do not export
setattr(botocore.session.Session, "get_available_regions", later.regions_by_head(_LOADER))  # noqa: B010 - the same
later.import_ec2()


class _MethodNames:
    """The names of a class's methods, without listing all of them for every request, which takes a fifth of its time."""

    def __init__(self, cls: type) -> None:
        self.cls = cls

    def __contains__(self, name: str) -> bool:
        return inspect.isfunction(getattr(self.cls, name, None))


setattr(moto.core.responses, "method_names_from_class", _MethodNames)  # noqa: B010 - what moto does not export

_REGISTERED: set[str] = set()
"""The backends that moto knows to have been made since it was reset: it goes through a list of them at each step."""
_backend, _reset = BackendDict.__getitem__, BackendDict.reset


def _registered_backend(self: Any, account: str) -> Any:
    if self._id in _REGISTERED and (found := dict.get(self, account)) is not None:
        return found
    _REGISTERED.add(self._id)
    return _backend(self, account)


def _reset_registered() -> None:
    _reset()
    _REGISTERED.clear()


BackendDict.__getitem__ = _registered_backend  # type: ignore[method-assign]
BackendDict.reset = _reset_registered  # type: ignore[method-assign]

ACCOUNT = "123456789012"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "rehearsal", "AWS_SECRET_ACCESS_KEY": "rehearsal", "AWS_DEFAULT_REGION": "us-east-1"}
# A pattern or length in an API model that AWS itself does not enforce, as "service.Operation path" (positions as []).
LENIENT: set[str] = set()


_TOKENS = uuid.UUID(int=0)
"""What the tokens are derived by that make a request the same when it is sent again."""
_OPEN = threading.Lock()
"""Held by the account that is open."""


class Refused(Exception):
    """A request that AWS would refuse: the operation, and why."""


class Emulator:
    """An emulated account from `with Emulator() as aws:` until the block ends. One at a time in a process: a second one raises
    RuntimeError.

    `aws.call("ec2", "CreateVpc", {...}, region="eu-west-1", seed=urn)` returns the response as boto3 would.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.adopted: set[str] = set()
        """Ids and ARNs that exist because a stack file adopts them."""
        self._mock = mock_aws(config=DefaultConfig(core={"mock_credentials": False, "reset_boto3_session": False}))
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        if not _OPEN.acquire(blocking=False):
            # moto would quietly make them one.
            raise RuntimeError("an emulated account is open in this process; close it before the next one is opened")
        self._environment = {key: os.environ.get(key) for key in CREDENTIALS}
        os.environ.update(CREDENTIALS)
        drawing.start()
        load_extension("iam")  # every service consults IAM
        self._mock.start()
        self._session = botocore.session.get_session()
        return self

    def __exit__(self, *_: object) -> None:
        self._mock.stop(remove_data=False)  # the next start removes the data
        _forget()
        for key, value in self._environment.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value
        _OPEN.release()

    @property
    def services(self) -> list[str]:
        """The services that were called (their boto3 names)."""
        return sorted({service for service, _ in self._clients})

    def client(self, service: str, region: str) -> Any:
        """The botocore client of a service (its boto3 name) in a region."""
        key = (service, region)
        if key not in self._clients:
            load_extension(service)
            _make_backends(service, region)
            client = self._session.create_client(
                service,
                region,
                # A user agent that is given is not put together anew for each request.
                config=Config(retries={"total_max_attempts": 1}, parameter_validation=False, user_agent="hybridge"),
            )
            direct.connect(client, ACCOUNT)
            self._clients[key] = client
        return self._clients[key]

    def operation(self, service: str, operation: str, region: str) -> Any:
        """The API model of an operation; `.input_shape` and `.output_shape` are botocore's shapes."""
        return self.client(service, region).meta.service_model.operation_model(operation)

    def call(self, service: str, operation: str, params: dict[str, Any], *, region: str, seed: str = "") -> dict[str, Any]:
        """Check the request against AWS's own API model and send it.

        `seed` makes the ids that the emulator draws depend on it alone, not on what was made before: pass the URN.
        Raises Refused when the model or the emulator refuses.
        """
        with self._lock:
            client = self.client(service, region)
            if seed:
                tokens = client.meta.service_model.operation_model(operation).idempotent_members
                params = {token: str(uuid.uuid5(_TOKENS, f"{seed} {operation} {token}")) for token in tokens} | params
            self.check(service, operation, params, region=region)
            if _backends(service) is None:
                fix = "add it as an extension (docs/rehearsal-rows.md), or make the row a Checked"
                raise Refused(f"{service}.{operation}: the emulator has nothing of this service; {fix}")
            self.calls += 1
            try:
                with drawing.drawing_for(f"{seed} {operation}" if seed else ""):
                    return dict(client._make_api_call(operation, params))
            except client.exceptions.ClientError as error:
                detail = error.response.get("Error", {})
                raise Refused(f"{service}.{operation}: {detail.get('Code')}: {detail.get('Message')}") from error

    def check(self, service: str, operation: str, params: dict[str, Any], *, region: str) -> None:
        """Raise Refused if the request breaks AWS's API model."""
        shape = self.operation(service, operation, region).input_shape
        if shape is None:
            return
        found = [text for text in violations(params, shape) if f"{service}.{operation} {text.split(' ', 1)[0]}" not in LENIENT]
        if found:
            raise Refused(f"{service}.{operation}: " + "; ".join(found))


def _backends(service: str) -> Any:
    """moto's backends of a service, by region; None for one that neither moto nor an extension knows."""
    joined = service.replace("-", "")
    try:
        return moto.backends.get_backend(moto.backends.ALT_SERVICE_NAMES.get(joined, joined))[ACCOUNT]  # type: ignore[call-overload]
    except (ImportError, KeyError, AttributeError):
        return None


def _make_backends(service: str, region: str) -> None:
    """Have moto make its backends now: a new one draws ids (of a default VPC, say), which a seeded call must not do."""
    regions = _backends(service)
    if regions is None:
        return
    known = set(regions.regions)
    if region not in known and "aws" not in known:
        there = ", ".join(sorted(regions.regions)[:5])
        raise Refused(
            f"{service} is not there in {region}: moto has it in {there or 'no region'}; add an extension, or use Checked"
        )
    for name in sorted({region, "us-east-1"} & known or {"aws"}):  # in the same order in every process
        regions[name]


_KEEPING = {
    "moto.core.base_backend": "AccountSpecificBackend._generate_regions",
    "moto.ec2.models.subnets": "Subnet._base_avail_ip_iterator",
}
"""Cached methods of moto, whose caches keep their objects, and with them whole accounts."""


def _forget() -> None:
    """Let go of what moto keeps of everything that was ever made."""
    reset_model_data()
    for module, path in _KEEPING.items():
        if module in sys.modules:
            operator.attrgetter(path)(sys.modules[module]).cache_clear()


def read_models(services: Iterable[str]) -> None:
    """Read the API models of services, for whoever is going to fork: botocore keeps them, and so does moto."""
    for service in services:
        for kind in ("service-2", "endpoint-rule-set-1"):
            _LOADER.load_service_model(service, kind)
        moto.core.utils.get_service_model(service)


def load_extension(service: str) -> None:
    """Add our own operations of a service to moto, if there are any: `extensions/<boto3 name>.py`."""
    name = f"{__package__}.extensions.{service.replace('-', '_')}"
    if importlib.util.find_spec(name):
        importlib.import_module(name)
