"""Fixtures for every test that has a daemon or a bridge of its own."""

import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support import ports
from tests.support.bridge import StartBridge, bridge_starter
from tests.support.daemon import ScriptedDaemon, listening_socket


@pytest.fixture(scope="session")
def daemon_socket() -> Iterator[socket.socket]:
    """The port of all scripted daemons, so that a bridge can outlive a test's daemon."""
    with listening_socket() as listening:
        yield listening


@pytest.fixture
async def daemon(daemon_socket: socket.socket) -> AsyncIterator[ScriptedDaemon]:
    """The daemon of one test."""
    async with ScriptedDaemon(daemon_socket) as scripted:
        yield scripted


@pytest.fixture(scope="module")
def start_bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartBridge]:
    """Starts bridges that live as long as the module's tests run."""
    with bridge_starter(lambda: tmp_path_factory.mktemp("bridge")) as start:
        yield start


@pytest.fixture(scope="session")
def dead_port() -> Iterator[int]:
    """A port that refuses every connection."""
    with ports.dead_port() as port:
        yield port


@pytest.fixture(scope="session")
def silent_port() -> Iterator[int]:
    """A port that never answers."""
    with ports.silent_port() as port:
        yield port
