"""A client's end of a TCP connection: it writes any bytes, and is strict with what it reads."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple, Self

from yarl import URL

from tests.rfc6455 import reference
from tests.rfc6455.frame import CLOSE
from tests.rfc6455.table.handshakes import AS_IT_SHOULD_BE
from tests.support.deadline import within_deadline


class ServerFrame(NamedTuple):
    opcode: int
    payload: bytes


class Wire:
    """What a server sends after its Close frame, and a frame that no server may send, fail the
    test."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    @asynccontextmanager
    async def connected(cls, url: URL) -> AsyncIterator[Self]:
        """Vanishes at the end."""
        async with within_deadline("the connection"):
            reader, writer = await asyncio.open_connection(url.host, url.port)
        try:
            yield cls(reader, writer)
        finally:
            writer.transport.abort()
            writer.close()

    @classmethod
    @asynccontextmanager
    async def upgraded(cls, url: URL, subprotocols: Sequence[str] = ()) -> AsyncIterator[Self]:
        """The opening handshake is done."""
        async with cls.connected(url) as wire:
            wire.write(AS_IT_SHOULD_BE.request(url.raw_path_qs, subprotocols))
            head = await wire.read_head()
            assert head.startswith(b"HTTP/1.1 101 "), head
            yield wire

    def write(self, data: bytes) -> None:
        """Sends in one piece, without waiting for room."""
        self._writer.write(data)

    async def dribble(self, pieces: Iterable[bytes]) -> None:
        """Sends each piece in a write of its own."""
        for piece in pieces:
            self._writer.write(piece)
            await asyncio.sleep(0)

    def write_eof(self) -> None:
        """Ends the client's half of the connection."""
        self._writer.write_eof()

    async def read_head(self) -> bytes:
        """The server's answer to the handshake, as far as the empty line."""
        async with within_deadline("the handshake"):
            return await self._reader.readuntil(b"\r\n\r\n")

    async def read_to_end(self) -> bytes:
        """All that the server still sends."""
        async with within_deadline("the end of the connection"):
            try:
                return await self._reader.read()
            except ConnectionError:
                return b""

    async def read_frame(self) -> ServerFrame | None:
        """The server's next frame, or `None` when it has ended the connection."""
        async with within_deadline("a frame"):
            try:
                head = await self._reader.readexactly(2)
            except (asyncio.IncompleteReadError, ConnectionError):
                return None
            return await self._frame(head)

    async def _frame(self, head: bytes) -> ServerFrame:
        n_bytes = {126: 2, 127: 8}.get(head[1] & 0x7F, 0)
        head += await self._reader.readexactly(n_bytes)
        header = reference.header_of(head)
        assert header is not None, "5.1: a server must not mask its frames"
        # The other rules are the same for both sides.
        reference.check(header._replace(is_masked=True), is_within_message=False)
        assert header.fin, "the bridge does not send fragments"
        payload = await self._reader.readexactly(header.length)
        if header.opcode == CLOSE:
            reference.answer_to(payload)
        return ServerFrame(header.opcode, payload)
