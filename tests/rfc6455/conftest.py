"""The bridge that the tables are played to."""

import socket
from collections.abc import AsyncIterator

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client

HEARTBEAT_S = 600
"""The tables count Pongs and know of no Ping from the bridge."""
WINDOW_BYTES = 1 << 24
"""The rows of the tables acknowledge nothing."""


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, daemon_socket: socket.socket) -> RunningBridge:
    """`chat` (text) and `blob` (bytes) lead to the scripted daemon."""
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    return start_bridge(
        {
            "heartbeat_s": HEARTBEAT_S,
            "max_unacked_bytes": WINDOW_BYTES,
            "daemons": {
                "chat": {"address": address, "messages": "text"},
                "blob": {"address": address, "messages": "bytes"},
            },
        }
    )


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    """For what goes by HTTP."""
    async with Client(bridge.url) as connected:
        yield connected
    bridge.assert_no_traceback()
