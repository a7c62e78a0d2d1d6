"""Sessions with a scripted daemon."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable, Coroutine

import pytest

from bridge.config import Config
from bridge.errors import CloseCode, End, Problem
from bridge.loop.turns import Turns
from bridge.protocol.checks import Guard, Kind
from bridge.protocol.down_log import Batch
from bridge.protocol.up_log import Refusal
from bridge.tunnel.client import UNKNOWN, Client
from bridge.tunnel.daemon.approach import Approach
from bridge.tunnel.daemon.connection import DaemonConnection
from bridge.tunnel.daemon.dialling import connect
from bridge.tunnel.daemon.names import Names
from bridge.tunnel.directory import Daemon
from bridge.tunnel.journal import Journal
from bridge.tunnel.registry import Registry
from bridge.tunnel.session import Session
from tests.support.clock import turns
from tests.support.daemon import DaemonConnection as Peer
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import Changes, within_deadline
from tests.support.event_loops import clock, pytest_asyncio_loop_factories
from tests.tunnel.listener import Listener, let_go

__all__ = ["clock", "pytest_asyncio_loop_factories"]

MakeTunnel = Callable[..., "Tunnel"]
Dial = Callable[..., Coroutine[None, None, Listener]]


def make_config(**changes: object) -> Config:
    """The defaults, with the given keys changed."""
    return Config.model_validate({"daemons": {"chat": {"embedded": "chat"}}, **changes})


class Recorder:
    """A receiver that writes down all it is told; the test says when it is ready."""

    def __init__(self, *, ready: bool = True, transport_name: str = "recorder") -> None:
        self.transport_name = transport_name
        self.tells_the_end = True
        self.ready = ready
        self.batches: list[Batch] = []
        self.end: End | None = None
        self.displaced_times = 0
        self.log_full_times = 0
        self.daemon_ready_times = 0
        self._changes = Changes()

    @property
    def data(self) -> bytes:
        """All messages delivered."""
        return b"".join(batch.data for batch in self.batches)

    def deliver(self, batch: Batch) -> None:
        assert self.end is None
        assert not self.displaced_times
        self.batches.append(batch)
        self._changes.notify()

    def displaced(self) -> None:
        self.displaced_times += 1

    def ended(self, end: End) -> bool:
        assert self.end is None
        self.end = end
        self._changes.notify()
        return self.tells_the_end

    def log_full(self) -> None:
        self.log_full_times += 1

    def daemon_ready(self) -> None:
        self.daemon_ready_times += 1
        self._changes.notify()

    async def received(self, data: bytes) -> None:
        """Returns once exactly this has been delivered."""
        await self._changes.until(lambda: len(self.data) >= len(data), f"the end of {data!r}")
        assert self.data == data

    async def told_the_end(self) -> CloseCode:
        """The close code, once the receiver has it."""
        await self._changes.until(lambda: self.end is not None, "the end of the session")
        assert self.end is not None
        return self.end.code

    async def told_the_daemon_is_ready(self) -> None:
        await self._changes.until(lambda: self.daemon_ready_times > 0, "room at the daemon")


class Tunnel:
    """A registry, and a daemon to open sessions with."""

    def __init__(self, scripted: ScriptedDaemon, port: int, kind: Kind, config: Config) -> None:
        self.registry = Registry(config, Journal())
        self._guard = Guard(kind, config.max_message_bytes)
        self._port = port
        self._scripted = scripted

    def daemon(self, port: int | None = None) -> Daemon:
        """The scripted daemon, or whatever is at another port."""
        return Daemon("chat", "127.0.0.1", port or self._port, self._guard)

    async def open(self, *, resumable: bool = True, framed: bool = True) -> tuple[Session, Peer]:
        """Both ends of a new session."""
        session = await self.registry.open(
            self.daemon(), "recorder", resumable=resumable, framed=framed
        )
        return session, await self._scripted.accepted()

    async def close(self) -> None:
        """Ends what is left. The daemon goes first, so that nobody waits for it."""
        for connection in self._scripted.connections:
            connection.transport.abort()
        self.registry.end_all()
        await self.registry.flushed()


@pytest.fixture
async def make_tunnel(
    daemon: ScriptedDaemon, daemon_socket: socket.socket
) -> AsyncIterator[MakeTunnel]:
    """Makes tunnels to the scripted daemon, of a kind of messages and with some keys changed."""
    made: list[Tunnel] = []

    def make(kind: Kind = "text", **changes: object) -> Tunnel:
        port: int = daemon_socket.getsockname()[1]
        made.append(Tunnel(daemon, port, kind, make_config(**changes)))
        return made[-1]

    yield make
    for tunnel in made:
        await tunnel.close()


@pytest.fixture
async def tunnel(make_tunnel: MakeTunnel) -> Tunnel:
    """A tunnel with the defaults, for text."""
    return make_tunnel()


@pytest.fixture
async def dial(daemon: ScriptedDaemon, daemon_socket: socket.socket) -> AsyncIterator[Dial]:
    """Connects listeners to the scripted daemon, or to another port, in the given way."""
    listeners: list[Listener] = []

    async def connect_listener(
        approach: Approach,
        host: str = "127.0.0.1",
        port: int | None = None,
        client: Client = UNKNOWN,
        timeout_s: float = 10.0,
    ) -> Listener:
        listeners.append(Listener())
        port = port or daemon_socket.getsockname()[1]
        await connect(
            DaemonConnection(listeners[-1], Turns(), flush_s=60.0, high_water_bytes=1 << 16),
            Daemon("chat", host, port, Guard("text", 9), approach=approach),
            client,
            Names(),
            timeout_s,
        )
        return listeners[-1]

    yield connect_listener
    await let_go(daemon, listeners)


def reset(sock: socket.socket) -> None:
    """Closes with a TCP reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def stall(daemon: ScriptedDaemon) -> None:
    """From now on new connections read nothing, and the kernel reads little for them."""

    def hold_little(connection: Peer) -> None:
        sock: socket.socket = connection.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        # uvloop begins to read behind connection_made, whatever was asked for in it.
        asyncio.get_running_loop().call_soon(connection.stall)

    daemon.on_connect = hold_little


async def logged(session: Session, last: int) -> None:
    """Returns once the daemon's message of this number is in the log."""
    async with within_deadline(f"down message {last}"):
        while session.core.down.last < last:
            await session.changed()


async def ended(session: Session) -> CloseCode | None:
    """The close code, once there is one."""
    async with within_deadline("the end of the session"):
        while session.core.is_open:
            await session.changed()
    return code_of(session)


def heard_by_a_late_receiver(session: Session) -> tuple[bytes, CloseCode | None]:
    """What a receiver is told that comes after the end."""
    receiver = Recorder()
    session.attach(receiver, 0)
    return receiver.data, None if receiver.end is None else receiver.end.code


def code_of(session: Session) -> CloseCode | None:
    """Why it has ended, if it has."""
    end = session.core.end
    return None if end is None else end.code


async def refused(tunnel: Tunnel, port: int | None = None) -> Problem:
    """Why no session is opened."""
    with pytest.raises(Problem) as caught:
        await tunnel.registry.open(tunnel.daemon(port), "recorder")
    return caught.value


def send(session: Session, first: int, batch: bytes) -> list[Refusal]:
    """Sends all of the batch that may pass; returns what was refused."""
    return list(session.send(first, batch))


async def fill(session: Session) -> bytes:
    """Sends, to a daemon that reads nothing, until it takes no more; returns what was sent."""
    batch = (b"x" * 1023 + b"\0") * 256
    sent = b""
    while session.writable:
        send(session, session.core.up.accepted + 1, batch)
        sent += batch
        await turns()
    return sent
