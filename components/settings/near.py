"""Which of the known values may be meant by one that is not."""

import difflib
from collections.abc import Iterable


def nearest(given: str, known: Iterable[str], otherwise: str) -> str:
    """The end of a mistake: a question with the nearest value, or what to do if none is near."""
    folded = {one.lower(): one for one in known}
    close = difflib.get_close_matches(given.lower(), [*folded], n=1)
    return f"did you mean {folded[close[0]]}?" if close else otherwise
