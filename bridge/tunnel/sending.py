"""Sending a body's worth of messages: it may take a while, when the daemon is slow.

Sockets need none of this: they accept what they can and keep the rest, for their client goes on
speaking. A request has an end, so it waits.
"""

import asyncio
from enum import Enum, auto
from functools import partial
from typing import Final

from bridge.errors import Problem
from bridge.loop.turns import LIGHT_BYTES
from bridge.protocol.bodies import UpBody
from bridge.protocol.checks import Fault
from bridge.protocol.framing import chunks, count, offset_of
from bridge.protocol.up_log import Refusal
from bridge.tunnel.session import Session

CHUNK_BYTES: Final = 1 << 16
"""So much is offered at a time; between two chunks the daemon's write buffer is looked at."""

HELD_UP_S: Final = 0.2
"""A daemon that takes nothing for so long may be blocked on its own output. Shorter, and clients
would have to send again what a moment later would have been accepted."""


class Outcome(Enum):
    """How a send came to its end, other than by a refusal."""

    ACCEPTED = auto()
    HELD_UP = auto()  # the daemon takes nothing, and down messages wait
    ENDED = auto()  # the session ended before all was accepted


class Send:
    """One body on its way to the daemon; `left_s` is how long the daemon may still delay it.

    With `receives` the client takes down messages in the answer, from `ack + 1` on, so it is
    answered as soon as any wait; without, when the log is full of them.
    """

    def __init__(self, session: Session, *, receives: bool, ack: int | None = None) -> None:
        self._session = session
        self._receives = receives
        self._ack = ack
        self.left_s = session.config.wait_s
        self._latest = 0.0

    async def run(self, first: int | None, body: UpBody) -> Outcome | Refusal:
        """Accept the messages, numbered from `first` or after the last accepted. May be called for
        one part of a body after the other: they share the time in `left_s`.

        Raises `Problem` `slow-daemon` when `wait_s` is over, or `rate-limited` where limits are
        why, `TooFarAhead` for a gap. What was accepted stays accepted in every case.
        """
        if self._ack is not None:
            self._session.acknowledge(self._ack)
        if self._is_light(body.batch):
            return self._accept_at_once(first, body)
        loop = asyncio.get_running_loop()
        self._latest = latest = loop.time() + self.left_s
        try:
            async with self._session.sends.turn(latest):
                return await self._accept(first, body)
        except TimeoutError:
            raise self._held_up() from None
        finally:
            self.left_s = max(0.0, latest - loop.time())

    def _is_light(self, batch: bytes) -> bool:
        """Whether there is nothing to wait for: no send before it, no daemon, no turn."""
        session = self._session
        most = min(LIGHT_BYTES, session.core.guard.turn_bytes)
        return session.writable and not session.sends.are_in_line and len(batch) <= most

    def _accept_at_once(self, first: int | None, body: UpBody) -> Outcome | Refusal:
        refusal = self._remembered(first, body) or self._offer(first, body.batch)
        if refusal is not None:
            return refusal
        return self._conclude(first and first + count(body.batch), body.fault)

    async def _accept(self, first: int | None, body: UpBody) -> Outcome | Refusal:
        remembered = self._remembered(first, body)
        if remembered is not None:
            return remembered
        session = self._session
        for chunk in chunks(body.batch, min(CHUNK_BYTES, session.core.guard.turn_bytes)):
            stopped = await self._accept_chunk(first, chunk)
            if stopped is not None:
                return stopped
            if first is not None:
                first += count(chunk)
        return self._conclude(first, body.fault)

    async def _accept_chunk(self, first: int | None, chunk: bytes) -> Outcome | Refusal | None:
        """In as many portions as limits make of it; returns what stands against the rest."""
        if first is not None:
            known = self._session.core.up.accepted + 1 - first
            if known > 0:  # a retry of it needs no room
                chunk = chunk[offset_of(chunk, min(known, count(chunk))) :]
                first += known
        while chunk:
            room = await self._wait_for_room(chunk)
            if isinstance(room, Outcome):
                return room
            portion, chunk = chunk[:room], chunk[room:]
            refusal = await self._session.turns.run(partial(self._offer, first, portion))
            if refusal is not None:
                return refusal
            if first is not None:
                first += count(portion)
        return None

    def _remembered(self, first: int | None, body: UpBody) -> Refusal | None:
        """The latest refusal, if these messages were sent before and it is of one of them."""
        if first is None:
            return None
        following = first + count(body.batch) + (body.fault is not None)
        return self._session.core.up.remembered(first, following)

    def _conclude(self, first: int | None, fault: Fault | None) -> Outcome | Refusal:
        """All has been accepted, but for the message behind it that cannot even be held."""
        if not self._session.core.is_open:
            return Outcome.ENDED
        return Outcome.ACCEPTED if fault is None else self._refuse(first, fault)

    def _refuse(self, number: int | None, fault: Fault) -> Refusal:
        """A retry is told again, or what is behind the fault, unseen, would pass for accepted."""
        if number is None or number > self._session.core.up.accepted:
            return self._session.refuse(fault)
        return Refusal(number, fault)

    def _offer(self, first: int | None, chunk: bytes) -> Refusal | None:
        """Accept it up to the first refusal."""
        number = self._session.core.up.accepted + 1 if first is None else first
        return next(iter(self._session.send(number, chunk)), None)

    async def _wait_for_room(self, batch: bytes) -> int | Outcome:
        """How much of it may go, once that is anything; else why there is no use in waiting.
        Raises `TimeoutError` where limits leave no room before the time is over."""
        try:
            async with asyncio.timeout(HELD_UP_S):
                while (room := self._room_for(batch)) is None:
                    await self._session.changed()
                return room
        except TimeoutError:
            pass
        while (room := self._room_for(batch)) is None:
            if self._down_waits():
                return Outcome.HELD_UP
            self._check_limits()
            await self._session.changed()
        return room

    def _room_for(self, batch: bytes) -> int | Outcome | None:
        if not self._session.core.is_open:
            return Outcome.ENDED
        return self._session.room_for(batch) or None

    def _held_up(self) -> Problem:
        sluice = self._session.sluice
        if sluice is not None and sluice.wait_s > 0:
            return sluice.refusal()
        return Problem("slow-daemon", "the daemon takes no more data at present")

    def _check_limits(self) -> None:
        sluice = self._session.sluice
        if sluice is not None and asyncio.get_running_loop().time() + sluice.wait_s > self._latest:
            raise TimeoutError

    def _down_waits(self) -> bool:
        session, down = self._session, self._session.core.down
        if self._receives:  # and will be the newest receiver, whoever is attached now
            return down.last > (down.sent if self._ack is None else self._ack)
        return session.receiver is None and session.log_is_full
