"""Connections that a trusted proxy opens for somebody else, and says so before the first request.

What it says is kept by the connection's descriptor: neither the event loops' transports nor
aiohttp's handlers have room for it. Each connection that is accepted begins a new page.
"""

import asyncio
import logging
import socket
from typing import Final, NamedTuple

from bridge.access.proxies import TrustedProxies
from bridge.host.log_throttle import LogThrottle
from bridge.protocol.proxy_header import Endpoint
from bridge.protocol.proxy_reader import NoProxyHeader, bytes_missing, client_in

logger = logging.getLogger("bridge.http")

HEADER_S: Final = 5.0
"""For the header, which proxies send with their first packet: one lost packet and some more."""


class Introduction(NamedTuple):
    """What a trusted proxy has said of a connection. Where it names no client, the connection is
    its own or that of somebody whom it does not know: nobody vouches for what comes on it."""

    client: Endpoint | None


class Introductions:
    """Whom the connections of trusted proxies are for."""

    def __init__(self, proxies: TrustedProxies) -> None:
        self._proxies = proxies
        self._introduced: dict[int, Introduction] = {}
        self._throttle = LogThrottle(asyncio.get_running_loop().time)

    async def heard(self, connection: socket.socket) -> bool:
        """Whether the connection may be served. What its header says is taken off and kept; who is
        no trusted proxy sends none, and what looks like one is a request to him."""
        descriptor = connection.fileno()
        self._introduced.pop(descriptor, None)
        try:
            if not self._proxies.trusts_peer(address_of(connection)):
                return True
        except OSError:
            return False  # it has gone before its turn came
        try:
            async with asyncio.timeout(HEADER_S):
                client = client_in(await header_from(connection))
        except (NoProxyHeader, TimeoutError, OSError) as error:
            self._tell(str(error) or "it did not come in time")
            return False
        self._introduced[descriptor] = Introduction(client)
        return True

    def of(self, transport: asyncio.BaseTransport) -> Introduction | None:
        """What was said of the connection; `None` if no trusted proxy has opened it."""
        if not self._introduced:
            return None
        connection = transport.get_extra_info("socket")
        return None if connection is None else self._introduced.get(connection.fileno())

    def _tell(self, why: str) -> None:
        more = self._throttle.more("header")
        if more is not None:
            story = {"reason": why, **more}
            logger.warning("a trusted proxy sent no PROXY header", extra={"fields": story})


async def header_from(connection: socket.socket) -> bytes:
    """Read a PROXY header, and not a byte more. Raises `NoProxyHeader`, `OSError`."""
    loop, header = asyncio.get_running_loop(), b""
    while missing := bytes_missing(header):
        data = await loop.sock_recv(connection, missing)
        if not data:
            raise NoProxyHeader("the connection has ended")
        header += data
    return header


def address_of(connection: socket.socket) -> str | None:
    """The peer's address; `None` for a unix socket."""
    peer = connection.getpeername() if connection.family != socket.AF_UNIX else None
    return None if peer is None else str(peer[0])
