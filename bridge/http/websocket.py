"""A WebSocket on a connection of its own: frames in and out, heartbeat, closing handshake.

After the handshake aiohttp hands the connection over, so that bytes go from `data_received` to the
daemon in one call, with no task, queue or future between (docs/decisions/003).
"""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from time import perf_counter
from typing import Final, Protocol, cast

from bridge.loop.deadline import Deadline
from bridge.loop.linger import Linger
from bridge.loop.turns import LIGHT_BYTES, TURN_S, Turns
from bridge.protocol.frame_reader import FrameReader
from bridge.protocol.frames import (
    CLOSE,
    PING,
    PONG,
    FrameError,
    close_payload,
    frame,
    parse_close,
)

CLOSE_S: Final = 5.0
"""Patience with a peer that does not answer a Close frame (RFC 6455 section 7.1.1 sets no time)."""


class Phase(Enum):
    """Where the closing handshake stands."""

    OPEN = auto()
    CLOSING = auto()  # our Close frame is out, the peer's is awaited
    DONE = auto()  # so is ours, and what the peer sends means nothing any more


class Hold(Enum):
    """Why nothing is read from the client."""

    DAEMON = auto()  # the daemon is slow
    CLIENT = auto()  # the client does not read what its own frames bring about
    TURN = auto()  # others have their turn


class Listener(Protocol):
    """Who hears what comes over a WebSocket: the session's end of one of the three socket
    transports, or an echo."""

    @property
    def turn_bytes(self) -> int:
        """How much of the client's data it may be shown before all others have their turn."""
        ...

    def opened(self, connection: "WebSocketConnection") -> None:
        """The handshake is done."""

    def messages(self, opcode: int, payloads: list[bytes], final: bool) -> None:
        """TEXT or BINARY messages; where it is not `final`, the last is only a piece of one."""

    def drained(self) -> None:
        """The client was slow and takes data again."""

    def beat(self) -> None:
        """`heartbeat_s` have passed; a Ping has just been sent."""

    def lost(self) -> None:
        """The socket is closed, in whatever way; the last call."""


class WebSocketConnection:
    """The server's end of one WebSocket; its `Listener` gives it meaning.

    An `asyncio.Protocol` by its methods, not by inheritance, so that it can be compiled.
    """

    _transport: asyncio.Transport

    def __init__(
        self,
        listener: Listener,
        heartbeat_s: float,
        turns: Turns,
        lost: Callable[["WebSocketConnection"], None],
    ) -> None:
        self.is_writable = True
        self._lost = lost
        self._listener = listener
        self._heartbeat_s = heartbeat_s
        self._reader = FrameReader(listener.turn_bytes)
        self._phase = Phase.OPEN
        self._holds: set[Hold] = set()
        self._loop = asyncio.get_running_loop()
        self._heard_at = self._loop.time()
        self._turns = turns
        self._is_queued = False
        self._buffered_bytes = 0
        self._heartbeat = Deadline(self._beat)
        self._linger = Linger(CLOSE_S)

    def __repr__(self) -> str:
        holds = "|".join(sorted(hold.name for hold in self._holds))
        return f"<WebSocketConnection {self._phase.name} holds={holds} {self._listener!r}>"

    # -- what the listener asks for

    def send(self, opcode: int, payload: bytes) -> None:
        """Send one unfragmented frame; after `close` nothing is sent."""
        self.write(frame(opcode, payload))

    def write(self, pieces: tuple[bytes, ...]) -> None:
        """Send frames that are already encoded, in as many pieces as suits."""
        if self._phase is not Phase.OPEN:
            return
        if len(pieces) == 1:
            self._transport.write(pieces[0])
        else:
            self._transport.writelines(pieces)

    def reply(self, opcode: int, payload: bytes) -> None:
        """Send what a frame of the client brings about. Who does not read the replies is not read
        either, or they would pile up without a bound."""
        self.send(opcode, payload)
        if not self.is_writable:
            self.pause_reading(Hold.CLIENT)

    def close(self, status: int, reason: str) -> None:
        """Send a Close frame; what arrives from now on is not passed to the listener."""
        self.send(CLOSE, close_payload(status, reason))
        self._begin_closing()

    def pause_reading(self, why: Hold) -> None:
        """Take nothing more from the client until `resume_reading` for the same reason."""
        counts = self._phase is Phase.OPEN or why is Hold.TURN
        if counts and not self._transport.is_closing():
            if not self._holds:
                self._transport.pause_reading()
            self._holds.add(why)

    def resume_reading(self, why: Hold) -> None:
        """This is no reason any more."""
        if self._holds and not self._transport.is_closing():
            self._holds.discard(why)
            if self._holds == {Hold.TURN} and not self._is_queued:
                self._wait_for_turn()
            elif not self._holds:
                self._heard_at = self._loop.time()
                self._transport.resume_reading()

    # -- what the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The handshake is done; the listener may speak."""
        self._transport = cast(asyncio.Transport, transport)
        self._start_heartbeat(self._heartbeat_s)
        self._listener.opened(self)

    def data_received(self, data: bytes) -> None:
        """Pass what the client sent to the listener; if that is much, in turns. It is read on until
        there is more: a client that waits for an answer is not worth the system calls."""
        self._heard_at = self._loop.time()
        if self._phase is not Phase.DONE:
            self._reader.receive_data(data)
        if self._is_queued:
            self.pause_reading(Hold.TURN)
        elif Hold.TURN in self._holds:
            pass  # what is there waits for the daemon or the client
        elif len(data) <= LIGHT_BYTES:
            while self._take_frames():
                pass
        elif self._phase is not Phase.OPEN:
            self.pause_reading(Hold.TURN)
            self._wait_for_turn()
        else:
            self._is_queued = True
            self._turns.take(self._take_turn)

    def eof_received(self) -> bool:
        """TCP ended; the transport closes itself. Not before what the client has sent has had its
        turn: it is not read on until then, and meets this end again."""
        if self._is_queued:
            self.pause_reading(Hold.TURN)
        return self._is_queued

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the listener, whatever the cause."""
        self._done()
        self._heartbeat.cancel()
        self._linger.cancel()
        self._listener.lost()
        self._lost(self)

    def pause_writing(self) -> None:
        """The client is slow."""
        self.is_writable = False

    def resume_writing(self) -> None:
        """The client takes data again, which is a sign of life: a Pong waits behind it."""
        self.is_writable = True
        self._heard_at = self._loop.time()
        self.resume_reading(Hold.CLIENT)
        self._listener.drained()

    # -- frames

    def _take_turn(self) -> None:
        """Take what has arrived, as far as time and the other holds allow. Behind our Close frame
        nothing but the peer's is wanted, and reading is what the rest costs: a whole round."""
        self._is_queued = False
        if self._phase is not Phase.OPEN:
            self._turns.use_up()
        until = perf_counter() + TURN_S
        while self._take_frames():
            if self._holds - {Hold.TURN}:
                self.pause_reading(Hold.TURN)
                return
            if perf_counter() >= until:
                self._wait_for_turn()
                return
        self.resume_reading(Hold.TURN)

    def _wait_for_turn(self) -> None:
        self._is_queued = True
        self._turns.wait(self._take_turn)

    def _take_frames(self) -> bool:
        """Take the next frames; returns whether there were any."""
        try:
            frames = self._reader.next_frames()
            if frames is None:
                return False
            opcode, payloads, final = frames
            if opcode >= CLOSE:
                self._take_control(opcode, payloads[0])
            elif self._phase is Phase.OPEN:
                self._listener.messages(opcode, payloads, final)
        except FrameError as error:
            self._fail(error)
        return True

    def _take_control(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self.reply(PONG, payload)
        elif opcode == CLOSE:
            self._peer_closed(payload)

    def _peer_closed(self, payload: bytes) -> None:
        status = parse_close(payload)
        self.send(CLOSE, b"" if status is None else close_payload(status, ""))
        self._begin_closing()
        self._done()
        self._transport.close()

    def _fail(self, error: FrameError) -> None:
        """Fail the connection (section 7.1.7). What still arrives is read and dropped: closing a
        socket with unread bytes would reset it, and the peer might never see the Close frame."""
        self.close(error.status, error.reason)
        self._done()
        self._transport.write_eof()

    def _begin_closing(self) -> None:
        if self._phase is Phase.OPEN:
            self._heartbeat.cancel()
            for why in self._holds - {Hold.TURN}:
                self.resume_reading(why)
            self._phase = Phase.CLOSING
            self._linger.start(self._transport)

    def _done(self) -> None:
        self._phase = Phase.DONE
        self._reader.drop()

    # -- heartbeat

    def _beat(self) -> None:
        """Ping; give up a peer that was silent for twice `heartbeat_s` while it was listened to.

        Bytes that leave the write buffer are a sign of life too.
        """
        buffered = self._transport.get_write_buffer_size()
        if self._holds - {Hold.CLIENT} or buffered < self._buffered_bytes:
            self._heard_at = self._loop.time()
        self._buffered_bytes = buffered
        now = self._loop.time()
        self._heard_at += now - self._beat_at  # while this loop was busy nobody could be heard
        left_s = self._heard_at + 2 * self._heartbeat_s - now
        if left_s <= 0:
            self._transport.abort()
            return
        self.send(PING, b"")
        self._listener.beat()
        self._start_heartbeat(min(left_s, self._heartbeat_s))

    def _start_heartbeat(self, delay_s: float) -> None:
        self._beat_at = self._loop.time() + delay_s
        self._heartbeat.start(delay_s)
