"""Secrets Manager: keys must be there, and each replica of a secret has one of its own region, which moto drops."""

import json
from typing import Any

from rehearsal.extend import Call, Refuse, operation


@operation("secretsmanager", "CreateSecret")
def create_secret(call: Call) -> Any:
    """Keys must be in the region that they are for; a region gets one replica, and none of its own secret."""
    replicas = call.params.get("AddReplicaRegions", [])
    regions = [replica["Region"] for replica in replicas]
    if call.region in regions or len(set(regions)) < len(regions):
        raise Refuse("InvalidParameterException", f"Invalid replica region: {', '.join(regions)}")
    for key, region in [
        (call.params.get("KmsKeyId"), call.region),
        *((one.get("KmsKeyId"), one["Region"]) for one in replicas),
    ]:
        _check_key(call, key, region)
    made_by_moto: dict[str, Any] = json.loads(call.moto())
    secret = call.backend("secretsmanager").secrets[call.params["Name"]]
    for made, asked in zip(secret.replicas, replicas, strict=True):
        made.config["KmsKeyId"] = asked.get("KmsKeyId", made.config["KmsKeyId"])
    return made_by_moto


def _check_key(call: Call, key: str | None, region: str) -> None:
    if key is None or key.startswith("alias/aws/"):
        return
    elsewhere = key.startswith("arn:") and key.split(":")[3] != region
    if elsewhere or key.rsplit("/", maxsplit=1)[-1] not in call.backend("kms", region).keys:
        raise Refuse("InvalidParameterException", f"The KMS key {key} is not in {region}.")
