"""Args of HybridStorage as `__main__` would put them together: a section of a stack file, and what Network gives."""

from collections.abc import Callable
from typing import Any, cast

from components.hybrid_storage import HybridStorage, HybridStorageArgs
from components.settings.storage import Storage
from tests.recorder import REGION, Answer, Graph, deploy

TAGS = {"project": "hybridge"}
CIDRS = ["10.0.0.0/16", "192.168.0.0/16"]
GATEWAY_ENDPOINT = "vpce-0123456789abcdef0-abcdefgh.storagegateway.ap-northeast-2.vpce.amazonaws.com"
S3_ENDPOINT = "*.vpce-0123456789abcdef1-abcdefgh.s3.ap-northeast-2.vpce.amazonaws.com"
KEY = "29AV1-3OFV9-VVIUB-NKT0I-LRO6V"
DISK = "pci-0000:03:00.0-scsi-0:0:1:0"
LOCAL_DISK = "aws:storagegateway/getLocalDisk:getLocalDisk"
ACTIVE = {"fileGateway": {"activationKey": KEY}}


def args(section: dict[str, Any] | None = None, **wiring: Any) -> HybridStorageArgs:
    return cast(
        HybridStorageArgs,
        {
            **Storage.model_validate(section or {}).as_args(),
            "region": REGION,
            "tags": TAGS,
            "protected": False,
            "vpc_id": "vpc-1",
            "zones": ["ap-northeast-2a", "ap-northeast-2c"],
            "private_subnet_ids": ["subnet-a", "subnet-c"],
            "on_premises_cidrs": CIDRS,
            **wiring,
        },
    )


def _outputs(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    known = {
        "aws:s3/bucket:Bucket": {"bucket": inputs.get("bucket", name), "arn": f"arn:aws:s3:::{inputs.get('bucket', name)}"},
        "aws:storagegateway/gateway:Gateway": {"gatewayId": "sgw-12345678"},
        "aws:kms/key:Key": {"keyId": "key-id"},
    }
    return known.get(type_, {})


OUTPUTS: Answer = _outputs


def storage(section: dict[str, Any] | None = None, **wiring: Any) -> Graph:
    return run(lambda: HybridStorage("storage", args(section, **wiring)))


def run(program: Callable[[], Any]) -> Graph:
    return deploy(program, outputs=OUTPUTS, functions={LOCAL_DISK: {"diskId": DISK, "id": DISK}})
