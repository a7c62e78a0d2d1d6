"""nginx with the shipped configuration, in front of a bridge, in front of a daemon of the test."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nginx.way import Way, plain_way, tls_way
from tests.support.bridge import StartBridge
from tests.support.nginx import RunningNginx


@pytest.fixture(scope="module")
def base_path() -> str:
    return "/"


@pytest.fixture(scope="module")
def bridge_socket(
    base_path: str,
    daemon_socket: socket.socket,
    start_bridge: StartBridge,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The unix socket of a running bridge that holds no poll for more than 2 s."""
    # A folder of its own with a short name: the path of a unix socket ends at 107 bytes.
    path = tmp_path_factory.mktemp("s") / "bridge"
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    daemons = {"demo": {"address": address}}
    listen = f"unix:{path}"
    start_bridge({"listen": listen, "base_path": base_path, "wait_s": 2, "daemons": daemons})
    return path


@pytest.fixture(scope="module")
def nginx(bridge_socket: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNginx]:
    with RunningNginx(tmp_path_factory.mktemp("nginx"), bridge_socket) as nginx:
        yield nginx


@pytest.fixture(params=[plain_way, tls_way], ids=["plain", "tls"])
def way(request: pytest.FixtureRequest, nginx: RunningNginx) -> Way:
    found = request.param(nginx)
    assert isinstance(found, Way)
    return found
