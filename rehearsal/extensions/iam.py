"""IAM: AWS's managed policies are read once per process; moto reads its 1.5 MB of them again for every partition."""

import copy
import functools
from typing import Any

from moto.iam.models import IAMBackend

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


IAMBackend._init_aws_policies = _read_once  # type: ignore[method-assign]
