"""A bridge that soon loses patience, and a daemon that does as its clients say."""

import socket
from collections.abc import Iterator

import pytest

from tests.leaks.orders import LOG_BYTES, MAX_MESSAGE_BYTES, Orders
from tests.support.bridge import Config
from tests.support.clients import PATIENTLY_S
from tests.support.daemon import ScriptedDaemon, listening_socket


@pytest.fixture(scope="module")
def daemon_socket() -> Iterator[socket.socket]:
    """A port whose connections hold little unread, so that a slow daemon is soon known."""
    with listening_socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        yield listening


@pytest.fixture
def orders(daemon: ScriptedDaemon) -> Orders:
    return Orders(daemon)


@pytest.fixture
def config(daemon_socket: socket.socket, dead_port: int, silent_port: int) -> Config:
    """`chat` and `shaky` are the scripted daemon. The times are long enough for a busy machine to
    keep what it has to keep, and short enough to be waited for."""
    scripted = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    return {
        "listen": "127.0.0.1:0",
        "max_sessions": 5000,
        "wait_s": PATIENTLY_S,
        "resume_s": 2,
        "heartbeat_s": 3,
        "connect_timeout_s": 3,
        "flush_s": 1,
        "slow_client_s": 0.5,
        "slow_daemon_s": 0.5,
        "max_message_bytes": MAX_MESSAGE_BYTES,
        "max_unacked_bytes": 1 << 16,
        "log_high_water_bytes": LOG_BYTES,
        "log_low_water_bytes": LOG_BYTES // 4,
        "daemons": {
            "chat": {"address": scripted, "messages": "text"},
            "shaky": {"address": scripted, "messages": "text"},
            "dead": {"address": f"127.0.0.1:{dead_port}"},
            "silent": {"address": f"127.0.0.1:{silent_port}"},
        },
    }
