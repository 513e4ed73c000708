"""Making policies of small functions: one per resource type for a resource policy, one over all for a stack policy."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pulumi_policy import (
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from .reading import UNKNOWN, each, get
from .stack import RESILIENT_SIZES, size

Check = Callable[[ResourceValidationArgs, Mapping[str, Any]], Iterator[str]]
"""`check(resource, options of the policy)` yields what is wrong with a resource: what was found, is allowed, is to be done."""

Options = dict[str, dict[str, Any]]
"""The options of a policy: name to a JSON Schema with `default` and `description`."""

SIZES: Options = {
    "sizes": {
        "type": "array",
        "items": {"type": "string"},
        "default": RESILIENT_SIZES,
        "description": "The sizes of a stack (its key `size`) that the policy holds for.",
    }
}


def resource_policy(
    name: str,
    description: str,
    checks: Mapping[str, Check],
    *,
    severity: Severity,
    options: Options | None = None,
) -> Policy:
    """A policy over single resources, as they are asked for. A key of `checks` is a type, or stands for all of a
    module (`aws:cloudfront/`) or of a package (`aws:`)."""

    def validate(resource: ResourceValidationArgs, report: ReportViolation) -> None:
        type_ = resource.resource_type
        check = checks.get(type_) or checks.get(f"{type_.split('/')[0]}/") or checks.get(f"{type_.split(':')[0]}:")
        if check is None:
            return
        chosen = _chosen(options, resource.get_config())
        if _holds(chosen):
            for message in check(resource, chosen):
                report(message, None)

    return ResourceValidationPolicy(
        name, description, validate, severity=severity, config_schema=PolicyConfigSchema(options) if options else None
    )


class Stack:
    """All resources of a stack, as they are."""

    def __init__(self, resources: Sequence[PolicyResource], options: Mapping[str, Any]) -> None:
        self.resources, self.options = resources, options

    def of(self, *types: str) -> list[PolicyResource]:
        """The resources of these types."""
        return [resource for resource in self.resources if resource.resource_type in types]

    def parts(self, type_: str, whole: PolicyResource, path: str) -> list[PolicyResource]:
        """The resources of a type whose property at `path` says that they belong to `whole`."""
        return [part for part in self.of(type_) if refers(part, path, whole)]


StackCheck = Callable[[Stack], Iterator[tuple[PolicyResource | None, str]]]
"""`check(stack)` yields what is wrong and with which resource; None: with the stack."""


def stack_policy(
    name: str, description: str, check: StackCheck, *, severity: Severity, options: Options | None = None
) -> Policy:
    """A policy over all resources of a stack together, as they came out."""

    def validate(stack: StackValidationArgs, report: ReportViolation) -> None:
        chosen = _chosen(options, stack.get_config())
        if _holds(chosen):
            for resource, message in check(Stack(stack.resources, chosen)):
                report(message, resource.urn if resource else None)

    return StackValidationPolicy(
        name, description, validate, severity=severity, config_schema=PolicyConfigSchema(options) if options else None
    )


def refers(part: PolicyResource, path: str, whole: PolicyResource) -> bool:
    """Whether a property of `part` names `whole`; while either name is unknown, whether the property is made of it."""
    names = [get(whole, key) for key in ("id", "arn", "bucket", "name")]
    values = each(part, path)
    if any(value is not UNKNOWN and value is not None and value in names for value in values):
        return True
    if UNKNOWN not in values and UNKNOWN not in names:
        return False
    sources = part.property_dependencies.get(path.split(".", maxsplit=1)[0], part.dependencies)
    return any(source.urn == whole.urn for source in sources)


def _chosen(options: Options | None, given: Mapping[str, Any]) -> dict[str, Any]:
    return {**{key: schema.get("default") for key, schema in (options or {}).items()}, **given}


def _holds(chosen: Mapping[str, Any]) -> bool:
    return "sizes" not in chosen or size() in chosen["sizes"]
