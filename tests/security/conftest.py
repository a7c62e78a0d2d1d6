"""What the tests of the threat model share."""

import socket

import pytest


@pytest.fixture(scope="session")
def address(daemon_socket: socket.socket) -> str:
    """Where the scripted daemon listens."""
    return f"127.0.0.1:{daemon_socket.getsockname()[1]}"
