"""What must hold of every Hybridge stack, for `pulumi preview`, `pulumi up` and the rehearsal alike."""

from pulumi_policy import EnforcementLevel, PolicyPack
from rules import POLICIES

PolicyPack("hybridge", POLICIES, enforcement_level=EnforcementLevel.MANDATORY)
