"""Taking a connection over from aiohttp, once the WebSocket handshake is sound.

aiohttp has read the request; from here on the connection is ours alone, and aiohttp lets go of its
parser, its timers and its task.
"""

import asyncio
from typing import Any, Final, cast

from aiohttp import HttpVersion11, web

from bridge.errors import Problem
from bridge.http.answer import Answer, fields_of_any_answer
from bridge.http.websocket import Listener, WebSocketConnection
from bridge.loop.roll import Roll
from bridge.loop.turns import Turns
from bridge.protocol.handshake import check_upgrade, switching_protocols

HANDSHAKE_FIELDS: Final = (
    "Upgrade",
    "Connection",
    "Sec-WebSocket-Version",
    "Sec-WebSocket-Key",
)


def check_handshake(request: web.Request) -> None:
    """Raise `Problem` unless the request is the opening handshake of a WebSocket (RFC 6455 section
    4.2.1). Of several lines for one field all count (RFC 9110 section 5.3)."""
    if request.version < HttpVersion11:
        raise Problem("bad-handshake", "a WebSocket takes HTTP/1.1")
    if "Transfer-Encoding" in request.headers or request.content_length:
        raise Problem("bad-handshake", "a WebSocket handshake has no body")
    headers = request.headers
    check_upgrade({name: ", ".join(headers.getall(name, [])) for name in HANDSHAKE_FIELDS})


def accepted(request: web.Request, subprotocol: str | None) -> bytes:
    """The answer to a handshake that is sound."""
    key = request.headers["Sec-WebSocket-Key"]
    return switching_protocols(key, subprotocol, fields_of_any_answer(request))


class Leftover:
    """Takes what aiohttp has read beyond the request (its payload parser interface)."""

    def __init__(self) -> None:
        self.data = b""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        """Keep it."""
        self.data += data
        return False, b""

    def feed_eof(self) -> None:
        """Nothing follows."""


class Takeover:
    """Takes connections over, and keeps account of those that are open."""

    def __init__(self, heartbeat_s: float, turns: Turns) -> None:
        self._heartbeat_s = heartbeat_s
        self._turns = turns
        self._connections = Roll[WebSocketConnection]()

    def run(
        self, request: web.Request, listener: Listener, subprotocol: str | None
    ) -> web.StreamResponse:
        """Answer 101 and connect `listener` to the client.

        Return the result from the handler; aiohttp finds its connection gone and writes nothing.
        Call only after `check_handshake`, with no `await` between finding the session and this.
        """
        handler = request.protocol
        transport = request.transport
        if transport is None:
            listener.lost()
            raise ConnectionResetError("the client has gone")
        leftover = Leftover()
        handler.set_parser(cast(Any, leftover))
        connection = WebSocketConnection(
            listener, self._heartbeat_s, self._turns, self._connections.discard
        )
        self._connections.add(connection)
        transport.set_protocol(cast(asyncio.Protocol, connection))
        transport.write(accepted(request, subprotocol))
        handler.transport = None  # or else its connection_lost would close the connection
        handler.connection_lost(None)
        connection.connection_made(transport)
        if leftover.data:
            connection.data_received(leftover.data)
        return Answer()

    async def closed(self) -> None:
        """Wait until no connection is open."""
        await self._connections.emptied()
