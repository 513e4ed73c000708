"""The policies by idea, each a module; a policy is listed here or it does not run."""

from pulumi_policy import Policy

from . import backups, encryption, exposure, hosts, permissions, placement, protection, redundancy, regions, secrets, tags

POLICIES: list[Policy] = [
    *exposure.POLICIES,
    *placement.POLICIES,
    *encryption.POLICIES,
    *redundancy.POLICIES,
    *backups.POLICIES,
    *protection.POLICIES,
    *permissions.POLICIES,
    *secrets.POLICIES,
    *hosts.POLICIES,
    *tags.POLICIES,
    *regions.POLICIES,
]
