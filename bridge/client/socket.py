"""What a program sees: a socket of messages, as Flash's XMLSocket was one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, Self

from bridge.client.endpoint import Endpoint
from bridge.client.errors import NotOpened, SessionEnded
from bridge.client.link import Link, Numbers, State
from bridge.client.options import Message, Options
from bridge.client.outcome import Ended
from bridge.client.route import Transport
from bridge.client.session import Session

NORMAL_ENDS: Final = frozenset({"client-closed", "daemon-closed"})
"""After these an iteration over messages is over; after others it raises."""


class XmlSocket:
    """A session with one daemon. `connect` makes one; any number of tasks may use it."""

    def __init__(self, link: Link, options: Options) -> None:
        self._link = link
        self._options = options

    def __repr__(self) -> str:
        return f"<XmlSocket {self._link!r}>"

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, url: str, daemon: str, options: Options | None = None
    ) -> AsyncIterator[Self]:
        """Open a session with `daemon`, a name or alias that the bridge at `url` knows. It is
        closed at the end of the context.

        Raises `NotOpened`, from the exception that stood in the way if it was one, and `ValueError`
        for a URL that is none of http or https.
        """
        options = options or Options()
        async with Endpoint(url, daemon, options) as endpoint:
            link = Link(endpoint, options)
            running = asyncio.ensure_future(link.run())
            try:
                await link.changes.until(lambda: link.state is not State.CONNECTING)
                if link.end is not None and (link.session is None or link.end.failed):
                    raise NotOpened(link.end) from link.end.cause
                yield cls(link, options)
            finally:
                link.close()
                await running

    @property
    def state(self) -> State:
        """Whether the session is open, and whether its connection stands."""
        return self._link.state

    @property
    def connected(self) -> bool:
        """Whether the session is open, be it that its connection is just being taken up again."""
        return self._link.state in {State.OPEN, State.RESUMING}

    @property
    def transport(self) -> Transport | None:
        """The one in use."""
        return self._link.transport

    @property
    def id(self) -> str:
        """The session's name in the bridge's log."""
        return self._session.opening.id

    @property
    def numbers(self) -> Numbers:
        """Of the latest messages; they stay after the end."""
        outbox = self._session.outbox
        return Numbers(self._session.received, outbox.sent, outbox.acknowledged)

    @property
    def end(self) -> SessionEnded | None:
        """How the session ended, once it has."""
        return None if self._link.end is None else SessionEnded(self._link.end)

    @property
    def has_message(self) -> bool:
        """Whether `receive` returns at once."""
        return self._session.holds

    @property
    def heard_at(self) -> float:
        """When the bridge was last heard, by the clock of the event loop."""
        return self._link.heard_at

    async def send(self, message: Message) -> int:
        """Queue a message; return its number. Waits while `max_unsent_bytes` are unacknowledged.

        Raises `SessionEnded`, and `ValueError` for what cannot be a message of this daemon.
        """
        data = self._encoded(message)
        await self.until(lambda: self._has_room)
        return self._queue(data)

    async def accepted(self, number: int) -> None:
        """Returns once the bridge has written message `number` to the daemon. Raises
        `MessageRefused` if it did not pass, and `SessionEnded`.

        The bridge remembers the latest refusal: where a connection breaks just as several messages
        are refused, those before the latest count as accepted.
        """
        session = self._session
        await self.until(lambda: session.outbox.acknowledged >= number)
        for refusal in session.refusals:
            if refusal.number == number:
                raise refusal

    async def receive(self) -> Message:
        """The next message. Raises `SessionEnded` behind the last one."""
        await self.until(lambda: self._session.holds)
        message = self._session.pop()
        self._link.changes.notify()  # there is room again
        return message.decode() if self._options.is_text else message

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Message:
        """Like `receive`; ends when one of both sides has closed in peace."""
        try:
            return await self.receive()
        except SessionEnded as ended:
            if ended.code in NORMAL_ENDS:
                raise StopAsyncIteration from None
            raise

    async def until(self, satisfied: Callable[[], bool]) -> None:
        """Returns once this is so; it is asked whenever `state`, `transport` or `numbers` change.
        Raises `SessionEnded` when it is not so and never will be."""
        link = self._link
        await link.changes.until(lambda: link.state is State.CLOSED or satisfied())
        if not satisfied():
            end = end_of(link)
            raise SessionEnded(end) from end.cause

    async def close(self) -> None:
        """End the session. Returns once what was sent before has been accepted, as far as that did
        not take longer than a few seconds: `numbers` tell."""
        self._link.close()
        await self._link.changes.until(lambda: self._link.is_over)

    @property
    def _session(self) -> Session:
        assert self._link.session is not None, "connect gives no socket without a session"
        return self._link.session

    @property
    def _has_room(self) -> bool:
        return self.connected and self._session.outbox.held_bytes < self._options.max_unsent_bytes

    def _queue(self, data: bytes) -> int:
        number = self._session.outbox.push(data)
        self._link.changes.notify()
        return number

    def _encoded(self, message: Message) -> bytes:
        data = message.encode() if isinstance(message, str) else bytes(message)
        if self._options.is_text:
            data.decode()
        if b"\0" in data:
            raise ValueError("a message cannot hold a zero byte, which ends it")
        limit = self._session.opening.max_message_bytes
        if len(data) > limit:
            raise ValueError(f"a message may have {limit} bytes at most")
        return data


def end_of(link: Link) -> Ended:
    """How it ended, now that it has."""
    assert link.end is not None
    return link.end
