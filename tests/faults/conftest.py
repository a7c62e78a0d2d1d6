"""A bridge for the tests of the proxy."""

import socket

import pytest

from tests.support.bridge import RunningBridge, StartBridge


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, daemon_socket: socket.socket) -> RunningBridge:
    """One with a daemon of text."""
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    return start_bridge({"daemons": {"chat": {"address": address, "messages": "text"}}})
