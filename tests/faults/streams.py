"""Streams of bytes, as they come and as the weather lets them through."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Final, Self

from tests.faults.weather import Fault, Spell

READ_BYTES = 1 << 16
DRIBBLED_BYTES = 200
"""So many come one by one; all of a large answer would take minutes."""


class Broken(Exception):
    """The weather has broken the connection."""


async def pieces_of(*pieces: bytes) -> AsyncIterator[bytes]:
    """A stream that is there already."""
    for piece in pieces:
        yield piece


async def arriving(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """What comes, to the end of the stream."""
    while piece := await reader.read(READ_BYTES):
        yield piece


async def buffered(pieces: AsyncIterator[bytes], spell: Spell) -> AsyncIterator[bytes]:
    """All of it, once it is complete."""
    whole = b"".join([piece async for piece in pieces])
    spell.struck()
    yield whole


async def swallowed(pieces: AsyncIterator[bytes], spell: Spell) -> AsyncIterator[bytes]:
    """Nothing, but it is taken."""
    async for piece in pieces:
        spell.struck()
        yield piece[:0]


async def dribbled(pieces: AsyncIterator[bytes], spell: Spell) -> AsyncIterator[bytes]:
    """The first bytes one by one."""
    spell.struck()
    left = DRIBBLED_BYTES
    async for piece in pieces:
        for index in range(min(left, len(piece))):
            yield piece[index : index + 1]
            await asyncio.sleep(0)  # or else they would leave together
        if len(piece) > left:
            yield piece[left:]
        left = max(0, left - len(piece))


async def stalled(pieces: AsyncIterator[bytes], spell: Spell) -> AsyncIterator[bytes]:
    """A gap in time, once, in the middle of a piece if it falls there."""
    left = spell.after_bytes
    async for piece in pieces:
        if 0 <= left < len(piece):
            yield piece[:left]
            spell.struck()
            await asyncio.sleep(spell.for_s)
            yield piece[left:]
        else:
            yield piece
        left -= len(piece)


async def cut(pieces: AsyncIterator[bytes], spell: Spell) -> AsyncIterator[bytes]:
    """The beginning. The last piece is cut in two, which is in the middle of a frame."""
    left = spell.after_bytes
    async for piece in pieces:
        if left < len(piece):
            yield piece[: min(left, len(piece) // 2)]
            spell.struck()
            raise Broken
        left -= len(piece)
        yield piece


WAYS: Final = {
    Fault.BUFFER: buffered,
    Fault.CUT_FRAME: cut,
    Fault.DRIBBLE: dribbled,
    Fault.STALL_DOWN: stalled,
    Fault.STALL_UP: stalled,
    Fault.SWALLOW: swallowed,
    Fault.TRUNCATE_RESPONSE: cut,
}


def spoiled(pieces: AsyncIterator[bytes], spell: Spell) -> AsyncIterator[bytes]:
    """What gets through of a stream. Raises `Broken` where it is cut."""
    way = WAYS.get(spell.fault) if spell.fault else None
    return way(pieces, spell) if way else pieces


class IdleLimit:
    """A context that ends in `Broken` when nothing has passed for as long as the spell says, if it
    is of that kind."""

    def __init__(self, spell: Spell) -> None:
        self._spell = spell
        self._limit_s = spell.for_s if spell.fault is Fault.CUT_IDLE else None
        self._timeout = asyncio.timeout(self._limit_s)

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError:
            self._spell.struck()
            raise Broken from None

    def something_passed(self) -> None:
        """The time begins anew."""
        if self._limit_s is not None and not self._timeout.expired():
            self._timeout.reschedule(asyncio.get_running_loop().time() + self._limit_s)
