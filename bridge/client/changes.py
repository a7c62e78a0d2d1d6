"""Waiting for something to become true of a state that others change."""

import asyncio
from collections.abc import Callable


class Changes:
    """Wakes all who wait, at each change; they look for themselves."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def notify(self) -> None:
        """To be called after each change."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def next(self, within_s: float | None = None) -> None:
        """Returns at the next change, or when the time is over."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await asyncio.wait((future,), timeout=within_s)

    async def until(self, satisfied: Callable[[], bool]) -> None:
        """Returns once `satisfied()`."""
        while not satisfied():
            await self.next()

    async def within(self, seconds: float, satisfied: Callable[[], bool]) -> bool:
        """The same, but no longer than so; returns whether it is satisfied."""
        try:
            async with asyncio.timeout(seconds):
                await self.until(satisfied)
        except TimeoutError:
            return False
        return True
