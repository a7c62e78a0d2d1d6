"""Lines in bounded numbers: an outage or a stranger must not fill a disk."""

from collections.abc import Callable, Hashable
from typing import Final

QUIET_S: Final = 10.0
"""So long after a line others of its kind are only counted."""


class Quiet:
    """Lets through one line of a kind in `QUIET_S`. Kinds come from a bounded set."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._silent_until: dict[Hashable, float] = {}
        self._untold: dict[Hashable, int] = {}

    def more(self, kind: Hashable) -> int | None:
        """How many of the kind went untold since its last line, if this one may be told; else
        `None`, and it is counted."""
        if self._now() < self._silent_until.get(kind, 0.0):
            self._untold[kind] = self._untold.get(kind, 0) + 1
            return None
        self._silent_until[kind] = self._now() + QUIET_S
        return self._untold.pop(kind, 0)
