"""A timer that is either running or not."""

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls `expired` once, `delay_s` after `start`, unless it is cancelled before. `running` says
    whether it will."""

    __slots__ = ("_expired", "_handle", "running")

    def __init__(self, expired: Callable[[], None]) -> None:
        self._expired = expired
        self._handle: asyncio.TimerHandle | None = None
        self.running = False

    def start(self, delay_s: float) -> None:
        """Begin anew, from now."""
        self.cancel()
        self._handle = asyncio.get_running_loop().call_later(delay_s, self._fire)
        self.running = True

    def cancel(self) -> None:
        """It will not expire; harmless where it was not running."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
            self.running = False

    def _fire(self) -> None:
        self._handle = None
        self.running = False
        self._expired()
