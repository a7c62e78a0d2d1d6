"""What wakes whoever waits for a session to change."""

import asyncio


class Bell:
    """Wakes all who wait. Few do, and an event of asyncio is big, so it is made for the first."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event: asyncio.Event | None = None

    def ring(self) -> None:
        """Something has changed."""
        if self._event is not None:
            self._event.set()

    async def rung(self) -> None:
        """Wait until it rings, from now on."""
        if self._event is None:
            self._event = asyncio.Event()
        self._event.clear()
        await self._event.wait()
