"""A bridge for the client, and the way to it."""

import socket
from collections.abc import AsyncIterator

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.web.cable import Cable

TOKEN = "t0ken-of-the-tests-000"


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, daemon_socket: socket.socket) -> RunningBridge:
    """`text`, `xml` and `bytes` lead to the scripted daemon, and so does `guarded`, by token."""
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    daemons: dict[str, dict[str, object]] = {
        kind: {"address": address, "messages": kind} for kind in ("text", "xml", "bytes")
    }
    daemons["text"]["aliases"] = ["game.example.com:9339"]
    daemons["guarded"] = {"address": address, "auth": {"tokens": {"ada": TOKEN}}}
    return start_bridge({"wait_s": 10, "max_unacked_bytes": 65536, "daemons": daemons})


@pytest.fixture
async def cable(bridge: RunningBridge) -> AsyncIterator[Cable]:
    """The way to the bridge."""
    async with Cable(bridge.url) as cable:
        yield cable
