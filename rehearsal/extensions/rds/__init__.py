"""RDS: what AWS checks and moto does not, replicas and backups in other regions, and the fields that moto drops."""

from rehearsal.extensions.rds import backups, instances, replicas  # noqa: F401 - registers the operations
