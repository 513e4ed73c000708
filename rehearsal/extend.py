"""Adding operations to moto from outside: the hybrid half of AWS that moto does not emulate.

    @operation("storagegateway", "ActivateGateway")
    def activate_gateway(call: Call) -> dict[str, Any]:
        arn = call.arn("gateway/" + call.new_id("sgw-"))
        call.state["gateways"][arn] = {**call.params, "GatewayARN": arn}
        return {"GatewayARN": arn}

`params` and the returned dict have the very names of AWS's API model; members that the model does not know are dropped by
the serializer. `state` is a `defaultdict(dict)` of the service, account and region, gone when the emulator ends. An operation
that moto already has is replaced: use `call.moto()` to run moto's own first.
"""

import functools
import importlib
import inspect
import re
import sys
import types
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import moto.backend_index
import moto.backends
from botocore.session import Session
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores

from rehearsal import drawing


class Refuse(Exception):
    """Answer with an AWS error: `raise Refuse("InvalidParameterValue", "the message AWS would give")`.

    `members`: what the shape of the error has besides its message, which tools decide by.
    """

    def __init__(self, code: str, message: str, **members: Any) -> None:
        super().__init__(code, message)
        self.members = members


@dataclass
class Call:
    """One request to an extended operation."""

    params: dict[str, Any]
    region: str
    account: str
    service: str
    moto: Callable[[], Any]
    """Run moto's own implementation of this operation and return what its response method returns."""

    @property
    def state(self) -> "defaultdict[str, dict[str, Any]]":
        """What the extended operations of this service keep, by kind; one per account and region."""
        return state(self.service, self.account, self.region)

    def backend(self, service: str, region: str | None = None) -> Any:
        """moto's backend of any service in this account, for checks and changes across services."""
        return backend(service, self.account, region or self.region)

    def arn(self, resource: str, service: str | None = None) -> str:
        """An ARN of this account and region."""
        return f"arn:aws:{service or self.service}:{self.region}:{self.account}:{resource}"

    def new_id(self, prefix: str = "", length: int = 17, *, of: str = "") -> str:
        """A new id; the same for the same resource in every run.

        `of` says which of several things of the request it is for, so that its id does not depend on how many there are.
        """
        return prefix + drawing.hexadecimal(length, f"{prefix} {of}")


def backend(service: str, account: str, region: str) -> Any:
    """moto's backend of a service; for a global service (IAM, Route 53, S3) the only one."""
    regions = moto.backends.get_backend(service)[account]  # type: ignore[call-overload]
    return regions[region if region in regions.regions else "aws"]


def state(service: str, account: str, region: str) -> "defaultdict[str, dict[str, Any]]":
    """The state that extended operations of a service keep; it lives in moto's backend and dies with its reset."""
    kept: defaultdict[str, dict[str, Any]] = backend(_moto_name(service), account, region).__dict__.setdefault(
        "hybridge_state", defaultdict(dict)
    )
    return kept


def operation(service: str, name: str) -> Callable[[Callable[[Call], dict[str, Any] | None]], Any]:
    """Answer the operation `name` of the service (boto3's name) with the decorated function."""

    def decorate(function: Callable[[Call], dict[str, Any] | None]) -> Any:
        response_class = _response_class(service)
        method_name = camelcase_to_underscores(name)
        original = getattr(response_class, method_name, None)

        def method(self: Any) -> Any:
            self.parse_parameters(self.normalized_request)
            params = self.params.original_dict() if hasattr(self.params, "original_dict") else dict(self.params)

            def own() -> Any:
                if original is None:
                    raise Refuse("NotImplemented", f"moto has no {service}.{name}")
                return original(self)

            call = Call(params, self.region, self.current_account, service, own)
            try:
                result = function(call)
            except Refuse as refusal:
                # moto finds the service of an error by the module of its class.
                kind = type(refusal.args[0], (ServiceException,), {"__module__": type(self).__module__})
                told = kind(*refusal.args)
                vars(told).update(refusal.members)
                raise told from refusal
            return result if isinstance(result, (tuple, str, ActionResult)) else ActionResult(result or {})

        functools.update_wrapper(method, function)
        setattr(response_class, method_name, method)
        return function

    return decorate


def has(service: str, name: str) -> bool:
    """Whether an operation is there: moto's own, or one of ours that is loaded. S3 is routed otherwise: it has none here."""
    return hasattr(_response_class(service), camelcase_to_underscores(name))


def _moto_name(service: str) -> str:
    joined = service.replace("-", "")
    return moto.backends.ALT_SERVICE_NAMES.get(joined, joined)


@functools.cache
def _response_class(service: str) -> Any:
    module_name = f"moto.{_moto_name(service)}"
    try:
        module = importlib.import_module(module_name + ".responses")
    except ModuleNotFoundError:
        return _new_service(service, module_name)
    classes = [
        cls
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, BaseResponse) and cls.__module__ == module.__name__
    ]
    # REST services route by path: what moto has no route for goes to the dispatcher, which finds the operation by the model.
    urls = importlib.import_module(module_name + ".urls")
    if "{0}/.*$" not in urls.url_paths and not any(path.endswith("/(.*)$") for path in urls.url_paths):
        urls.url_paths["{0}/.*$"] = classes[-1].dispatch
    return classes[-1]


def _new_service(service: str, module_name: str) -> Any:
    """Register a service that moto lacks altogether; its endpoint prefix must equal its boto3 name."""
    cls: Any = type(
        "Response",
        (BaseResponse,),
        {"__init__": lambda self: BaseResponse.__init__(self, service), "__module__": module_name + ".responses"},
    )
    host = rf"https?://{service}\.(.+)\.amazonaws\.com"
    urls = types.SimpleNamespace(url_bases=[host], url_paths={"{0}/$": cls.dispatch, "{0}/.*$": cls.dispatch})
    backend_class = type("Backend", (BaseBackend,), {"_url_module": property(lambda self: urls)})
    module: Any = types.ModuleType(module_name)
    # Of a service with endpoints in a few regions only, which botocore does not list, the provider calls one of them for any.
    known = Session().get_available_regions(service) or Session().get_available_regions("ec2")
    backends: Any = BackendDict(backend_class, service, use_boto3_regions=False, additional_regions=known)
    setattr(module, f"{_moto_name(service)}_backends", backends)
    sys.modules[module_name] = module
    sys.modules[module_name + ".models"] = module
    moto.backend_index.backend_url_patterns.insert(0, (_moto_name(service), re.compile(host)))
    return cls
