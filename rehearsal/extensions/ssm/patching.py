"""Patch baselines and patch groups: reading a baseline, several operating systems in one group, and rules that AWS refuses."""

from typing import Any

from moto.core.utils import camelcase_to_underscores

from rehearsal.extend import Call, Refuse, operation

BY_CLASSIFICATION = {"PRODUCT", "CLASSIFICATION", "SEVERITY"}
BY_PRIORITY = {"PRODUCT", "PRIORITY", "SECTION"}
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribePatchProperties.html
FILTERS = {
    **dict.fromkeys(
        (
            "AMAZON_LINUX",
            "AMAZON_LINUX_2",
            "AMAZON_LINUX_2022",
            "AMAZON_LINUX_2023",
            "CENTOS",
            "ORACLE_LINUX",
            "REDHAT_ENTERPRISE_LINUX",
            "ROCKY_LINUX",
            "ALMA_LINUX",
            "SUSE",
        ),
        BY_CLASSIFICATION,
    ),
    **dict.fromkeys(("UBUNTU", "DEBIAN", "RASPBIAN"), BY_PRIORITY),
    "WINDOWS": {"PATCH_SET", "PRODUCT", "PRODUCT_FAMILY", "CLASSIFICATION", "MSRC_SEVERITY"},
    "MACOS": {"PRODUCT", "CLASSIFICATION"},
}

CHANGEABLE = frozenset(
    {
        "Name",
        "GlobalFilters",
        "ApprovalRules",
        "ApprovedPatches",
        "ApprovedPatchesComplianceLevel",
        "ApprovedPatchesEnableNonSecurity",
        "RejectedPatches",
        "RejectedPatchesAction",
        "Description",
        "Sources",
    }
)
"""What can be changed of a baseline."""


@operation("ssm", "CreatePatchBaseline")
def create_patch_baseline(call: Call) -> dict[str, Any]:
    """Rules name what the repositories of the operating system know of a patch, and say from when on they hold.

    moto refuses its own baselines as something that can have tags, so that they are put there past it.
    """
    system = call.params.get("OperatingSystem", "WINDOWS")
    _check_rules(call, system)
    backend, params = call.backend("ssm"), call.params
    identifier: str = backend.create_patch_baseline(
        name=params["Name"],
        operating_system=system,
        global_filters=params.get("GlobalFilters"),
        approval_rules=params.get("ApprovalRules"),
        approved_patches=params.get("ApprovedPatches", []),
        approved_patches_compliance_level=params.get("ApprovedPatchesComplianceLevel", "UNSPECIFIED"),
        approved_patches_enable_non_security=params.get("ApprovedPatchesEnableNonSecurity", False),
        rejected_patches=params.get("RejectedPatches", []),
        rejected_patches_action=params.get("RejectedPatchesAction", "ALLOW_AS_DEPENDENCY"),
        description=params.get("Description"),
        sources=params.get("Sources", []),
        tags=None,
    )
    backend._resource_tags["PatchBaseline"][identifier] = {tag["Key"]: tag["Value"] for tag in params.get("Tags", [])}
    return {"BaselineId": identifier}


@operation("ssm", "UpdatePatchBaseline")
def update_patch_baseline(call: Call) -> dict[str, Any]:
    """What the call does not name stays as it is."""
    baseline = call.backend("ssm").baselines.get(call.params["BaselineId"])
    if baseline is None:
        raise Refuse("DoesNotExistException", f"The patch baseline {call.params['BaselineId']} does not exist.")
    _check_rules(call, baseline.operating_system)
    for member in CHANGEABLE & call.params.keys():
        setattr(baseline, camelcase_to_underscores(member), call.params[member])
    return {"BaselineId": baseline.id, **{member: call.params[member] for member in CHANGEABLE & call.params.keys()}}


def _check_rules(call: Call, system: str) -> None:
    rules = call.params.get("ApprovalRules", {}).get("PatchRules", [])
    if len(rules) > 10:
        raise Refuse("ValidationException", "A patch baseline has at most 10 approval rules.")
    for rule in rules:
        keys = {one["Key"] for one in rule["PatchFilterGroup"]["PatchFilters"]}
        if wrong := keys - FILTERS[system]:
            raise Refuse("ValidationException", f"Filter keys {sorted(wrong)} are not supported for {system}.")
        if ("ApproveAfterDays" in rule) == ("ApproveUntilDate" in rule):
            raise Refuse("ValidationException", "A rule has either ApproveAfterDays or ApproveUntilDate.")
        if system in {"UBUNTU", "DEBIAN"} and rule.get("ApproveAfterDays"):
            raise Refuse("ValidationException", f"Approval delays are not supported for {system}.")


@operation("ssm", "GetPatchBaseline")
def get_patch_baseline(call: Call) -> dict[str, Any]:
    """The whole baseline, with the groups that use it."""
    identifier = call.params["BaselineId"]
    baseline = call.backend("ssm").baselines.get(identifier)
    if baseline is None:
        raise Refuse("DoesNotExistException", f"The patch baseline {identifier} does not exist.")
    described = {key: value for key, value in baseline.to_json().items() if value is not None}
    return {
        # AWS always has both, empty where nothing was asked for, and tools look into them.
        "GlobalFilters": {"PatchFilters": []},
        "ApprovalRules": {"PatchRules": []},
        **described,
        "Name": baseline.name,
        "Description": baseline.description,
        "PatchGroups": [group for group, system in _groups(call) if _registered(call, group, system) == identifier],
    }


@operation("ssm", "RegisterPatchBaselineForPatchGroup")
def register_patch_baseline_for_patch_group(call: Call) -> dict[str, Any]:
    """A group has one baseline for each operating system; moto takes it for one in all."""
    identifier, group = call.params["BaselineId"], call.params["PatchGroup"]
    baseline = call.backend("ssm").baselines.get(identifier)
    if baseline is None:
        raise Refuse("DoesNotExistException", f"The patch baseline {identifier} does not exist.")
    other = _registered(call, group, baseline.operating_system)
    if other not in {None, identifier}:
        message = f"Patch Group baseline already has a baseline registered for OperatingSystem {baseline.operating_system}."
        raise Refuse("AlreadyExistsException", message)
    _groups(call)[group, baseline.operating_system] = identifier
    return {"BaselineId": identifier, "PatchGroup": group}


@operation("ssm", "DeregisterPatchBaselineForPatchGroup")
def deregister_patch_baseline_for_patch_group(call: Call) -> dict[str, Any]:
    """The group falls back to AWS's own baseline; moto leaves it where it is."""
    identifier, group = call.params["BaselineId"], call.params["PatchGroup"]
    for key, registered in list(_groups(call).items()):
        if key[0] == group and registered == identifier:
            del _groups(call)[key]
    return {"BaselineId": identifier, "PatchGroup": group}


@operation("ssm", "DeletePatchBaseline")
def delete_patch_baseline(call: Call) -> dict[str, Any]:
    """Not while a group uses it. One that is gone is no fault."""
    identifier = call.params["BaselineId"]
    if identifier in _groups(call).values():
        raise Refuse("ResourceInUseException", f"Baseline {identifier} is registered with patch groups.")
    call.backend("ssm").baselines.pop(identifier, None)
    return {"BaselineId": identifier}


@operation("ssm", "GetPatchBaselineForPatchGroup")
def get_patch_baseline_for_patch_group(call: Call) -> Any:
    """What was registered, else AWS's own baseline."""
    group, system = call.params["PatchGroup"], call.params.get("OperatingSystem", "WINDOWS")
    identifier = _registered(call, group, system)
    if identifier is None:
        return call.moto()
    return {"BaselineId": identifier, "PatchGroup": group, "OperatingSystem": system}


@operation("ssm", "DescribePatchGroups")
def describe_patch_groups(call: Call) -> dict[str, Any]:
    """Every group with each of its baselines."""
    baselines = call.backend("ssm").baselines
    return {
        "Mappings": [
            {
                "PatchGroup": group,
                "BaselineIdentity": {
                    "BaselineId": identifier,
                    "BaselineName": baselines[identifier].name,
                    "OperatingSystem": system,
                },
            }
            for (group, system), identifier in _groups(call).items()
            if identifier in baselines
        ]
    }


def _groups(call: Call) -> dict[tuple[str, str], str]:
    """Baselines by group and operating system."""
    kept: dict[tuple[str, str], str] = call.state["patch_groups"].setdefault("baselines", {})
    return kept


def _registered(call: Call, group: str, system: str) -> str | None:
    return _groups(call).get((group, system))
