"""HTTP/1.1 as far as a proxy must know it: where a message begins and ends (RFC 9112)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Self

HEAD_END = b"\r\n\r\n"
NO_BODY = frozenset({"204", "304"})


@dataclass(frozen=True, slots=True)
class Head:
    """A start line and its header section; `raw` is all of it as it came."""

    raw: bytes
    start_line: str
    fields: dict[str, str]

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> Self:
        """The next head. Raises `asyncio.IncompleteReadError` where the stream ends before it."""
        raw = await reader.readuntil(HEAD_END)
        start_line, *lines = raw.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
        named = (line.partition(":") for line in lines)
        return cls(raw, start_line, {name.lower(): value.strip() for name, _, value in named})

    @property
    def is_upgrade(self) -> bool:
        """Whether a request asks for a WebSocket."""
        return self.fields.get("upgrade", "").lower() == "websocket"

    @property
    def status(self) -> str:
        """The status of a response."""
        return self.start_line.split(" ")[1]

    @property
    def closes(self) -> bool:
        """Whether nothing follows on this connection."""
        return self.fields.get("connection", "").lower() == "close"


async def request_body(reader: asyncio.StreamReader, head: Head) -> bytes:
    """The whole body of a request, as it stands on the wire."""
    if is_chunked(head):
        return b"".join([piece async for piece in chunks(reader)])
    return await reader.readexactly(int(head.fields.get("content-length", "0")))


async def response_body(reader: asyncio.StreamReader, head: Head) -> AsyncIterator[bytes]:
    """The body of a response piece by piece, as it comes and as it stands on the wire."""
    if head.status in NO_BODY:
        return
    if is_chunked(head):
        async for piece in chunks(reader):
            yield piece
    elif "content-length" in head.fields:
        left = int(head.fields["content-length"])
        while left and (piece := await reader.read(min(left, 1 << 16))):
            left -= len(piece)
            yield piece
    else:
        while piece := await reader.read(1 << 16):
            yield piece


async def chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """A chunked body, each chunk with its size line, to the end of the trailer section."""
    while True:
        size_line = await reader.readuntil(b"\r\n")
        size = int(size_line.split(b";")[0], 16)
        yield size_line + await reader.readexactly(size + 2)
        if not size:
            return


def is_chunked(head: Head) -> bool:
    """Whether the body's end is told by its last chunk."""
    return head.fields.get("transfer-encoding", "").lower() == "chunked"
