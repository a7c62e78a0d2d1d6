"""Which daemons there are. Clients name one, or one of its aliases, and never an address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bridge.config import HostPort
from bridge.errors import Problem
from bridge.protocol.charset import Charset
from bridge.protocol.checks import Guard
from bridge.tunnel.daemon.approach import PLAIN_TCP, Approach


@dataclass(frozen=True, slots=True)
class Daemon:
    """A daemon as the tunnel sees it: where it listens, what may be sent to it, and, unless that is
    UTF-8 or bytes, in which encoding."""

    name: str
    host: str
    port: int
    guard: Guard
    aliases: tuple[str, ...] = ()
    approach: Approach = PLAIN_TCP
    charset: Charset | None = None

    @property
    def address(self) -> str:
        """Host and port, for people."""
        return str(HostPort(self.host, self.port))

    @property
    def max_message_bytes(self) -> int:
        """The longest message either way, as the daemon counts."""
        return (self.guard if self.charset is None else self.charset).max_message_bytes


class Directory:
    """The daemons by name and alias, compared exactly."""

    def __init__(self, daemons: Iterable[Daemon]) -> None:
        self._daemons = tuple(daemons)
        self._by_name = {
            name: daemon for daemon in self._daemons for name in (daemon.name, *daemon.aliases)
        }

    def __iter__(self) -> Iterator[Daemon]:
        return iter(self._daemons)

    def known(self, name: str) -> Daemon | None:
        """The daemon of this name or alias, if there is one."""
        return self._by_name.get(name)

    def find(self, name: str) -> Daemon:
        """The daemon of this name or alias. Raises `Problem` `unknown-daemon`."""
        daemon = self.known(name)
        if daemon is None:
            raise Problem("unknown-daemon", f"no daemon or alias {name!r} is configured")
        return daemon
