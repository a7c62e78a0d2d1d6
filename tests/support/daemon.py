"""A legacy daemon that does as the test says: real TCP on loopback, in the test's own loop."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Iterable
from typing import Self, cast

from tests.support.deadline import Changes, within_deadline

OnConnect = Callable[["DaemonConnection"], None]
OnMessage = Callable[["DaemonConnection", bytes], None]


def framed(messages: Iterable[bytes]) -> bytes:
    """The messages as they stand on the daemon's stream."""
    return b"".join(message + b"\0" for message in messages)


def listening_socket() -> socket.socket:
    """A socket on a free port of 127.0.0.1 that any number of `ScriptedDaemon`s use in turn."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setblocking(False)
    return listening


class DaemonConnection(asyncio.Protocol):
    """The daemon's end of one connection; `data` is all that came over it."""

    def __init__(self, daemon: "ScriptedDaemon") -> None:
        self.data = bytearray()
        self.bytes_sent = 0
        self.is_at_eof = False
        self.is_lost = False
        self._daemon = daemon
        self._changes = Changes()
        self._parsed_to = 0
        self._may_write = True
        self._transport: asyncio.Transport | None = None

    def __repr__(self) -> str:
        state = "lost" if self.is_lost else "eof" if self.is_at_eof else "open"
        return f"<DaemonConnection {state} {len(self.data)} bytes, ends {bytes(self.data[-80:])!r}>"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if self._daemon.is_stalled:
            self.stall()
        self._daemon.take(self)

    def data_received(self, data: bytes) -> None:
        self.data += data
        while self._daemon.on_message and (end := self.data.find(0, self._parsed_to)) >= 0:
            message = bytes(self.data[self._parsed_to : end])
            self._parsed_to = end + 1
            self._daemon.on_message(self, message)
        self._changes.notify()

    def eof_received(self) -> bool:
        self.is_at_eof = True
        self._changes.notify()
        return self._daemon.stays_after_eof

    def pause_writing(self) -> None:
        self._may_write = False

    def resume_writing(self) -> None:
        self._may_write = True
        self._changes.notify()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        self._changes.notify()

    @property
    def transport(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport

    async def received(self, n_bytes: int) -> bytes:
        """All that came so far, once that is at least `n_bytes`."""
        await self._changes.until(lambda: len(self.data) >= n_bytes, f"byte {n_bytes} of {self!r}")
        return bytes(self.data)

    async def received_messages(self, *messages: bytes) -> None:
        """Returns once exactly these messages have come, from the first byte on."""
        expected = framed(messages)
        assert await self.received(len(expected)) == expected

    async def ended(self) -> bytes:
        """All that came over the connection, once the bridge has ended it."""
        await self._changes.until(lambda: self.is_at_eof or self.is_lost, f"the end of {self!r}")
        return bytes(self.data)

    async def lost(self) -> None:
        """Returns once the connection is gone in both directions."""
        await self._changes.until(lambda: self.is_lost, f"the loss of {self!r}")

    def write(self, data: bytes) -> None:
        """Sends bytes without waiting for room."""
        self.bytes_sent += len(data)
        self.transport.write(data)

    def say(self, *messages: bytes) -> None:
        """Sends messages, in one write, without waiting for room."""
        self.write(framed(messages))

    async def send(self, chunks: Iterable[bytes]) -> None:
        """Sends the chunks one write each, as fast as the bridge takes them.

        There is no deadline; it returns early when the connection is lost.
        """
        for chunk in chunks:
            if self.is_lost:
                break
            self.write(chunk)
            await self._writable()
            # One turn of the loop a chunk, so that the chunks leave one by one.
            await asyncio.sleep(0)

    async def _writable(self) -> None:
        while not self._may_write and not self.is_lost:
            with contextlib.suppress(AssertionError):
                await self._changes.until(lambda: self._may_write or self.is_lost, "room")

    def stall(self) -> None:
        """Reads nothing until `resume()`."""
        self.transport.pause_reading()

    def resume(self) -> None:
        self.transport.resume_reading()

    def half_close(self) -> None:
        """Ends the daemon's stream and reads on."""
        self.transport.write_eof()

    def close(self) -> None:
        """Closes in the orderly way, once all is written."""
        self.transport.close()

    def reset(self) -> None:
        """Closes with a TCP reset; what is not yet written is lost."""
        sock: socket.socket = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


class ScriptedDaemon:
    """Accepts on a listening socket while used as a context manager.

    Silent unless told otherwise: `on_connect` and `on_message` are called as things happen,
    `is_stalled` makes new connections read nothing, `stays_after_eof` keeps the daemon's side
    open when the bridge has ended its own.
    """

    def __init__(self, listening: socket.socket) -> None:
        self.connections: list[DaemonConnection] = []
        self.on_connect: OnConnect | None = None
        self.on_message: OnMessage | None = None
        self.is_stalled = False
        self.stays_after_eof = False
        self._listening = listening
        self._unseen: asyncio.Queue[DaemonConnection] = asyncio.Queue()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._turn_away_strays()
        loop = asyncio.get_running_loop()
        listening = self._listening.dup()
        self._server = await loop.create_server(lambda: DaemonConnection(self), sock=listening)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for connection in self.connections:
            if not connection.is_lost:
                connection.transport.abort()

    def take(self, connection: DaemonConnection) -> None:
        self.connections.append(connection)
        self._unseen.put_nowait(connection)
        if self.on_connect:
            self.on_connect(connection)

    async def accepted(self) -> DaemonConnection:
        """The next connection, in the order of arrival, that this method has not returned yet."""
        async with within_deadline("a connection to the daemon"):
            return await self._unseen.get()

    def echo(self) -> None:
        """From now on each message goes back as it came."""
        self.on_message = DaemonConnection.say

    def say_goodbye(self, *messages: bytes) -> None:
        """From now on each new connection gets these messages and is closed at once."""

        def farewell(connection: DaemonConnection) -> None:
            connection.say(*messages)
            connection.close()

        self.on_connect = farewell

    def _turn_away_strays(self) -> None:
        """Drops connections that came while nobody accepted: they belong to no test."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self._listening.accept()[0].close()
