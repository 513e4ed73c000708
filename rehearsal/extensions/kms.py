"""KMS: moto gives even symmetric keys an RSA key of their own, 50 ms each, that nothing can ever ask for; they share one."""

import functools
from typing import Any

import moto.kms.models
from moto.kms.utils import KeySpec, generate_private_key


@functools.cache
def _unused() -> Any:
    return generate_private_key(KeySpec.RSA_2048)


def _private_key(key_spec: str) -> Any:
    return _unused() if key_spec == KeySpec.SYMMETRIC_DEFAULT else generate_private_key(key_spec)


setattr(moto.kms.models, "generate_private_key", _private_key)  # noqa: B010 - what moto does not export
