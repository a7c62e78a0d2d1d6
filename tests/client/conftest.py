"""A bridge for the client, and the way to it."""

import socket
from collections.abc import AsyncIterator

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.web.cable import Cable

TOKEN = "t0ken-of-the-tests-000"
LOG_BYTES = 65536


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, daemon_socket: socket.socket) -> RunningBridge:
    """`text`, `xml` and `bytes` lead to the scripted daemon, and so does `guarded`, by token."""
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    daemons: dict[str, dict[str, object]] = {
        kind: {"address": address, "messages": kind} for kind in ("text", "xml", "bytes")
    }
    daemons["text"]["aliases"] = ["game.example.com:9339"]
    daemons["guarded"] = {"address": address, "auth": {"tokens": {"ada": TOKEN}}}
    log = {"log_high_water_bytes": LOG_BYTES, "log_low_water_bytes": LOG_BYTES // 4}
    return start_bridge({"wait_s": 10, "daemons": daemons, **log})


@pytest.fixture
async def cable(bridge: RunningBridge) -> AsyncIterator[Cable]:
    """The way to the bridge."""
    async with Cable(bridge.url) as cable:
        yield cable


@pytest.fixture
def daemon_address(daemon_socket: socket.socket) -> str:
    """Where the scripted daemon listens."""
    return f"127.0.0.1:{daemon_socket.getsockname()[1]}"
