"""`database.users`: who signs in to the database beside the master user, and what for."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from components.logins import MIGRATION_USER
from components.settings.base import Mistake, Section
from components.settings.workloads import Name, Workload

FROM_DATABASE = "database:"


def _own(name: str) -> str:
    if name.startswith(("pg_", "rds")) or name == MIGRATION_USER:
        raise ValueError("a name that PostgreSQL, RDS and Hybridge do not keep for themselves; choose another one")
    return name


class DatabaseUser(Section):
    """A role of its own, with a generated password in a secret of its own. `hybridge migrate STACK users` makes the role."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$"), AfterValidator(_own)]
    """The role. It signs in as NAME_1 or NAME_2, in turn with passwordGeneration, and acts as NAME."""
    schemas: list[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_$]{0,62}$")]] = Field(min_length=1, max_length=100)
    """The schemas that it works in, which are its search_path too."""
    access: Literal["read", "write", "own"] = "write"
    """What it may do there: `read` rows, `write` them, or `own` the schemas and so change tables as well."""
    workloads: list[Name] = Field(default=[], max_length=200)
    """The workloads whose `database:` variables are this user's. With `users`, each workload that has such variables is named
    once."""
    password_generation: int = Field(default=1, ge=1, le=999)
    """Raise it for another password. The one before stays good until `hybridge migrate STACK users --retire`."""

    def as_args(self) -> Any:
        """What the Database component makes of it: a secret. The rest is for SQL, and for who reads the secret."""
        return {"name": self.name, "password_generation": self.password_generation}


def mistakes_among(users: Sequence[DatabaseUser], master: str) -> Iterator[Mistake]:
    """Two users, or two logins, of one name."""
    taken: dict[str, str] = {master: "the master user"}
    for position, user in enumerate(users):
        names = (user.name, f"{user.name}_1", f"{user.name}_2")
        for name in names:
            if name in taken:
                allowed = f"a name apart from {taken[name]}: it signs in as {names[1]} and {names[2]}"
                yield Mistake(f"users[{position}].name", user.name, allowed, "Choose another one.")
                break
        taken |= dict.fromkeys(names, f"users[{position}]")


def users_of_workloads(users: Sequence[DatabaseUser], workloads: Sequence[Workload]) -> Iterator[Mistake]:
    """Workloads that nobody, or two users, sign in for."""
    if not users:
        return
    names = {one.name for one in workloads}
    reading = {one.name for one in workloads if any(source.startswith(FROM_DATABASE) for source in one.secrets.values())}
    taken: dict[str, str] = {}
    for position, user in enumerate(users):
        for at, workload in enumerate(user.workloads):
            key = f"database.users[{position}].workloads[{at}]"
            # One that is not here may be in the stack of another region, which shares the users; a slip is told of below.
            if workload in names - reading:
                allowed = f"a workload with variables from database:, of which there are {', '.join(sorted(reading)) or 'none'}"
                yield Mistake(key, workload, allowed, "Correct the name, or remove it.")
            elif workload in taken:
                yield Mistake(key, workload, f"a workload of one user, and {taken[workload]} has it", "Remove it from one.")
            taken.setdefault(workload, user.name)
    for workload in sorted(reading - taken.keys()):
        allowed = f"a list in which a user has the workload {workload}: the master user is for operations alone"
        yield Mistake("database.users", [user.name for user in users], allowed, f"Add {workload} to the workloads of a user.")


def user_of(users: Sequence[DatabaseUser]) -> dict[str, str]:
    """The user of each workload that has one."""
    return {workload: user.name for user in users for workload in user.workloads}
