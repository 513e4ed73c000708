"""Deploying the program into an empty served account by HTTP alone, as somebody would who points the real plugin at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from botocore.config import Config

from rehearsal.emulator import Emulator
from rehearsal.serve import load_everything
from rehearsal.server import Server


@dataclass(frozen=True)
class Asked:
    """A request that was made for a resource."""

    service: str
    operation: str
    params: dict[str, Any]
    region: str


class ByHttp(Emulator):
    """An account in which every call goes through the server, and is remembered by the resource that it was made for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, list[Asked]] = {}
        self.empty: set[str] = set()
        """Structures of answers that had nothing in them."""
        self._by_http: dict[tuple[str, str], Any] = {}

    def __enter__(self) -> Self:
        super().__enter__()
        load_everything()
        self.told: list[str] = []
        self._server = Server(0, self.told.append)
        self._server.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._server.__exit__(None, None, None)
        super().__exit__(*error)

    def client(self, service: str, region: str) -> Any:
        """A client of the served account."""
        key = (service, region)
        if key not in self._by_http:
            super().client(service, region)  # makes what a new region of a service begins with
            config = Config(retries={"total_max_attempts": 1}, parameter_validation=False, s3={"addressing_style": "path"})
            self._by_http[key] = self._session.create_client(service, region, endpoint_url=self._server.url, config=config)
        return self._by_http[key]

    def call(self, service: str, operation: str, params: dict[str, Any], *, region: str, seed: str = "") -> dict[str, Any]:
        """As any call, but remembered."""
        self.asked.setdefault(seed, []).append(Asked(service, operation, params, region))
        answer = super().call(service, operation, params, region=region, seed=seed)
        shape = self.operation(service, operation, region).output_shape
        self.empty.update(f"{service}.{operation} {path}" for path in _empty(answer, shape, ""))
        return answer


def _empty(value: Any, shape: Any, path: str) -> Iterator[str]:
    """Where an answer has a structure with nothing in it."""
    if shape is None:
        return
    if shape.type_name == "structure" and isinstance(value, dict):
        if not value and path:
            yield path.lstrip(".")
        for key, item in value.items():
            yield from _empty(item, shape.members.get(key), f"{path}.{key}")
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            yield from _empty(item, shape.member, f"{path}[]")
