"""The time for which a client is who it has proved to be: a moment on the wall clock."""

import time
from collections.abc import Callable
from typing import Final

from bridge.loop.deadline import Deadline

LOOK_S: Final = 60.0
"""So late at most it is noticed that the wall clock has been set."""
LEASE_OVER: Final = "the token that opened the session has expired"
"""How the end of a session is told that was `kicked` for this."""


class Lease:
    """Calls `expired` once, when its time is over, unless it is cancelled before."""

    __slots__ = ("_deadline", "_expired", "_expires_at", "_now")

    def __init__(self, expired: Callable[[], None], now: Callable[[], float] = time.time) -> None:
        self._expired = expired
        self._now = now
        self._expires_at = 0.0
        self._deadline = Deadline(self._look)

    def start(self, expires_at: float) -> None:
        """It is good until then, in seconds since the epoch."""
        self._expires_at = expires_at
        self._deadline.start(min(max(expires_at - self._now(), 0.0), LOOK_S))

    def cancel(self) -> None:
        """It does not matter any more; harmless where it does not run."""
        self._deadline.cancel()

    def _look(self) -> None:
        if self._now() < self._expires_at:
            self.start(self._expires_at)
        else:
            self._expired()
