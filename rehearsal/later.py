"""What moto and botocore read of their files before anybody asks for it, read when somebody does.

moto's EC2 reads what instance types each region has when it is imported, and botocore the whole API of each service whose
regions moto lists. A rehearsal asks for the types of one region and calls a third of the services.
"""

import functools
import gzip
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.session
import moto.utilities.utils
from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader

OFFERED = re.compile(r"ec2/resources/instance_type_offerings/([a-z-]+)/")
_MODULE = "moto.ec2.models.instance_types"
_HEAD = 4096
"""Bytes of an API model that its metadata is in."""
_PREFIX = re.compile(rb'"endpointPrefix":\s*"([^"]+)"')

_load = moto.utilities.utils.load_resource


class _Offered(list[dict[str, Any]]):
    """The instance types of a place, read once somebody goes through them; empty to moto's EC2 while that is imported."""

    def __init__(self, resource: str, kind: str) -> None:
        super().__init__()
        self.unread: tuple[str, str] | None = (resource, kind)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self.unread and _MODULE in _imported:
            (resource, kind), self.unread = self.unread, None
            self.extend(offered | {"LocationType": kind} for offered in _load(resource))
        return super().__iter__()


_imported: set[str] = set()


def _load_later(resource: str) -> Any:
    found = OFFERED.match(resource)
    return _Offered(resource, found[1]) if found else _load(resource)


def import_ec2() -> None:
    """Import moto's EC2, without reading what each region offers."""
    if _MODULE not in sys.modules:
        moto.utilities.utils.load_resource = _load_later
        try:
            importlib.import_module(_MODULE)
        finally:
            moto.utilities.utils.load_resource = _load
    _imported.add(_MODULE)


def regions_by_head(loader: Loader) -> Callable[..., list[str]]:
    """`Session.get_available_regions` of botocore, from the head of a service's API model."""

    @functools.cache
    def prefix(service: str) -> str | None:
        try:
            version = loader.determine_latest_version(service, "service-2")
        except DataNotFoundError:
            return None
        for folder in loader.search_paths:
            file = Path(folder, service, version, "service-2.json.gz")
            if file.is_file():
                with gzip.open(file) as model:
                    found = _PREFIX.search(model.read(_HEAD))
                return found[1].decode() if found else service
        return service

    def get_available_regions(
        self: botocore.session.Session, service_name: str, partition_name: str = "aws", allow_non_regional: bool = False
    ) -> list[str]:
        resolver = self._get_internal_component("endpoint_resolver")
        known = prefix(service_name)
        return [*resolver.get_available_endpoints(known, partition_name, allow_non_regional)] if known else []

    return get_available_regions
