"""A WebSocket client that keeps no rule of its own: it answers no ping and masks as it is told."""

import asyncio
import base64
import os
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from tests.support.clients import Client
from tests.support.deadline import within_deadline

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
FINAL = 0x80


@dataclass(frozen=True, slots=True)
class Frame:
    opcode: int
    payload: bytes


class WirePeer:
    """Frames written and read one by one; `is_closed` when the server has gone."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    @asynccontextmanager
    async def connected(
        cls, client: Client, path: str, subprotocols: Sequence[str] = ()
    ) -> AsyncIterator[Self]:
        """Shakes hands, expecting the 101; vanishes at the end without a close frame."""
        url = client.address(path)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {url.raw_path} HTTP/1.1",
            f"Host: {url.host}:{url.port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
        ]
        if subprotocols:
            lines.append(f"Sec-WebSocket-Protocol: {', '.join(subprotocols)}")
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write("\r\n".join([*lines, "", ""]).encode())
        async with within_deadline("the handshake"):
            head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head
        try:
            yield cls(reader, writer)
        finally:
            writer.transport.abort()
            writer.close()

    def send(self, opcode: int, payload: bytes, *, is_masked: bool = True, bits: int = 0) -> None:
        """Writes one final frame; `bits` are further bits of its first byte."""
        length = len(payload)
        short = length if length < 126 else 126 if length < 1 << 16 else 127
        extended = b"" if length < 126 else struct.pack("!H" if short == 126 else "!Q", length)
        head = bytes([FINAL | bits | opcode, short | (0x80 if is_masked else 0)]) + extended
        # A mask of zeros is a mask all the same, and leaves the payload readable.
        self._writer.write(head + (b"\0\0\0\0" if is_masked else b"") + payload)

    async def read_frame(self) -> Frame | None:
        """The server's next frame, or `None` when it has closed the connection."""
        async with within_deadline("a frame"):
            try:
                first, length = await self._reader.readexactly(2)
                if length >= 126:
                    size = 2 if length == 126 else 8
                    length = int.from_bytes(await self._reader.readexactly(size), "big")
                return Frame(first & 0x0F, await self._reader.readexactly(length))
            except (asyncio.IncompleteReadError, ConnectionError):
                return None

    async def read_until(self, opcode: int) -> Frame:
        """The next frame with this opcode; those before it are dropped."""
        async with within_deadline(f"a frame with opcode {opcode}"):
            while (frame := await self.read_frame()) and frame.opcode != opcode:
                pass
        assert frame is not None, f"closed before a frame with opcode {opcode}"
        return frame

    async def closed(self) -> int:
        """The code of the server's close frame."""
        frame = await self.read_until(CLOSE)
        return int.from_bytes(frame.payload[:2], "big")

    def stop_reading(self) -> None:
        """Takes nothing more from the connection, so that the server can no longer write."""
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]
