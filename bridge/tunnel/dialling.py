"""Connecting to a daemon: where its name leads now, as far as that is allowed."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final, cast

from bridge.errors import Problem
from bridge.host.descriptors import EXHAUSTED
from bridge.host.never import permitted
from bridge.tunnel.daemon_connection import DaemonConnection, DaemonSink
from bridge.tunnel.directory import Daemon
from bridge.tunnel.names import Names
from bridge.tunnel.turns import Turns

RETRY_AFTER_S: Final = 5
"""Out of descriptors: long enough for some sessions to end."""


async def connect(
    daemon: Daemon,
    sink: DaemonSink,
    names: Names,
    turns: Turns,
    *,
    timeout_s: float,
    flush_s: float,
    high_water_bytes: int,
) -> None:
    """Connect `sink` to the daemon, where its name leads now.

    Raises `Problem` `daemon-unreachable`, `daemon-timeout` or, out of descriptors,
    `too-many-sessions`; whatever was begun is undone then, and on cancellation.
    """
    connection = DaemonConnection(sink, turns, flush_s, high_water_bytes)
    addresses: Sequence[str] = ()
    try:
        async with asyncio.timeout(timeout_s):
            found = await names.addresses(daemon.host)
            addresses = permitted(daemon.host, found, daemon.approach.never)
            await Dialling(daemon, connection).dial(addresses)
    except TimeoutError:
        connection.drop()
        detail = f"the daemon {daemon.name} did not answer within {timeout_s:g} s"
        cause = None if addresses else TimeoutError(f"no name server answers for {daemon.host}")
        raise Problem("daemon-timeout", detail) from cause
    except (OSError, UnicodeError) as error:
        raise refused(daemon, error) from error
    except asyncio.CancelledError:
        connection.drop()
        raise


class Dialling:
    """One connection on its way to a daemon."""

    def __init__(self, daemon: Daemon, connection: DaemonConnection) -> None:
        self._daemon = daemon
        self._protocol = cast(asyncio.Protocol, connection)

    async def dial(self, addresses: Sequence[str]) -> None:
        """Connect to the first address that accepts. Raises the `OSError` of the last."""
        *others, last = addresses
        for address in others:
            with contextlib.suppress(OSError):
                await self._dial(address)
                return
        await self._dial(last)

    async def _dial(self, address: str) -> None:
        loop, tls = asyncio.get_running_loop(), self._daemon.approach.tls
        await loop.create_connection(
            lambda: self._protocol,
            address,
            self._daemon.port,
            ssl=None if tls is None else tls.context,
            server_hostname=None if tls is None else tls.server_name,
        )


def refused(daemon: Daemon, error: OSError | UnicodeError) -> Problem:
    """The problem of an open that failed, which is not always the daemon's."""
    if isinstance(error, OSError) and error.errno in EXHAUSTED:
        detail = "the bridge has no file descriptor left"
        return Problem("too-many-sessions", detail, retry_after_s=RETRY_AFTER_S)
    return Problem("daemon-unreachable", f"the daemon {daemon.name} accepts no connection")
