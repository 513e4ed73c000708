"""DMS: what moto leaves unchecked (roles, networks, secrets, order) or makes up (subnets), and certificates, which it lacks."""

from rehearsal.extensions.dms import endpoints, ends, instances, statistics, tasks  # noqa: F401 - each adds operations
from rehearsal.extensions.dms.common import LOGS_POLICY, LOGS_ROLE, VPC_POLICY, VPC_ROLE
from rehearsal.extensions.dms.connections import connect

__all__ = ["LOGS_POLICY", "LOGS_ROLE", "VPC_POLICY", "VPC_ROLE", "connect"]
