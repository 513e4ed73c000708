"""Which patches are approved, for each operating system that a host may run."""

import pulumi_aws as aws

Rule = aws.ssm.PatchBaselineApprovalRuleArgsDict

BY_CLASSIFICATION = (
    "AMAZON_LINUX_2023",
    "AMAZON_LINUX_2",
    "REDHAT_ENTERPRISE_LINUX",
    "ROCKY_LINUX",
    "ALMA_LINUX",
    "ORACLE_LINUX",
    "SUSE",
)
"""Their repositories say of a patch what it is for, and how severe what it mends."""
BY_PRIORITY = ("UBUNTU", "DEBIAN")
"""Their repositories tell neither, nor when a patch was released: what lies in the security repository counts."""
UNCLASSIFIED = ("CENTOS",)
"""The repositories of CentOS Stream say nothing of a patch but its date: a rule by purpose or severity would never match.

https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-linux-rules.html
"""
OPERATING_SYSTEMS = (*BY_CLASSIFICATION, *BY_PRIORITY, *UNCLASSIFIED)


def approval_rules(operating_system: str, approve_after_days: int) -> list[Rule]:
    """Security patches first and as the severer omission, then what mends bugs; both once they are `approve_after_days` old.

    Systems Manager takes no delay for Ubuntu and Debian. Of CentOS every patch counts.
    """
    if operating_system in BY_PRIORITY:
        return [
            {
                "compliance_level": "CRITICAL",
                "patch_filters": [
                    {"key": "PRODUCT", "values": ["*"]},
                    {"key": "PRIORITY", "values": ["Required", "Important", "Standard", "Optional", "Extra"]},
                ],
            }
        ]
    if operating_system in UNCLASSIFIED:
        return [{**_rule("CRITICAL", approve_after_days), "enable_non_security": True}]
    bug_fixes = "Recommended" if operating_system == "SUSE" else "Bugfix"
    return [
        _rule("CRITICAL", approve_after_days, CLASSIFICATION=["Security"], SEVERITY=["Critical", "Important"]),
        _rule("MEDIUM", approve_after_days, CLASSIFICATION=["Security", bug_fixes]),
    ]


def _rule(level: str, approve_after_days: int, **filters: list[str]) -> Rule:
    return {
        "approve_after_days": approve_after_days,
        "compliance_level": level,
        "patch_filters": [
            {"key": "PRODUCT", "values": ["*"]},
            *[aws.ssm.PatchBaselineApprovalRulePatchFilterArgsDict(key=key, values=values) for key, values in filters.items()],
        ],
    }
