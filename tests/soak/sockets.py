"""WebSockets on a bad line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.support.clients import Client, Query

OPEN_S: Final = 1.5


@asynccontextmanager
async def connected(
    http: Client, path: str, subprotocols: list[str] | None = None, query: Query = None
) -> AsyncIterator[ClientConnection | None]:
    """A WebSocket, or `None`; it vanishes at the end. What breaks it ends the context."""
    try:
        socket = await connect(
            str(http.address(path, query).with_scheme("ws")),
            subprotocols=[Subprotocol(name) for name in subprotocols or []] or None,
            compression=None,
            proxy=None,
            max_size=None,
            open_timeout=OPEN_S,
            ping_interval=None,
        )
    except (WebSocketException, OSError, EOFError, TimeoutError):
        yield None
        return
    try:
        yield socket
    except (WebSocketException, OSError, TimeoutError):
        pass  # broken by the weather, or displaced
    finally:
        socket.transport.abort()
