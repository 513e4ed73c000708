"""S3: what AWS refuses and moto takes, of lifecycles and of replication, whose rules moto drops most of, and policies."""

from rehearsal.extensions.s3 import lifecycles, logs, policies, replication  # noqa: F401 - each replaces methods of moto's
