"""A WebSocket on a connection of its own: frames in and out, heartbeat, closing handshake.

After the handshake aiohttp hands the connection over, so that bytes go from `data_received` to the
daemon in one call, with no task, queue or future between (docs/decisions/003).
"""

import asyncio
from collections.abc import Callable, Iterator
from enum import Enum, Flag, auto
from itertools import chain
from time import perf_counter
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
from bridge.tunnel.turns import LIGHT_BYTES, TURN_S, Turns

CLOSE_S: Final = 5.0
"""Patience with a peer that does not answer a Close frame (RFC 6455 section 7.1.1 sets no time)."""

JOIN_BYTES: Final = 1 << 12
"""Up to this size header and payload are cheaper to copy together than to write apart."""


class Phase(Enum):
    """Where the closing handshake stands."""

    OPEN = auto()
    CLOSING = auto()  # our Close frame is out, the peer's is awaited
    FAILED = auto()  # so is ours, and what the peer sends makes no sense any more


class Hold(Flag):
    """Why nothing is read from the client."""

    NONE = 0
    DAEMON = auto()  # the daemon is slow
    CLIENT = auto()  # the client does not read what its own frames bring about
    TURN = auto()  # others have their turn


class Endpoint(Protocol):
    """What a WebSocket carries: one of the three socket transports."""

    @property
    def turn_bytes(self) -> int:
        """How much of the client's data it may be shown before all others have their turn."""
        ...

    def opened(self, connection: "WebSocketConnection") -> None:
        """The handshake is done."""

    def message(self, opcode: int, payload: bytes, final: bool) -> None:
        """A TEXT or BINARY message, or a piece of one; `final` with its last piece."""

    def drained(self) -> None:
        """The client was slow and takes data again."""

    def beat(self) -> None:
        """`heartbeat_s` have passed; a Ping has just been sent."""

    def lost(self) -> None:
        """The socket is closed, in whatever way; the last call."""


class WebSocketConnection(asyncio.Protocol):
    """The server's end of one WebSocket; an `Endpoint` gives it meaning."""

    _transport: asyncio.Transport

    def __init__(
        self,
        endpoint: Endpoint,
        heartbeat_s: float,
        turns: Turns,
        lost: Callable[["WebSocketConnection"], None],
    ) -> None:
        self.is_writable = True
        self._lost = lost
        self._endpoint = endpoint
        self._heartbeat_s = heartbeat_s
        self._reader = FrameReader()
        self._phase = Phase.OPEN
        self._hold = Hold.NONE
        self._loop = asyncio.get_running_loop()
        self._heard_at = self._loop.time()
        self._turns = turns
        self._backlog: Iterator[None] = iter(())
        self._is_queued = False
        self._turn_bytes = endpoint.turn_bytes
        self._buffered_bytes = 0
        self._heartbeat = Deadline(self._beat)
        self._linger = Linger(CLOSE_S)

    def __repr__(self) -> str:
        return f"<WebSocketConnection {self._phase.name} hold={self._hold.name} {self._endpoint!r}>"

    # -- what the endpoint asks for

    def send(self, opcode: int, payload: bytes) -> None:
        """Send one unfragmented frame; after `close` nothing is sent."""
        if self._phase is not Phase.OPEN:
            return
        head = header(opcode, len(payload))
        if len(payload) <= JOIN_BYTES:
            self._transport.write(head + payload)
        else:
            self._transport.writelines((head, payload))

    def write(self, frames: tuple[bytes, ...]) -> None:
        """Send frames that are already encoded."""
        if self._phase is Phase.OPEN:
            self._transport.writelines(frames)

    def reply(self, opcode: int, payload: bytes) -> None:
        """Send what a frame of the client brings about. Who does not read the replies is not read
        either, or they would pile up without a bound."""
        self.send(opcode, payload)
        if not self.is_writable:
            self.pause_reading(Hold.CLIENT)

    def close(self, status: int, reason: str) -> None:
        """Send a Close frame; what arrives from now on is not passed to the endpoint."""
        self.send(CLOSE, close_payload(status, reason))
        self._begin_closing()

    def pause_reading(self, why: Hold) -> None:
        """Take nothing more from the client until `resume_reading` for the same reason."""
        counts = self._phase is Phase.OPEN or why is Hold.TURN
        if counts and not self._transport.is_closing():
            if not self._hold:
                self._transport.pause_reading()
            self._hold |= why

    def resume_reading(self, why: Hold) -> None:
        """This is no reason any more."""
        if self._hold and not self._transport.is_closing():
            self._hold &= ~why
            if self._hold == Hold.TURN and not self._is_queued:
                self._wait_for_turn()
            elif not self._hold:
                self._heard_at = self._loop.time()
                self._transport.resume_reading()

    # -- what the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The handshake is done; the endpoint may speak."""
        self._transport = cast(asyncio.Transport, transport)
        self._start_heartbeat(self._heartbeat_s)
        self._endpoint.opened(self)

    def data_received(self, data: bytes) -> None:
        """Pass what the client sent to the endpoint; if that is much, in turns."""
        self._heard_at = self._loop.time()
        if self._hold & Hold.TURN:
            self._backlog = chain(self._backlog, self._take(data))
        elif len(data) <= LIGHT_BYTES:
            for _ in self._take(data):
                pass
        else:
            self._backlog = self._take(data)
            self._is_queued = not self._turns.take(self._take_turn)
            if self._is_queued:
                self.pause_reading(Hold.TURN)

    def eof_received(self) -> bool:
        """TCP ended without a closing handshake; the transport closes itself."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the endpoint, whatever the cause."""
        self._phase = Phase.FAILED
        self._backlog = iter(())
        self._heartbeat.cancel()
        self._linger.cancel()
        self._endpoint.lost()
        self._lost(self)

    def pause_writing(self) -> None:
        """The client is slow."""
        self.is_writable = False

    def resume_writing(self) -> None:
        """The client takes data again, which is a sign of life: a Pong waits behind it."""
        self.is_writable = True
        self._heard_at = self._loop.time()
        self.resume_reading(Hold.CLIENT)
        self._endpoint.drained()

    # -- frames

    def _take_turn(self) -> None:
        """Work the backlog off, as far as time and the other holds allow."""
        self._is_queued = False
        until = perf_counter() + TURN_S
        for _ in self._backlog:
            if self._hold & ~Hold.TURN:
                self.pause_reading(Hold.TURN)
                return
            if perf_counter() >= until:
                self._wait_for_turn()
                return
        self.resume_reading(Hold.TURN)

    def _wait_for_turn(self) -> None:
        self.pause_reading(Hold.TURN)
        self._is_queued = True
        self._turns.wait(self._take_turn)

    def _take(self, data: bytes) -> Iterator[None]:
        """Frame by frame; of long ones no more at a time than the endpoint may be shown."""
        turn = self._turn_bytes
        pieces = (data[start : start + turn] for start in range(0, len(data), turn))
        try:
            for piece in pieces if len(data) > turn else (data,):
                for opcode, payload, final in self._reader.feed(piece):
                    if self._phase is Phase.FAILED:
                        return
                    self._take_frame(opcode, payload, final)
                    if opcode == CLOSE:
                        return
                    yield
        except FrameError as error:
            self._fail(error)

    def _take_frame(self, opcode: int, payload: bytes, final: bool) -> None:
        if opcode < CLOSE:
            if self._phase is Phase.OPEN:
                self._endpoint.message(opcode, payload, final)
        elif opcode == PING:
            self.reply(PONG, payload)
        elif opcode == CLOSE:
            self._peer_closed(payload)

    def _peer_closed(self, payload: bytes) -> None:
        status = parse_close(payload)
        self.send(CLOSE, b"" if status is None else close_payload(status, ""))
        self._begin_closing()
        self._transport.close()

    def _fail(self, error: FrameError) -> None:
        """Fail the connection (section 7.1.7). What still arrives is read and dropped: closing a
        socket with unread bytes would reset it, and the peer might never see the Close frame."""
        self.close(error.status, error.reason)
        self._phase = Phase.FAILED
        self._transport.write_eof()

    def _begin_closing(self) -> None:
        if self._phase is Phase.OPEN:
            self._heartbeat.cancel()
            self.resume_reading(self._hold & ~Hold.TURN)
            self._phase = Phase.CLOSING
            self._linger.start(self._transport)

    # -- heartbeat

    def _beat(self) -> None:
        """Ping; give up a peer that was silent for twice `heartbeat_s` while it was listened to.

        Bytes that leave the write buffer are a sign of life too.
        """
        buffered = self._transport.get_write_buffer_size()
        if self._hold & ~Hold.CLIENT or buffered < self._buffered_bytes:
            self._heard_at = self._loop.time()
        self._buffered_bytes = buffered
        now = self._loop.time()
        self._heard_at += now - self._beat_at  # while this loop was busy nobody could be heard
        left_s = self._heard_at + 2 * self._heartbeat_s - now
        if left_s <= 0:
            self._transport.abort()
            return
        self.send(PING, b"")
        self._endpoint.beat()
        self._start_heartbeat(min(left_s, self._heartbeat_s))

    def _start_heartbeat(self, delay_s: float) -> None:
        self._beat_at = self._loop.time() + delay_s
        self._heartbeat.start(delay_s)
