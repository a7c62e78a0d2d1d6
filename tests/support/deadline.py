"""Waiting without sleeping: each wait ends with the event awaited, or fails at a deadline."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

# Far above what any step takes on a busy machine, and below pytest's own time limit.
DEADLINE_S = 15.0


@asynccontextmanager
async def within_deadline(what: str) -> AsyncIterator[None]:
    """Runs the body; when it takes longer than `DEADLINE_S`, fails saying `what` did not come."""
    deadline = asyncio.timeout(DEADLINE_S)
    try:
        async with deadline:
            yield
    except TimeoutError:
        if not deadline.expired():
            raise
        raise AssertionError(f"{what} did not come within {DEADLINE_S:g} s") from None


class Changes:
    """Wakes those who wait for something to become true of a state that callbacks change."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def notify(self) -> None:
        """To be called after each change."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, satisfied: Callable[[], bool], what: str) -> None:
        """Returns once `satisfied()`; raises `AssertionError`, naming `what`, at the deadline."""
        async with within_deadline(what):
            while not satisfied():
                future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.append(future)
                await future
