"""Who is still there, and the moment when nobody is."""

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class Roll(Generic[T]):
    """A set that can be waited for to be empty."""

    def __init__(self) -> None:
        self._present: set[T] = set()
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        return len(self._present)

    def add(self, one: T) -> None:
        """It is there."""
        self._present.add(one)
        self._empty.clear()

    def discard(self, one: T) -> None:
        """It has gone, if it was there."""
        self._present.discard(one)
        if not self._present:
            self._empty.set()

    async def emptied(self, most_s: float | None = None) -> None:
        """Wait until none is there, or until `most_s` are over."""
        try:
            async with asyncio.timeout(most_s):
                await self._empty.wait()
        except TimeoutError:
            pass
