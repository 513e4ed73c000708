"""RDS: the database of another region that a stack file names, of which this stack's becomes a replica."""

from rehearsal.emulator import ACCOUNT, Emulator
from rehearsal.extend import backend
from rehearsal.outside import adopted


@adopted(r"arn:aws:rds:[a-z0-9-]+:[0-9]{12}:db:[a-z][a-z0-9-]*")
def database(aws: Emulator, arn: str, region: str) -> None:
    """It is there, encrypted and backed up, whatever it began with."""
    databases = backend("rds", ACCOUNT, arn.split(":")[3])
    identifier = arn.rsplit(":", maxsplit=1)[-1]
    if identifier in databases.databases:
        return
    databases.create_db_instance(
        {
            "db_instance_identifier": identifier,
            "db_instance_class": "db.m6g.large",
            "engine": "postgres",
            "engine_version": "17",
            "allocated_storage": 20,
            "storage_type": "gp3",
            "storage_encrypted": True,
            "master_username": "adopted",
            "master_user_password": "adopted",
            "backup_retention_period": 1,
            # What moto is not told it does not tell either, and AWS always does.
            "publicly_accessible": False,
        }
    )
