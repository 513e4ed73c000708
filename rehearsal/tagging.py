"""Changing the tags of what is there: each service has operations of its own for it."""

from dataclasses import dataclass
from typing import Any

from rehearsal.api_model import to_api
from rehearsal.working import Working


@dataclass(frozen=True)
class Tagging:
    """How a service tags."""

    add: str
    remove: str
    resource: str
    """The member that names the resource."""
    tags: str
    keys: str
    of: str = "arn"
    """The output that goes there; `id` is Pulumi's id."""


_PLAIN = Tagging("TagResource", "UntagResource", "ResourceArn", "Tags", "TagKeys")
_SMALL = Tagging("TagResource", "UntagResource", "resourceArn", "tags", "tagKeys")
_ADD = Tagging("AddTagsToResource", "RemoveTagsFromResource", "ResourceArn", "Tags", "TagKeys")

TAGGING: dict[str, Tagging] = {
    "backup": Tagging("TagResource", "UntagResource", "ResourceArn", "Tags", "TagKeyList"),
    "cloudwatch": Tagging("TagResource", "UntagResource", "ResourceARN", "Tags", "TagKeys"),
    "directconnect": _SMALL,
    "dms": _ADD,
    "ec2": Tagging("CreateTags", "DeleteTags", "Resources", "Tags", "Tags", of="id"),
    "ecr": _SMALL,
    "ecs": _SMALL,
    "efs": Tagging("TagResource", "UntagResource", "ResourceId", "Tags", "TagKeys", of="id"),
    "elbv2": Tagging("AddTags", "RemoveTags", "ResourceArns", "Tags", "TagKeys"),
    "events": Tagging("TagResource", "UntagResource", "ResourceARN", "Tags", "TagKeys"),
    "kms": Tagging("TagResource", "UntagResource", "KeyId", "Tags", "TagKeys", of="id"),
    "logs": _SMALL,
    "rds": Tagging("AddTagsToResource", "RemoveTagsFromResource", "ResourceName", "Tags", "TagKeys"),
    "route53resolver": Tagging("TagResource", "UntagResource", "ResourceArn", "Tags", "TagKeys"),
    "secretsmanager": Tagging("TagResource", "UntagResource", "SecretId", "Tags", "TagKeys", of="id"),
    "sns": _PLAIN,
    "storagegateway": Tagging("AddTagsToResource", "RemoveTagsFromResource", "ResourceARN", "Tags", "TagKeys"),
    "xray": Tagging("TagResource", "UntagResource", "ResourceARN", "Tags", "TagKeys"),
}
"""By boto3's name of the service. One that is not here, or whose call the emulator lacks, has its account made anew."""


def retag(context: Working, service: str) -> bool:
    """Give a resource the tags that it is to have now; False if that cannot be done to what is there."""
    how = TAGGING.get(service)
    resource = how and (context.id if how.of == "id" else context.outputs.get(how.of))
    if not how or not resource:
        return False
    before, after = context.old.get("tags") or {}, context.inputs.get("tags") or {}
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    gone = sorted(before.keys() - after.keys())
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    try:
        if gone:
            _call(
                context,
                service,
                how.remove,
                {how.resource: resource, how.keys: gone if how.keys != how.tags else {key: before[key] for key in gone}},
            )
        if changed:
            _call(context, service, how.add, {how.resource: resource, how.tags: changed})
    except NotImplementedError:
        return False
    return True


def _call(context: Working, service: str, operation: str, params: dict[str, Any]) -> None:
    shape = context.aws.operation(service, operation, context.region).input_shape
    context.call(service, operation, to_api(params, shape, operation))
