"""The session's end of a daemon connection, in the hands of a test."""

from collections.abc import Callable, Iterable

from bridge.tunnel.daemon.connection import DaemonConnection
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import Changes


class Listener:
    """Hears the daemon, and writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.data = b""
        self.on_connected: Callable[[], object] | None = None
        self.error: Exception | None = None
        self._changes = Changes()
        self._connection: DaemonConnection | None = None

    @property
    def connection(self) -> DaemonConnection:
        assert self._connection is not None
        return self._connection

    def daemon_connected(self, connection: DaemonConnection) -> None:
        self._connection = connection
        self._hear("connected")
        if self.on_connected:
            self.on_connected()

    def daemon_sent(self, data: bytes) -> None:
        self.data += data
        self._changes.notify()

    def daemon_closed(self) -> None:
        self._hear("closed")

    def daemon_failed(self, error: Exception | None) -> None:
        self.error = error
        self._hear("failed")

    def daemon_gone(self) -> None:
        self._hear("gone")

    def daemon_paused(self) -> None:
        self._hear("paused")

    def daemon_resumed(self) -> None:
        self._hear("resumed")

    def _hear(self, what: str) -> None:
        self.heard.append(what)
        self._changes.notify()

    async def hears(self, what: str) -> None:
        """Returns once it has been heard."""
        await self._changes.until(lambda: what in self.heard, f"{what} after {self.heard}")

    async def received(self, data: bytes) -> None:
        """Returns once the daemon has said exactly this."""
        await self._changes.until(lambda: len(self.data) >= len(data), f"the end of {data!r}")
        assert self.data == data


async def let_go(daemon: ScriptedDaemon, listeners: Iterable[Listener]) -> None:
    """Ends all connections between them. The daemon goes first, so that nobody waits for it."""
    for connection in daemon.connections:
        connection.transport.abort()
    for listener in listeners:
        if listener.heard and "gone" not in listener.heard:
            listener.connection.finish()
            await listener.hears("gone")
