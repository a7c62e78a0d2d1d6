"""A WebSocket on a connection of its own: frames in and out, heartbeat, closing handshake.

After the handshake aiohttp hands the connection over, so that bytes go from `data_received` to the
daemon in one call, with no task, queue or future between (docs/decisions/003).
"""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol, cast

from bridge.protocol.frames import (
    CLOSE,
    PING,
    PONG,
    FrameError,
    FrameReader,
    close_payload,
    header,
    parse_close,
)
from bridge.tunnel.deadline import Deadline
from bridge.tunnel.linger import Linger

CLOSE_S: Final = 5.0
"""Patience with a peer that does not answer a Close frame (RFC 6455 section 7.1.1 sets no time)."""

JOIN_BYTES: Final = 1 << 12
"""Up to this size header and payload are cheaper to copy together than to write apart."""


class Endpoint(Protocol):
    """What a WebSocket carries: one of the three socket transports."""

    def opened(self, connection: "WebSocketConnection") -> None:
        """The handshake is done."""

    def message(self, opcode: int, payload: bytes, final: bool) -> None:
        """A TEXT or BINARY message, or a piece of one; `final` with its last piece."""

    def writable(self) -> None:
        """The client was slow and takes data again."""

    def beat(self) -> None:
        """`heartbeat_s` have passed; a Ping has just been sent."""

    def lost(self) -> None:
        """The socket is closed, in whatever way; the last call."""


class WebSocketConnection(asyncio.Protocol):
    """The server's end of one WebSocket; an `Endpoint` gives it meaning."""

    def __init__(
        self,
        endpoint: Endpoint,
        heartbeat_s: float,
        lost: Callable[["WebSocketConnection"], None],
    ) -> None:
        self.is_writable = True
        self._lost = lost
        self._endpoint = endpoint
        self._heartbeat_s = heartbeat_s
        self._reader = FrameReader()
        self._closing = False
        self._reading_paused = False
        self._time = asyncio.get_running_loop().time
        self._heard_at = self._time()
        self._buffered_bytes = 0
        self._heartbeat = Deadline(self._beat)
        self._broken = False
        self._linger = Linger(CLOSE_S)

    # -- what the endpoint asks for

    def send(self, opcode: int, payload: bytes) -> None:
        """Send one unfragmented frame; after `close` nothing is sent."""
        if self._closing:
            return
        head = header(opcode, len(payload))
        if len(payload) <= JOIN_BYTES:
            self._transport.write(head + payload)
        else:
            self._transport.writelines((head, payload))

    def write(self, frames: bytes) -> None:
        """Send frames that are already encoded."""
        if not self._closing:
            self._transport.write(frames)

    def close(self, status: int, reason: str) -> None:
        """Send a Close frame; what arrives from now on is not passed to the endpoint."""
        self.send(CLOSE, close_payload(status, reason))
        self._begin_closing()

    def pause_reading(self) -> None:
        """Take nothing more from the client for now."""
        if not self._reading_paused and not self._transport.is_closing():
            self._reading_paused = True
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Take it again."""
        if self._reading_paused and not self._transport.is_closing():
            self._reading_paused = False
            self._heard_at = self._time()
            self._transport.resume_reading()

    # -- what the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The handshake is done; the endpoint may speak."""
        self._transport = cast(asyncio.Transport, transport)
        self._heartbeat.start(self._heartbeat_s)
        self._endpoint.opened(self)

    def data_received(self, data: bytes) -> None:
        """Pass what the client sent to the endpoint, as it comes."""
        self._heard_at = self._time()
        if self._broken:
            return
        try:
            for opcode, payload, final in self._reader.feed(data):
                if opcode < CLOSE:
                    if not self._closing:
                        self._endpoint.message(opcode, payload, final)
                elif opcode == PING:
                    self.send(PONG, payload)
                elif opcode == CLOSE:
                    self._peer_closed(payload)
                    return
        except FrameError as error:
            self._fail(error)

    def eof_received(self) -> bool:
        """TCP ended without a closing handshake; the transport closes itself."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._closing = True
        self._heartbeat.cancel()
        self._linger.cancel()
        self._endpoint.lost()
        self._lost(self)

    def pause_writing(self) -> None:
        """The client is slow."""
        self.is_writable = False

    def resume_writing(self) -> None:
        """The client takes data again."""
        self.is_writable = True
        self._endpoint.writable()

    # -- heartbeat and end

    def _beat(self) -> None:
        """Ping; give up a peer that was silent for twice `heartbeat_s`.

        Bytes leaving the write buffer are a sign of life too: a Ping waits behind them.
        """
        buffered = self._transport.get_write_buffer_size()
        if self._reading_paused or buffered < self._buffered_bytes:
            self._heard_at = self._time()
        self._buffered_bytes = buffered
        left_s = self._heard_at + 2 * self._heartbeat_s - self._time()
        if left_s <= 0:
            self._transport.abort()
            return
        self.send(PING, b"")
        self._endpoint.beat()
        self._heartbeat.start(min(left_s, self._heartbeat_s))

    def _peer_closed(self, payload: bytes) -> None:
        status = parse_close(payload)
        if not self._closing:
            self.send(CLOSE, b"" if status is None else close_payload(status, ""))
            self._begin_closing()
        self._transport.close()

    def _fail(self, error: FrameError) -> None:
        """Fail the connection (section 7.1.7). What still arrives is read and dropped: closing a
        socket with unread bytes would reset it, and the peer might never see the Close frame."""
        self._broken = True
        self.close(error.status, error.reason)
        self._transport.write_eof()

    def _begin_closing(self) -> None:
        if not self._closing:
            self._closing = True
            self._heartbeat.cancel()
            self.resume_reading()
            self._linger.start(self._transport)
