"""A timer that is either running or not."""

import asyncio
from collections.abc import Callable
from typing import Final

EARLY_S: Final = 0.001
"""Event loops count in milliseconds, and may wake one this much before its time."""


class Deadline:
    """Calls `expired` once, `delay_s` after `start`, unless it is cancelled or suspended before.
    `running` says whether it will.

    What begins anew again and again is *suspended* meanwhile: the event loop's timer stays, and
    when it wakes too early it looks how much is left. To set and cancel one costs more than all
    else that is done for a short request.
    """

    __slots__ = ("_due", "_expired", "_timer", "running")

    def __init__(self, expired: Callable[[], None]) -> None:
        self._expired = expired
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self.running = False

    def start(self, delay_s: float) -> None:
        """Begin anew, from now."""
        loop = asyncio.get_running_loop()
        self._due = loop.time() + delay_s
        self.running = True
        if self._timer is not None:
            if self._timer.when() <= self._due:
                return
            self._timer.cancel()
        self._timer = loop.call_later(delay_s, self._wake)

    def suspend(self) -> None:
        """It will not expire unless it is started again, as it will be soon; harmless where it was
        not running. The timer still holds it."""
        self.running = False

    def cancel(self) -> None:
        """It will not expire, and nothing holds it any more; harmless where it was not running."""
        self.running = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        self._timer = None
        if not self.running:
            return
        left_s = self._due - asyncio.get_running_loop().time()
        if left_s > EARLY_S:
            self.start(left_s)
        else:
            self.running = False
            self._expired()
