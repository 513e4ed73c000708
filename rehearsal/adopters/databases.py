"""RDS: the database of another region that a stack file names, of which this stack's becomes a replica."""

from rehearsal.emulator import ACCOUNT, Emulator
from rehearsal.extend import backend
from rehearsal.outside import adopted


@adopted(r"arn:aws:rds:[a-z0-9-]+:[0-9]{12}:db:[a-z][a-z0-9-]*")
def database(aws: Emulator, arn: str, region: str) -> None:
    """It is there, encrypted and backed up, whatever it began with."""
    stand_in(arn.split(":")[3], arn.rsplit(":", maxsplit=1)[-1])


def stand_in(region: str, identifier: str) -> bool:
    """An instance of this name is there; whether it had to be made."""
    databases = backend("rds", ACCOUNT, region)
    if identifier in databases.databases:
        return False
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
    return True


@adopted(r"arn:aws:rds:[a-z0-9-]+:[0-9]{12}:snapshot:.+")
def snapshot(aws: Emulator, arn: str, region: str) -> None:
    """A snapshot of another account was shared with this one; whoever copies it finds it."""
