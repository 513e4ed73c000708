"""Storage Gateway, which moto lacks: S3 File Gateways with their disks, cache, SMB settings and file shares."""

from rehearsal.extensions.storagegateway import file_shares, gateways, smb  # noqa: F401 - registers the operations
