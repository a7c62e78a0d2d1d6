"""Clients that lag, one for each transport, on connections of their own."""

import asyncio
import socket
from collections.abc import Iterator
from itertools import repeat
from typing import Final, Literal
from urllib.parse import urlsplit

from tests.support.clients import Session

Transport = Literal["long-poll", "event-stream", "xmlsocket.v1", "plain", "raw"]

TRANSPORTS: Final[tuple[Transport, ...]] = (
    "long-poll",
    "event-stream",
    "xmlsocket.v1",
    "plain",
    "raw",
)
SENDING: Final[tuple[Transport, ...]] = ("long-poll", "xmlsocket.v1", "plain", "raw")
"""An event stream's client sends by requests, as a poller does."""

FLOOD_BYTES: Final = 1 << 30
MESSAGE: Final = b"<m>" + b"x" * 1016 + b"</m>\0"
MESSAGES_AT_ONCE: Final = 64
KERNEL_BYTES: Final = 1 << 16
"""Of the client's own buffer: what lies there is not the bridge's."""


class DeafClient(asyncio.Protocol):
    """Sends the first piece of its stream, and the others after `go_on`, as fast as they go out. It
    reads nothing or, with `listens`, drops what it reads."""

    def __init__(self, stream: Iterator[bytes], *, listens: bool) -> None:
        self._stream = stream
        self._listens = listens
        self._may_write = False
        self._transport: asyncio.Transport | None = None
        self._is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not self._listens:
            transport.pause_reading()
        transport.write(next(self._stream))

    def go_on(self) -> None:
        """Let the flood begin."""
        self.resume_writing()

    def pause_writing(self) -> None:
        self._may_write = False

    def resume_writing(self) -> None:
        self._may_write = True
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._may_write = False
        self._is_lost = True

    def abort(self) -> None:
        """Drops the connection, if there still is one."""
        if self._transport is not None and not self._is_lost:
            self._transport.abort()

    def _send(self) -> None:
        assert self._transport is not None
        while self._may_write and not self._transport.is_closing():
            piece = next(self._stream, None)
            if piece is None:
                return
            self._transport.write(piece)


async def connect(url: str, stream: Iterator[bytes], *, listens: bool) -> DeafClient:
    """A client of the bridge at this URL that sends this stream."""
    target = urlsplit(url)
    loop = asyncio.get_running_loop()
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BYTES)
    sock.setblocking(False)
    await loop.sock_connect(sock, (target.hostname, target.port))
    _, client = await loop.create_connection(lambda: DeafClient(stream, listens=listens), sock=sock)
    return client


def receiving(transport: Transport, session: Session) -> Iterator[bytes]:
    """The request of a client whose answer nobody will read."""
    match transport:
        case "long-poll":
            yield request("GET", f"/{session.messages_path}?ack=0&wait=20", session.with_key())
        case "event-stream":
            yield request("GET", f"/{session.path}/events?ack=0", session.with_key())
        case _:
            yield handshake(transport, session)


def sending(transport: Transport, session: Session) -> Iterator[bytes]:
    """The same, and a flood behind it."""
    batch = MESSAGE * MESSAGES_AT_ONCE
    if transport == "long-poll":
        head = request(
            "POST",
            f"/{session.messages_path}",
            {**session.with_key(), "Content-Length": str(16 * len(batch))},
        )
        for _ in range(FLOOD_BYTES // (16 * len(batch))):
            yield head
            yield from repeat(batch, 16)
        return
    yield handshake(transport, session)
    match transport:
        case "xmlsocket.v1":
            piece = frame(1, batch)
        case "raw":
            piece = frame(2, batch)
        case _:
            piece = frame(1, MESSAGE[:-1]) * MESSAGES_AT_ONCE
    yield from repeat(piece, FLOOD_BYTES // len(batch))


def handshake(transport: Transport, session: Session) -> bytes:
    """The head of a WebSocket; a resumable one attaches to the session, the others open one."""
    fields = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    if transport == "xmlsocket.v1":
        offered = {"Sec-WebSocket-Protocol": "xmlsocket.v1", **session.with_key()}
        return request("GET", f"/{session.path}/websocket?ack=0", {**fields, **offered})
    path = "websocket" if transport == "plain" else "raw"
    return request("GET", f"/v1/daemons/chat/{path}", fields)


def request(method: str, target: str, fields: dict[str, str]) -> bytes:
    """The head of a request."""
    lines = [f"{method} {target} HTTP/1.1", "Host: bridge"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def frame(opcode: int, payload: bytes) -> bytes:
    """A client's frame; a mask of zeros leaves the payload as it is."""
    size = len(payload)
    length = (
        bytes([0x80 | 126]) + size.to_bytes(2)
        if size < 1 << 16
        else (bytes([0x80 | 127]) + size.to_bytes(8))
    )
    return bytes([0x80 | opcode]) + length + bytes(4) + payload
