"""Plain WebSocket: one frame is one message, both ways; the session ends with the socket.

For clients that know nothing of this bridge: a few lines of JavaScript, websocat, old libraries.
"""

from typing import Final

from aiohttp import web

from bridge.http.bound_socket import BoundSocket
from bridge.http.client_address import client_of
from bridge.http.credentials import subprotocols
from bridge.http.gate import Gate
from bridge.http.takeover import Takeover, check_handshake
from bridge.protocol.bound_codecs import PlainCodec
from bridge.protocol.handshake import PLAIN

NAME: Final = "websocket-plain"


class WebSocketPlain:
    """`GET /v1/daemons/{daemon}/websocket` without `xmlsocket.v1`."""

    def __init__(self, gate: Gate, takeover: Takeover) -> None:
        self._gate = gate
        self._takeover = takeover

    async def open(self, request: web.Request) -> web.StreamResponse:
        """101 once the daemon's connection stands."""
        daemon = self._gate.daemon(request)
        check_handshake(request)
        session = await self._gate.registry.open(
            daemon, NAME, client=client_of(request), resumable=False
        )
        socket = BoundSocket(session, PlainCodec(daemon.guard), NAME)
        subprotocol = PLAIN if PLAIN in subprotocols(request) else None
        return self._takeover.run(request, socket, subprotocol)
