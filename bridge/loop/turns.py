"""Turns for heavy work, so that hundreds of floods together hold up nobody else.

An event loop serves all who are ready before it looks who is ready next, and whoever sends one
small message waits for all of them. So heavy work, all of it together, has a fixed share of each
round of the loop. What does not fit waits in a queue, whoever waits there is not read from, and
light work passes by.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Final, TypeVar

T = TypeVar("T")

LIGHT_BYTES: Final = 1 << 12
"""Up to here work is light: a few dozen messages at the most."""
ROUND_S: Final = 0.0001
"""For the heavy work of one round; once it is used up the next one begins."""
TURN_S: Final = 0.0001
"""Nobody begins another step behind that. A step, a run of whole messages say, may take longer."""
QUIET_S: Final = 0.001
"""After so long without heavy work the loop has gone round, or all is quiet."""


class Turns:
    """What one event loop has to do that is heavy, first come, first served."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Callable[[], None]] = deque()
        self._left_s = ROUND_S
        self._began_at = 0.0
        self._is_next_due = False

    def take(self, work: Callable[[], None]) -> bool:
        """Do it now if this round has time left and nobody waits; else later. Returns whether it is
        done. What may take longer than `TURN_S` comes in parts, each with a turn of its own."""
        if self._is_next_due:
            self._waiting.append(work)
            return False
        if perf_counter() - self._began_at > QUIET_S:
            self._begin()
        self._do(work)
        if self._left_s <= 0:
            self._call_next()
        return True

    def wait(self, work: Callable[[], None]) -> None:
        """Do it when its turn comes, behind all who wait already."""
        self._waiting.append(work)
        self._call_next()

    def use_up(self) -> None:
        """To be called by work that has cost others a whole round before it came to its turn."""
        self._left_s = 0.0

    async def run(self, work: Callable[[], T], *, spent_s: float = 0.0) -> T:
        """The same for a task: what the work returns, or raises. `spent_s` is what it has cost
        already, before it came here."""
        future: asyncio.Future[T] = self._loop.create_future()
        self.take(partial(self._fulfil, future, work, spent_s))
        return await future

    def _fulfil(self, future: "asyncio.Future[T]", work: Callable[[], T], spent_s: float) -> None:
        """Let the future have what the work comes to, if anybody still waits for it."""
        self._left_s -= spent_s
        if future.cancelled():
            return
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001 - it belongs to whoever waits
            future.set_exception(error)

    def _begin(self) -> None:
        self._left_s = ROUND_S
        self._began_at = perf_counter()

    def _call_next(self) -> None:
        if not self._is_next_due:
            self._is_next_due = True
            self._loop.call_soon(self._next_round)

    def _next_round(self) -> None:
        self._is_next_due = False
        self._begin()
        try:
            while self._waiting and self._left_s > 0:
                self._do(self._waiting.popleft())
        finally:
            if self._waiting or self._left_s <= 0:
                self._call_next()

    def _do(self, work: Callable[[], None]) -> None:
        began_at = perf_counter()
        try:
            work()
        finally:
            self._left_s -= perf_counter() - began_at
