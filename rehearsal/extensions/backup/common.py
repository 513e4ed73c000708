"""What the parts of AWS Backup share: the vault that a request names, and the role that backups are made with."""

import json
from typing import Any

from rehearsal.extend import Call, Refuse


def missing(what: str) -> Refuse:
    """The error by which tools know that something is gone."""
    return Refuse("ResourceNotFoundException", f"{what} does not exist.")


def moto_answer(call: Call) -> dict[str, Any]:
    """moto's own answer, which for this service is text."""
    answer: dict[str, Any] = json.loads(call.moto())
    return answer


def vault_of(call: Call, name: str) -> Any:
    """The vault of this name."""
    vault = call.backend("backup").vaults.get(name)
    if vault is None:
        raise missing(f"Backup vault {name}")
    return vault


def check_role(call: Call, arn: str) -> None:
    """Refuse a role that is not there, or that AWS Backup may not assume."""
    role = next((role for role in call.backend("iam").roles.values() if role.arn == arn), None)
    document = getattr(role, "assume_role_policy_document", "")
    if "backup.amazonaws.com" not in (document if isinstance(document, str) else json.dumps(document)):
        raise Refuse("InvalidParameterValueException", f"IAM Role {arn} cannot be assumed by AWS Backup")
