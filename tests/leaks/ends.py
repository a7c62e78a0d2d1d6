"""The client's end of a session, one class for each transport, all with the same four methods."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Protocol

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.support.answers import Answer
from tests.support.clients import PATIENTLY_S, Client, Session
from tests.support.event_stream import EventStream
from tests.support.sockets import (
    V1Client,
    attach,
    open_plain,
    open_raw,
    open_v1,
    received_until_close,
    session_of,
)


class End(Protocol):
    """An open session, and whoever receives for it just now. `key` is known where it is told."""

    key: str | None

    async def send(self, messages: Sequence[bytes]) -> None:
        """Send to the daemon, which may be its last messages."""

    async def told(self) -> None:
        """Returns once the client has been told the end."""

    async def close(self) -> None:
        """End the session as this transport does it."""

    async def vanish(self) -> None:
        """Drop the connection without a word."""


OpenEnd = Callable[[Client], Awaitable[End]]


class Poll:
    """A parked GET; what goes up is posted."""

    def __init__(self, session: Session, poll: "asyncio.Task[Answer]") -> None:
        self.key: str | None = session.key
        self._session = session
        self._poll = poll

    @classmethod
    async def open(cls, client: Client) -> "Poll":
        session = await client.open()
        return cls(session, await session.park(ack=0))

    async def send(self, messages: Sequence[bytes]) -> None:
        await self._session.send(*messages)

    async def told(self) -> None:
        (await self._poll).problem(410)

    async def lag(self) -> None:
        """Take what comes, and never come back for more."""
        assert (await self._poll).messages

    async def close(self) -> None:
        (await self._session.delete()).empty()
        await self.told()

    async def vanish(self) -> None:
        await cancelled(self._poll)


class Combined:
    """A POST that waits for the answer of what it sends."""

    def __init__(self, session: Session) -> None:
        self.key: str | None = session.key
        self._session = session
        self._post: asyncio.Task[Answer] | None = None

    @classmethod
    async def open(cls, client: Client) -> "Combined":
        return cls(await client.open())

    async def send(self, messages: Sequence[bytes]) -> None:
        post = self._session.send(*messages, first=1, ack=0, wait=PATIENTLY_S)
        self._post = asyncio.ensure_future(post)

    async def told(self) -> None:
        assert self._post is not None
        (await self._post).problem(410)

    async def lag(self) -> None:
        """Take what comes, and never come back for more."""
        assert self._post is not None
        assert (await self._post).messages

    async def close(self) -> None:
        await self.send([])
        (await self._session.delete()).empty()
        await self.told()

    async def vanish(self) -> None:
        await self.send([])
        await self._session.send()  # the other request has arrived before this one is answered
        assert self._post is not None
        await cancelled(self._post)


class Stream:
    """An event stream; what goes up is posted."""

    def __init__(self, session: Session, stack: AsyncExitStack, stream: EventStream) -> None:
        self.key: str | None = session.key
        self._session = session
        self._stack = stack
        self._stream = stream

    @classmethod
    async def open(cls, client: Client) -> "Stream":
        session = await client.open()
        stack = AsyncExitStack()
        return cls(session, stack, await stack.enter_async_context(session.events()))

    async def send(self, messages: Sequence[bytes]) -> None:
        await self._session.send(*messages)

    async def told(self) -> None:
        while (event := await self._stream.next()) is not None:
            last = event
        assert last.name == "close", last
        await self._stack.aclose()

    async def lag(self) -> None:
        """Read to the end of the stream, which is full, and never come back for more."""
        while await self._stream.next() is not None:
            pass
        await self._stack.aclose()

    async def close(self) -> None:
        (await self._session.delete()).empty()
        await self.told()

    async def vanish(self) -> None:
        await self._stack.aclose()


class V1:
    """An `xmlsocket.v1` socket."""

    def __init__(self, client: Client, socket: V1Client) -> None:
        self.key: str | None = socket.opening["open"]["key"]
        self._socket = socket
        self._session = session_of(client, socket)
        self._sending: asyncio.Future[None] | None = None

    @classmethod
    async def open(cls, client: Client) -> "V1":
        return cls(client, await open_v1(client))

    @classmethod
    async def attach(cls, client: Client) -> "V1":
        return cls(client, await attach(await client.open()))

    async def send(self, messages: Sequence[bytes]) -> None:
        self._sending = asyncio.ensure_future(self._socket.send(*messages))

    async def told(self) -> None:
        await self._socket.told("close")
        await self._socket.closed()
        await settled(self._sending)

    async def lag(self) -> None:
        """Acknowledge nothing."""
        await self.told()

    async def close(self) -> None:
        await self._socket.control(close={})
        await self.told()

    async def delete(self) -> None:
        """End the session by the request that any client may make."""
        (await self._session.delete()).empty()
        await self.told()

    async def leave(self) -> None:
        """Close the socket, not the session."""
        await self._socket.socket.close()

    async def vanish(self) -> None:
        self._socket.vanish()


class Bound:
    """A plain or a raw socket."""

    key: str | None = None

    def __init__(self, socket: ClientConnection, ending: bytes) -> None:
        self._socket = socket
        self._ending = ending
        self._sending: asyncio.Future[None] | None = None

    @classmethod
    async def open_plain(cls, client: Client) -> "Bound":
        return cls(await open_plain(client), b"")

    @classmethod
    async def open_raw(cls, client: Client) -> "Bound":
        return cls(await open_raw(client, "chat"), b"\0")

    async def send(self, messages: Sequence[bytes]) -> None:
        self._sending = asyncio.ensure_future(self._send(messages))

    async def _send(self, messages: Sequence[bytes]) -> None:
        for message in messages:
            await self._socket.send(message + self._ending, text=not self._ending)

    async def told(self) -> None:
        await received_until_close(self._socket)
        await settled(self._sending)

    async def close(self) -> None:
        await self._socket.close()

    async def vanish(self) -> None:
        self._socket.transport.abort()


class Exchange:
    """The one-shot request: it opens its session with the first message."""

    key: str | None = None

    def __init__(self, client: Client) -> None:
        self._client = client
        self._exchange: asyncio.Task[Answer] | None = None

    @classmethod
    async def open(cls, client: Client) -> "Exchange":
        return cls(client)

    async def send(self, messages: Sequence[bytes]) -> None:
        self._exchange = asyncio.ensure_future(self._client.exchange(*messages))

    async def told(self) -> None:
        assert self._exchange is not None
        assert (await self._exchange).headers["XMLSocket-End"] == "closed"

    async def close(self) -> None:
        answer = await self._client.exchange(b"hello")
        assert answer.messages == [b"hello"]

    async def vanish(self) -> None:
        assert self._exchange is not None
        await cancelled(self._exchange)


async def cancelled(request: "asyncio.Task[Answer]") -> None:
    """Gives a request up, which closes its connection."""
    request.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await request


async def settled(sending: "asyncio.Future[None] | None") -> None:
    """Returns when a send has come to its end, which may be that of its socket."""
    if sending is not None:
        with contextlib.suppress(ConnectionClosed):
            await sending
