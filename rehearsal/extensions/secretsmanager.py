"""Secrets Manager: keys must be there, and each replica of a secret has one of its own region, which moto drops."""

import copy
import json
from typing import Any

from moto.secretsmanager.models import ReplicaSecret

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


@operation("secretsmanager", "StopReplicationToReplica")
def stop_replication_to_replica(call: Call) -> dict[str, Any]:
    """The replica becomes a secret of its own, with what is in it now."""
    wanted, backend = call.params["SecretId"], call.backend("secretsmanager")
    replica = next((one for one in dict.values(backend.secrets) if wanted in (one.arn, one.name)), None)
    if replica is None:
        raise Refuse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    if not isinstance(replica, ReplicaSecret):
        raise Refuse("InvalidRequestException", f"{wanted} is no replica.")
    replica.source.replicas = [one for one in replica.source.replicas if one.region != call.region]
    own = copy.copy(replica.source)
    own.arn, own.region, own.replicas = replica.arn, call.region, []
    own.versions = copy.deepcopy(replica.source.versions)
    own.kms_key_id = replica.config["KmsKeyId"]
    dict.__setitem__(backend.secrets, replica.arn, own)
    return {"ARN": own.arn}
