"""Connecting to a daemon: where its name leads now, as far as that is allowed."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any, Final, cast

from bridge.errors import Problem
from bridge.host.descriptors import EXHAUSTED
from bridge.host.never import permitted
from bridge.tunnel.client import Client
from bridge.tunnel.daemon.connection import DaemonConnection
from bridge.tunnel.daemon.names import Names
from bridge.tunnel.daemon.outward_socket import connected, introduce
from bridge.tunnel.daemon.sources import NoPortLeft, ports_counted, telling
from bridge.tunnel.directory import Daemon

RETRY_AFTER_S: Final = 5
"""Out of descriptors or ports: long enough for some sessions to end."""


async def connect(
    connection: DaemonConnection, daemon: Daemon, client: Client, names: Names, timeout_s: float
) -> None:
    """Connect to the daemon, where its name leads now, on behalf of the client.

    Raises `Problem` `daemon-unreachable`, `daemon-timeout` or, out of descriptors or ports,
    `too-many-sessions`; whatever was begun is undone then, and on cancellation.
    """
    addresses: Sequence[str] = ()
    try:
        async with asyncio.timeout(timeout_s):
            found = await names.addresses(daemon.host)
            addresses = permitted(daemon.host, found, daemon.approach.never)
            await Dialling(daemon, connection, client).dial(addresses)
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
    """One connection on its way to a daemon, for one client."""

    def __init__(self, daemon: Daemon, connection: DaemonConnection, client: Client) -> None:
        self._daemon = daemon
        self._approach = daemon.approach
        self._protocol = cast(asyncio.Protocol, connection)
        self._client = client

    async def dial(self, addresses: Sequence[str]) -> None:
        """Connect to the first address that accepts. Raises `NoPortLeft` where that is why one of
        them could not be asked, else the `OSError` of the last."""
        failures: list[OSError] = []
        for address in addresses:
            try:
                return await self._dial(address)
            except OSError as error:
                failures.append(error)
        raise telling(failures)

    async def _dial(self, address: str) -> None:
        """The event loop does it all, unless something is to be done between its steps."""
        loop, tls = asyncio.get_running_loop(), self._approach.tls
        where: dict[str, Any] = {"host": address, "port": self._daemon.port}
        if self._approach.wants_own_socket:
            where = {"sock": await self._own_socket(address)}
        if tls is not None:
            where.update(ssl=tls.context, server_hostname=tls.server_name)
        with ports_counted(address):
            await loop.create_connection(lambda: self._protocol, **where)

    async def _own_socket(self, address: str) -> socket.socket:
        approach = self._approach
        sock = await connected(address, self._daemon.port, approach.sources)
        if approach.proxy_protocol is not None:
            await introduce(sock, self._client, approach.proxy_protocol)
        return sock


def refused(daemon: Daemon, error: OSError | UnicodeError) -> Problem:
    """The problem of an open that failed, which is not always the daemon's."""
    if isinstance(error, OSError) and error.errno in EXHAUSTED:
        detail = "the bridge has no file descriptor left"
        return Problem("too-many-sessions", detail, retry_after_s=RETRY_AFTER_S)
    if isinstance(error, NoPortLeft):
        detail = f"the bridge has no port left towards the daemon {daemon.name}"
        return Problem("too-many-sessions", detail, retry_after_s=RETRY_AFTER_S)
    return Problem("daemon-unreachable", f"the daemon {daemon.name} accepts no connection")
