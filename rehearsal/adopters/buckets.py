"""Buckets that a stack file names by ARN: they belong to somebody else."""

from rehearsal.emulator import Emulator
from rehearsal.outside import adopted


@adopted(r"arn:aws:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
def bucket(aws: Emulator, arn: str, region: str) -> None:
    """A bucket of another account exists, and so do its objects; neither is to be seen from this one."""
    aws.adopted.add(f"{arn}/*")
