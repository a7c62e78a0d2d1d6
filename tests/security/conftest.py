"""What the tests of the threat model share."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nginx.way import Way, plain_way
from tests.support.bridge import StartBridge
from tests.support.nginx import RunningNginx


@pytest.fixture(scope="session")
def address(daemon_socket: socket.socket) -> str:
    """Where the scripted daemon listens."""
    return f"127.0.0.1:{daemon_socket.getsockname()[1]}"


@pytest.fixture(scope="module")
def bridge_socket(
    address: str, start_bridge: StartBridge, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Of a bridge whose daemon `demo` is the scripted one."""
    path = tmp_path_factory.mktemp("s") / "bridge"
    start_bridge({"listen": f"unix:{path}", "daemons": {"demo": {"address": address}}})
    return path


@pytest.fixture(scope="module")
def nginx(bridge_socket: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNginx]:
    with RunningNginx(tmp_path_factory.mktemp("nginx"), bridge_socket) as nginx:
        yield nginx


@pytest.fixture
def way(nginx: RunningNginx) -> Way:
    return plain_way(nginx)
