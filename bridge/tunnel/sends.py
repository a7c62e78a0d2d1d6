"""The sends of one session by requests: so many at a time, accepted one after the other."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from bridge.errors import Problem

MAX_SENDS: Final = 32
"""At a time: each may hold a part of a body. A client needs one, and for a while some more after it
has changed networks."""


class Sends:
    """Who has a body under way, and whose turn it is."""

    def __init__(self) -> None:
        self._admitted = 0
        self._in_line = 0
        self._accepting = asyncio.Lock()

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """While the body of a request is read and accepted.

        Raises `Problem` `rate-limited` for one too many at a time.
        """
        if self._admitted == MAX_SENDS:
            detail = f"more than {MAX_SENDS} sends of one session at a time"
            raise Problem("rate-limited", detail, retry_after_s=1)
        self._admitted += 1
        try:
            yield
        finally:
            self._admitted -= 1

    @property
    def are_in_line(self) -> bool:
        """Whether any is being accepted bit by bit, or waits for that."""
        return self._in_line > 0

    @asynccontextmanager
    async def turn(self, latest: float) -> AsyncIterator[None]:
        """While messages are accepted, those of nobody else between them.

        Raises `TimeoutError` at `latest`, on the loop's clock, whether it waits or has begun.
        """
        self._in_line += 1
        try:
            async with asyncio.timeout_at(latest), self._accepting:
                yield
        finally:
            self._in_line -= 1
