"""Everything that can have tags has the ones by which it is found and paid for."""

from collections.abc import Iterator

from pulumi_policy import PolicyResource, Severity

from . import stack as settings
from .making import Options, Stack, stack_policy
from .reading import UNKNOWN, elements, get, item

REQUIRED: Options = {
    "required": {
        "type": "array",
        "items": {"type": "string"},
        "default": ["Name", "Project", "Stack"],
        "description": "Keys that everything taggable carries, beside those of the stack's key `tags`.",
    }
}

KEEPS_ITS_OWN = ("aws:ssm/activation:Activation",)
"""Types that AWS tags when it makes them and never again: of these, an edit of the stack's tags changes nothing."""


def _tags(stack: Stack) -> Iterator[tuple[PolicyResource | None, str]]:
    given = settings.tags()
    for resource in stack.resources:
        # The provider tells what can be tagged: it returns tagsAll for it, tags or none.
        tags = get(resource, "tagsAll")
        if resource.resource_type == "aws:autoscaling/group:Group":
            tags = {get(tag, "key"): get(tag, "value") for tag in elements(get(resource, "tags"))}
        if tags is None or tags is UNKNOWN or UNKNOWN in tags or not resource.resource_type.startswith("aws:"):
            continue
        missing = sorted({*stack.options["required"], *given} - set(tags))
        if missing:
            yield resource, f"it lacks the tags {', '.join(missing)}; allowed: with them only; pass the component's tags on"
        for key, value in given.items() if resource.resource_type not in KEEPS_ITS_OWN else ():
            if key not in missing and item(tags, key) not in (value, UNKNOWN):
                yield resource, f"the tag {key} is not {value!r}, as the stack file says; allowed: that; pass the tags on"


POLICIES = [
    stack_policy("tags-present", "Everything carries the stack's tags.", _tags, severity=Severity.MEDIUM, options=REQUIRED)
]
