"""The way between a browser and the bridge, damaged as networks and their proxies do."""

import asyncio
from enum import Enum, auto
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from tests.faults.proxy import REFUSAL, pump
from tests.faults.streams import arriving

HEAD_END = b"\r\n\r\n"


class WebSockets(Enum):
    """What becomes of WebSockets on the way."""

    PASSED = auto()
    MUTED = auto()
    """The handshake gets through, and nothing from the client after it."""
    REFUSED = auto()
    """The handshake does not get through."""
    SWALLOWED = auto()
    """The handshake gets through, and nothing from the bridge after it. Those that stand fall
    silent, too, and for good: no network leaves a hole in a stream and goes on behind it."""


class Cable:
    """Forwards connections to the bridge at `target` (its URL), while used as a context manager.

    `url` stands for the bridge's; `target` may be changed, for connections to come.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.url = ""
        self.websockets = WebSockets.PASSED
        self.is_plugged = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = urlunsplit(urlsplit(self.target)._replace(netloc=f"127.0.0.1:{port}"))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self.unplug()
        self._server.close()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Breaks all connections; new ones are carried again."""
        for writer in self._writers:
            writer.transport.abort()

    def unplug(self) -> None:
        """Breaks all connections and those to come, until `is_plugged` is set again."""
        self.is_plugged = False
        self.cut()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self.is_plugged:
                await self._forward(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # broken, by the test or by one of the ends
        finally:
            writer.transport.abort()
            self._writers.discard(writer)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(HEAD_END)
        is_websocket = b"upgrade: websocket" in head.lower()
        if is_websocket and self.websockets is WebSockets.REFUSED:
            writer.write(REFUSAL)
            await writer.drain()
            return
        target = urlsplit(self.target)
        there, back = await asyncio.open_connection(target.hostname, target.port)
        self._writers.add(back)
        try:
            back.write(head)
            is_muted = is_websocket and self.websockets is WebSockets.MUTED
            up = self._swallow(reader) if is_muted else self._pump(reader, back)
            down = self._answer(there, writer) if is_websocket else self._pump(there, writer)
            await asyncio.gather(up, down)
        finally:
            back.transport.abort()
            self._writers.discard(back)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readuntil(HEAD_END))
        is_silent = False
        async for data in arriving(reader):
            is_silent = is_silent or self.websockets is WebSockets.SWALLOWED
            if not is_silent:
                writer.write(data)
                await writer.drain()
        writer.write_eof()

    async def _swallow(self, reader: asyncio.StreamReader) -> None:
        async for _ in arriving(reader):
            pass

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await pump(arriving(reader), writer)
        writer.write_eof()
