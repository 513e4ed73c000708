"""What must hold of every Hybridge stack, for `pulumi preview`, `pulumi up` and the rehearsal alike."""

from pulumi_policy import EnforcementLevel, PolicyPack
from rules import POLICIES, own

PolicyPack("hybridge", [*POLICIES, *own.policies()], enforcement_level=EnforcementLevel.MANDATORY)
