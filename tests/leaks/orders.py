"""A daemon that does as its client tells it, so that each session chooses its own end."""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from typing import Final

from tests.support.daemon import DaemonConnection, ScriptedDaemon, framed
from tests.support.deadline import within_deadline

Order = Callable[[DaemonConnection], None]

MAX_MESSAGE_BYTES: Final = 8192
LOG_BYTES: Final = 16_384
"""What the bridge holds for a client that lags."""
LINE: Final = b"x" * 1000
FLOOD: Final = framed([LINE] * 64)


def fill(connection: DaemonConnection) -> None:
    """More than the log holds."""
    connection.say(*[LINE] * (2 * LOG_BYTES // len(LINE)))


class Orders:
    """What a scripted daemon does with the messages it gets; any others mean nothing to it."""

    def __init__(self, daemon: ScriptedDaemon) -> None:
        self._orders: Mapping[bytes, Order] = {
            b"hello": lambda connection: connection.say(b"hello"),
            b"close": DaemonConnection.close,
            b"half-close": DaemonConnection.half_close,
            b"reset": DaemonConnection.reset,
            b"bad-encoding": lambda connection: connection.say(b"\xff"),
            b"message-too-big": lambda connection: connection.write(LINE * 100),
            b"fill": fill,
            b"stall": self._stall,
        }
        self._numbers = itertools.count()
        self._heard: dict[bytes, asyncio.Future[DaemonConnection]] = {}
        self._stalled: list[DaemonConnection] = []
        self._floods: set[asyncio.Task[None]] = set()
        daemon.on_message = self._obey

    def numbered(self, word: bytes) -> bytes:
        """An order of its own: `flood` without end, or `notice` this."""
        order = b"%s %d" % (word, next(self._numbers))
        self._heard[order] = asyncio.get_running_loop().create_future()
        return order

    async def heard(self, order: bytes) -> DaemonConnection:
        """Where a numbered order was given, once it was."""
        async with within_deadline(f"the order {order!r}"):
            return await self._heard[order]

    def dismiss(self) -> None:
        """Closes the stalled connections, which hear nothing of the bridge's having done so."""
        for connection in self._stalled:
            connection.transport.abort()

    def _stall(self, connection: DaemonConnection) -> None:
        connection.stall()
        self._stalled.append(connection)

    def _obey(self, connection: DaemonConnection, message: bytes) -> None:
        if message in self._heard:
            self._heard[message].set_result(connection)
            if message.startswith(b"flood"):
                flood = asyncio.create_task(connection.send(itertools.repeat(FLOOD)))
                self._floods.add(flood)
                flood.add_done_callback(self._floods.discard)
        elif message in self._orders:
            self._orders[message](connection)
