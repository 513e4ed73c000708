"""The roles of PostgreSQL that the platform keeps: what they are called, and which of a role's two logins is in use."""

MIGRATION_USER = "hybridge_dms"
"""The role that DMS writes with."""


def login(user: str, generation: int) -> str:
    """The login of a user in a generation of its password: one of two, in turn.

    Both act as the user's role, so that the one before goes on until nobody uses it any more: a new password cuts nobody off.
    """
    return f"{user}_{2 - generation % 2}"
