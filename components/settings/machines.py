"""Instance types of hosts, databases and replication instances: those that AWS has, and no others."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from components import instance_types
from components.settings.near import nearest

DATABASE = re.compile(
    r"db\.(t3|t4g|[mr][5-8][a-z]{0,4}|x2[a-z]{1,4}|z1d|c6gd)\.(micro|small|medium|large|([248]|1[26]|24|32|48)?xlarge)"
)
"""What RDS for PostgreSQL has of EC2's types; which region has which is for AWS to say."""
REPLICATION = re.compile(
    r"dms\.(t3\.(micro|small|medium|large)|(c5|c6i|c7i|r5|r6i|r7i)\.(large|([2489]|12|16|18|24|32)?xlarge))"
)
"""What DMS has of them."""
OF_RDS_ALONE = {"x2g": "x2gd"}
"""Families of RDS -> that of EC2 whose sizes they have."""


def _as_of_ec2(name: str) -> str:
    """The type of EC2 behind a class of RDS or DMS: `db.m6g.xlarge` is an `m6g.xlarge`."""
    family, _, size = name.partition(".")[2].partition(".")
    return f"{OF_RDS_ALONE.get(family, family)}.{size}"


def _types(prefix: str, of: re.Pattern[str]) -> list[str]:
    """Every class of RDS or DMS."""
    known = instance_types.known()
    own = [f"{own}.{one.partition('.')[2]}" for own, ec2 in OF_RDS_ALONE.items() for one in known if one.startswith(f"{ec2}.")]
    return sorted(name for one in [*known, *own] if of.fullmatch(name := f"{prefix}.{one}"))


def _host(name: str) -> str:
    if name not in instance_types.known():
        advice = nearest(name, sorted(instance_types.known()), "look it up in docs.aws.amazon.com/ec2/latest/instancetypes")
        raise ValueError(f"an instance type that EC2 has, such as m6i.xlarge; {advice}")
    return name


def _database(name: str) -> str:
    if not DATABASE.fullmatch(name) or _as_of_ec2(name) not in instance_types.known():
        asked = name if name.startswith("db.") else f"db.{name}"
        advice = nearest(asked, _types("db", DATABASE), "look it up among the DB instance classes in the guide of Amazon RDS")
        raise ValueError(f"a DB instance class that RDS for PostgreSQL has, such as db.m6g.xlarge; {advice}")
    return name


def _replication(name: str) -> str:
    if not REPLICATION.fullmatch(name) or _as_of_ec2(name) not in instance_types.known():
        asked = name if name.startswith("dms.") else f"dms.{name}"
        advice = nearest(asked, _types("dms", REPLICATION), "take one of the families t3, c5, c6i, c7i, r5, r6i, r7i")
        raise ValueError(f"a class of replication instance that DMS has, such as dms.r6i.large; {advice}")
    return name


def _form(pattern: re.Pattern[str], example: str) -> Any:
    # Editors check by the pattern; here the whole name is looked up, so that what is told has the nearest.
    return Field(json_schema_extra={"pattern": f"^{pattern.pattern}$"}, examples=[example])


HostType = Annotated[str, _form(re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+"), "m6i.xlarge"), AfterValidator(_host)]
"""An EC2 instance type."""
DatabaseClass = Annotated[str, _form(DATABASE, "db.m6g.xlarge"), AfterValidator(_database)]
"""A DB instance class."""
ReplicationClass = Annotated[str, _form(REPLICATION, "dms.r6i.large"), AfterValidator(_replication)]
"""A class of replication instance."""
