"""The client of PyPI `websockets`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol
from yarl import URL

from tests.rfc6455.clients.talker import Closed, Message


class WebsocketsTalker:
    """A `Pinging`."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, message: Message) -> None:
        """As it is."""
        await self._socket.send(message)

    async def receive(self) -> Message:
        """As it came."""
        return await self._socket.recv()

    async def ping(self, payload: bytes) -> bytes:
        """The Pong is told from others by its payload."""
        await (await self._socket.ping(payload))
        return payload

    async def close(self, code: int, reason: str) -> None:
        """Waits for the answer, too."""
        await self._socket.close(code, reason)

    async def closed(self) -> Closed:
        """By its own account."""
        try:
            while True:
                await self._socket.recv()
        except ConnectionClosed:
            assert self._socket.close_code is not None
            return Closed(self._socket.close_code, self._socket.close_reason or "")


@asynccontextmanager
async def connected(url: URL, subprotocols: tuple[str, ...]) -> AsyncIterator[WebsocketsTalker]:
    """With its defaults, but for the size of messages."""
    async with connect(
        str(url.with_scheme("ws")),
        subprotocols=[Subprotocol(name) for name in subprotocols] or None,
        proxy=None,
        max_size=None,
    ) as socket:
        yield WebsocketsTalker(socket)
