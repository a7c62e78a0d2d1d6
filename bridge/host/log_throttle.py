"""Lines in bounded numbers: an outage or a stranger must not fill a disk."""

from collections.abc import Callable, Hashable, Mapping
from typing import Final

QUIET_S: Final = 10.0
"""So long after a line others of its kind are only counted."""


class LogThrottle:
    """Lets through one line of a kind in `QUIET_S`. Kinds come from a bounded set."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._silent_until: dict[Hashable, float] = {}
        self._untold: dict[Hashable, int] = {}

    def more(self, kind: Hashable) -> Mapping[str, int] | None:
        """What the line says of those of its kind that went untold since the last one: the field
        `more`, or nothing where there were none. `None` if it may not be told now; it is counted.
        """
        if self._now() < self._silent_until.get(kind, 0.0):
            self._untold[kind] = self._untold.get(kind, 0) + 1
            return None
        self._silent_until[kind] = self._now() + QUIET_S
        untold = self._untold.pop(kind, 0)
        return {"more": untold} if untold else {}
