"""Accepting connections, also when the host has nothing left to accept them with.

The event loops' own servers fail at that: out of descriptors, asyncio's writes thousands of
tracebacks a second, uvloop's hangs up on clients without a word or, for want of memory, spins
(docs/decisions/009-host-limits.md). Here whoever comes waits in the kernel's queue while accepting
pauses, and the log says why.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from bridge.host.descriptors import in_words
from bridge.host.log_throttle import LogThrottle

logger = logging.getLogger("bridge")

PAUSE_S: Final = 0.2
"""Between two attempts during an outage: no load, and no client notices it beside the outage."""
AT_A_TIME: Final = 64
"""Accepted in one turn of the loop; then the sessions have theirs."""


Heard: TypeAlias = Callable[[socket.socket], Awaitable[bool]]
"""Reads what precedes everything else on a new connection; whether it may be served."""


class Acceptor:
    """Accepts on the sockets and gives each connection a protocol, from `start` to `close`."""

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        make_protocol: Callable[[], asyncio.Protocol],
        heard: Heard | None = None,
    ) -> None:
        """`heard` looks at each connection first."""
        self._loop = asyncio.get_running_loop()
        self._sockets = tuple(sockets)
        self._make_protocol = make_protocol
        self._heard = heard
        self._throttle = LogThrottle(self._loop.time)
        self._pause: asyncio.TimerHandle | None = None
        self._beginning: set[asyncio.Task[None]] = set()  # the loop alone would not keep them

    def start(self) -> None:
        """Accept, from now on or again."""
        self._pause = None
        for listening in self._sockets:
            listening.setblocking(False)
            self._loop.add_reader(listening, self._accept, listening)

    def close(self) -> None:
        """Accept no more; who is still waiting is turned away. Harmless when done before."""
        self._stop()
        for listening in self._sockets:
            listening.close()
        self._sockets = ()

    def _stop(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
        for listening in self._sockets:
            self._loop.remove_reader(listening)

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(AT_A_TIME):
            try:
                client, _address = listening.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:
                continue  # it has gone before its turn came
            except OSError as error:
                self._fail(error)
                return
            task = self._loop.create_task(self._begin(client))
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)

    async def _begin(self, client: socket.socket) -> None:
        client.setblocking(False)
        try:
            if self._heard is not None and not await self._heard(client):
                client.close()
                return
            await self._loop.connect_accepted_socket(self._make_protocol, client)
        except OSError as error:
            client.close()
            self._tell(error)
        except asyncio.CancelledError:
            client.close()
            raise

    def _fail(self, error: OSError) -> None:
        """Pause, whatever it is: most of it passes, and nothing spins."""
        self._stop()
        self._pause = self._loop.call_later(PAUSE_S, self.start)
        self._tell(error)

    def _tell(self, error: OSError) -> None:
        more = self._throttle.more(error.errno)
        if more is not None:
            story = {"reason": in_words(error), **more}
            logger.error("cannot accept connections", extra={"fields": story})
