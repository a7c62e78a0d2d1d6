"""Raw WebSocket: the daemon's TCP byte stream in binary frames, zero bytes included.

What Ruffle's `socketProxy` and websockify's clients speak.
"""

from typing import Final

from aiohttp import web

from bridge.http.bound_socket import BoundSocket
from bridge.http.client_address import client_of
from bridge.http.credentials import subprotocols
from bridge.http.gate import Gate
from bridge.http.takeover import Takeover, check_handshake
from bridge.protocol.bound_codecs import RawCodec
from bridge.protocol.handshake import BINARY

NAME: Final = "websocket-raw"


class WebSocketRaw:
    """`GET /v1/daemons/{daemon}/raw`."""

    def __init__(self, gate: Gate, takeover: Takeover) -> None:
        self._gate = gate
        self._takeover = takeover

    async def open(self, request: web.Request) -> web.StreamResponse:
        """101 once the daemon's connection stands."""
        daemon = self._gate.daemon(request)
        check_handshake(request)
        session = await self._gate.registry.open(
            daemon, NAME, client=client_of(request), resumable=False, framed=False
        )
        socket = BoundSocket(session, RawCodec(daemon.guard), NAME)
        subprotocol = BINARY if BINARY in subprotocols(request) else None
        return self._takeover.run(request, socket, subprotocol)
