"""IAM: AWS's managed policies are read once per process, where moto reads its 1.5 MB of them again for every partition; a role
is found by its name, where moto goes through all."""

import copy
import functools
from typing import Any

from moto.iam.models import IAMBackend, Role

_read = IAMBackend._init_aws_policies
_cache: dict[tuple[str, str], list[Any]] = {}


@functools.wraps(_read)
def _read_once(self: IAMBackend) -> list[Any]:
    if self.partition != "aws":  # moto makes a backend for each partition; nobody rehearses in China
        return []
    key = (self.account_id, self.region_name)
    if key not in _cache:
        _cache[key] = _read(self)
    return [copy.copy(policy) for policy in _cache[key]]


_role_of = IAMBackend.get_role


def _role(self: IAMBackend, role_name: str) -> Role:
    known: dict[str, Role] = self.__dict__.setdefault("hybridge_roles", {})
    found = known.get(role_name)
    if found is None or found.name != role_name or self.roles.get(found.id) is not found:
        found = known[role_name] = _role_of(self, role_name)
    return found


IAMBackend._init_aws_policies = _read_once  # type: ignore[method-assign]
IAMBackend.get_role = _role  # type: ignore[method-assign]
