"""What the policies over buckets share."""

from .making import Stack, refers

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


def log_targets(stack: Stack) -> set[str]:
    """URNs of the buckets into which AWS delivers logs: written by a service, and by nobody else."""
    sources = [
        *((part, "targetBucket") for part in stack.of("aws:s3/bucketLogging:BucketLogging")),
        *((part, "accessLogs.bucket") for part in stack.of("aws:lb/loadBalancer:LoadBalancer")),
    ]
    return {bucket.urn for bucket in stack.of(BUCKET) if any(refers(part, path, bucket) for part, path in sources)}
