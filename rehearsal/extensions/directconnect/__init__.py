"""Direct Connect: circuits as the carrier builds them, the global gateway, its associations, virtual interfaces.

moto has connections only, available at once, with an id that is an ARN and the time of day in it. Here an ordered connection
is `requested` until `complete` is called for it. Gateways and associations are global; circuits and interfaces lie in a region.
"""

from rehearsal.extensions.directconnect import documents, gateways, interfaces, proposals
from rehearsal.extensions.directconnect.connections import adopt, complete
from rehearsal.extensions.directconnect.gateways import adopt_gateway, as_owner, give_adopted, is_adopted

__all__ = [
    "adopt",
    "adopt_gateway",
    "as_owner",
    "complete",
    "documents",
    "gateways",
    "give_adopted",
    "interfaces",
    "is_adopted",
    "proposals",
]
