"""The TCP connection to a daemon.

While its session lives it passes bytes both ways. Then it *finishes*: what was accepted is flushed,
the bridge sends FIN and reads on, to the daemon's own FIN or a limit, because closing a socket with
unread bytes in it sends a reset, which would destroy what the daemon has not read yet.
"""

import asyncio
import os
import socket
from typing import Final, Protocol, cast

from bridge.host.buffers import bound_buffers
from bridge.loop.linger import Linger
from bridge.loop.turns import LIGHT_BYTES, Turns
from bridge.tunnel.pace.sluice import Sluice
from bridge.tunnel.pace.throttle import Throttle

READ_BYTES: Final = 1 << 18
"""As much as the event loops read at a time."""


class DaemonSink(Protocol):
    """Who hears the daemon: its session."""

    def daemon_connected(self, connection: "DaemonConnection") -> None:
        """The connection stands."""

    def daemon_sent(self, data: bytes) -> None:
        """The next bytes of the daemon's stream."""

    def daemon_closed(self) -> None:
        """The daemon has ended its stream."""

    def daemon_failed(self, error: Exception | None) -> None:
        """The connection broke."""

    def daemon_gone(self) -> None:
        """The connection is gone, in whatever way; the last call."""

    def daemon_paused(self) -> None:
        """The daemon is slow: written bytes pile up above the high water mark."""

    def daemon_resumed(self) -> None:
        """They have drained."""


class DaemonConnection:
    """One session's side of the daemon's TCP stream.

    An `asyncio.Protocol` by its methods, not by inheritance, so that it can be compiled.
    """

    def __init__(
        self,
        sink: DaemonSink,
        turns: Turns,
        flush_s: float,
        high_water_bytes: int,
        throttle: Throttle | None = None,
    ) -> None:
        """The `throttle` is for what the daemon sends."""
        self._sink = sink
        self._turns = turns
        self._unheard = b""  # waits for its turn, or until the limits allow it
        self._sluice = None if throttle is None else Sluice(throttle, self._hear_within_limits)
        self._is_paused = False
        self._finishing = False
        self._is_connected = False
        self._high_water_bytes = high_water_bytes
        self._eof_received = False
        self._linger = Linger(flush_s)

    def __repr__(self) -> str:
        state = "finishing" if self._finishing else "open" if self._is_connected else "connecting"
        return f"<DaemonConnection {state} eof_received={self._eof_received}>"

    # -- what the session asks for

    def write(self, data: bytes) -> None:
        """Put bytes into the daemon's ordered stream."""
        self._transport.write(data)

    def pause(self) -> None:
        """Stop reading the daemon: the client lags."""
        self._is_paused = True
        self._stop_reading()

    def resume(self) -> None:
        """Read the daemon again."""
        self._is_paused = False
        self._read_on()
        if self._sluice is not None:
            self._turns.wait(self._hear_within_limits)

    def finish(self) -> None:
        """Flush, send FIN, read on to the daemon's FIN; the session only hears `daemon_gone`. TLS
        has no half-closed connections here: it ends both ways, as soon as all is flushed."""
        self._finishing = True
        if self._sluice is not None:
            self._sluice.cancel()
        if self._transport.is_closing():
            return
        self._linger.start(self._transport)
        if self._eof_received or not self._transport.can_write_eof():
            self._transport.close()
        else:
            self._transport.resume_reading()
            self._end_writing()

    def _end_writing(self) -> None:
        try:
            self._transport.write_eof()
        except OSError:  # it was reset, which nobody has noticed as long as it was not read
            self._transport.abort()

    def drop(self) -> None:
        """Whoever wanted the connection has gone, at worst in the moment in which it stood. (uvloop
        then closes it without a call of `connection_lost`.)"""
        self._finishing = True
        if self._is_connected:
            self._is_connected = False
            self._transport.abort()
            self._sink.daemon_gone()

    # -- what the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._is_connected = True
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=self._high_water_bytes)
        bound_buffers(transport.get_extra_info("socket"))
        self._sink.daemon_connected(self)

    def data_received(self, data: bytes) -> None:
        """Pass on what the daemon sent; if that is much, when its turn has come. Until more comes
        it is read on: one message is not worth the system calls."""
        if self._finishing:
            return
        is_waiting = bool(self._unheard)
        if len(data) <= LIGHT_BYTES and not is_waiting and self._sluice is None:
            self._sink.daemon_sent(data)
            return
        self._unheard += data
        if is_waiting:
            self._stop_reading()
        elif self._sluice is None:
            self._turns.take(self._take_turn)
        else:
            self._turns.take(self._hear_within_limits)

    def _take_turn(self) -> None:
        data, self._unheard = self._unheard, b""
        if data and not self._finishing:
            self._sink.daemon_sent(data)
            self._read_on()

    def _hear_within_limits(self) -> None:
        """Pass on a portion; the rest has a turn of its own, or waits, and so does the daemon."""
        assert self._sluice is not None
        if not self._unheard or self._is_paused or self._finishing:
            return
        size = self._sluice.room_for(self._unheard)
        portion, self._unheard = self._unheard[:size], self._unheard[size:]
        if portion:
            self._sink.daemon_sent(portion)
        if not self._unheard:
            self._read_on()
            return
        self._stop_reading()
        if portion:
            self._turns.wait(self._hear_within_limits)

    def _hear_rest(self) -> None:
        """Nothing more will come: what has come waits for neither turn nor limit."""
        if self._sluice is not None:
            self._sluice.force(self._unheard)
        self._take_turn()

    def _stop_reading(self) -> None:
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def _read_on(self) -> None:
        is_wanted = not (self._is_paused or self._unheard or self._eof_received)
        if is_wanted and not self._transport.is_closing():
            self._transport.resume_reading()

    def eof_received(self) -> bool:
        """The daemon's FIN. The transport stays open, so that what was accepted is flushed."""
        self._eof_received = True
        if self._finishing:
            self._transport.close()
        else:
            self._hear_rest()
            self._sink.daemon_closed()
        return self._transport.can_write_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone. A failed write must not cost what the daemon sent before it."""
        if not self._is_connected:
            return  # it was dropped
        self._linger.cancel()
        self._hear_rest()
        pieces = [] if self._finishing else unread(self._transport)
        for data in pieces:
            if not self._finishing:
                self._sink.daemon_sent(data)
        if not self._finishing:
            self._sink.daemon_failed(exc)
        self._sink.daemon_gone()

    def pause_writing(self) -> None:
        """The write buffer is above its high water mark."""
        if not self._finishing:
            self._sink.daemon_paused()

    def resume_writing(self) -> None:
        """The write buffer has drained."""
        if not self._finishing:
            self._sink.daemon_resumed()


def unread(transport: asyncio.Transport) -> list[bytes]:
    """What the kernel still holds of a broken connection.

    When a write fails, the event loop drops the connection without reading what arrived before;
    the kernel keeps it readable until the socket is closed.
    """
    sock = transport.get_extra_info("socket")
    if sock is None or sock.fileno() < 0 or transport.get_extra_info("ssl_object") is not None:
        return []  # or else it would be ciphertext
    pieces: list[bytes] = []
    try:
        with socket.socket(fileno=os.dup(sock.fileno())) as duplicate:
            duplicate.setblocking(False)
            while data := duplicate.recv(READ_BYTES):
                pieces.append(data)
    except OSError:
        pass  # nothing more, only the error that broke the connection, or no descriptor is free
    return pieces
