"""An event loop whose time passes when the test says so; its sockets are as real as ever."""

import asyncio
from typing import Final

TURNS: Final = 10
"""Turns of a loop, far more than it takes for what is due to be done, and what follows from it."""


async def turns() -> None:
    """Lets the event loop do all that it can do without waiting."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


class SteppedLoop(asyncio.SelectorEventLoop):
    """Stands at the time 0 until `pass_time`."""

    def __init__(self) -> None:
        self._now_s = 0.0
        super().__init__()

    def time(self) -> float:
        return self._now_s

    async def pass_time(self, seconds: float) -> None:
        """Returns once all timers that are due by then have fired.

        What is ready to run does so before, so that the timers it starts begin at the old time.
        """
        await turns()
        self._now_s += seconds
        await turns()
