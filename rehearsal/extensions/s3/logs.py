"""S3: where access logs go is told as it was asked for. moto keeps the form of their names, and does not tell it."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.responses import S3Response

FORM = "TargetObjectKeyFormat"
_get: Callable[[S3Response], Any] = S3Response.get_bucket_logging


def _get_bucket_logging(self: S3Response) -> Any:
    kept = self.backend.get_bucket_logging(self.bucket_name)
    if not kept.get(FORM) or kept.get("TargetGrants"):
        return _get(self)
    # Of a form without settings the name alone was read.
    form = {name: settings or {} for name, settings in kept[FORM].items()}
    told = {"TargetBucket": kept["TargetBucket"], "TargetPrefix": kept["TargetPrefix"], FORM: form}
    self.data["Action"] = "GetBucketLogging"
    return self.serialized(ActionResult({"LoggingEnabled": told}))


S3Response.get_bucket_logging = _get_bucket_logging  # type: ignore[method-assign]
