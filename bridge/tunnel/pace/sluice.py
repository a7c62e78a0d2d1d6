"""A throttle and a timer: what goes through is told when there is room again."""

import asyncio
from collections.abc import Callable

from bridge.errors import Problem
from bridge.loop.deadline import Deadline
from bridge.tunnel.pace.throttle import Throttle


class Sluice:
    """Calls `opened` when data that had no room should be shown again."""

    __slots__ = ("_deadline", "_loop", "_throttle")

    def __init__(self, throttle: Throttle, opened: Callable[[], None]) -> None:
        self._throttle = throttle
        self._deadline = Deadline(opened)
        self._loop = asyncio.get_running_loop()

    @property
    def wait_s(self) -> float:
        """How long until there is room."""
        return self._throttle.wait_s(self._loop.time())

    def room_for(self, data: bytes) -> int:
        """How much of the data, from its beginning, may go now, and then has to; with 0 `opened`
        will be called."""
        now = self._loop.time()
        size = self._throttle.ask(data, now)
        if not size and not self._deadline.running:
            self._deadline.start(self._throttle.wait_s(now))
        return size

    def force(self, data: bytes) -> None:
        """It goes at once, and is charged: an end waits for nobody."""
        self._throttle.charge(data, self._loop.time())

    def refusal(self) -> Problem:
        """The answer to a request that cannot wait until there is room."""
        return self._throttle.refusal(self._loop.time())

    def cancel(self) -> None:
        """Nobody wants to be told any more."""
        self._deadline.cancel()
