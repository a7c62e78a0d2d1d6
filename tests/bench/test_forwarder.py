"""The bare forwarder, the limit that the bridge is measured by."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest

from bench.peers.forwarder import FORWARDER
from bench.system import System, serving
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline

CORE = min(os.sched_getaffinity(0))
BYTES = bytes(range(256)) * 40_000  # far more than sockets and buffers hold


@pytest.fixture(scope="module")
def forwarder(daemon_socket: socket.socket) -> Iterator[System]:
    """In front of the scripted daemons."""
    with serving(FORWARDER, daemon_socket.getsockname()[1], CORE) as system:
        yield system


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A client, closed in the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_bytes_go_both_ways_as_they_are(daemon: ScriptedDaemon, forwarder: System) -> None:
    async with connected(forwarder.port) as (reader, writer):
        writer.write(BYTES)  # before the daemon can have been reached
        at_daemon = await daemon.accepted()
        at_daemon.write(BYTES)
        async with within_deadline("all bytes"):
            assert await reader.readexactly(len(BYTES)) == BYTES
        assert await at_daemon.received(len(BYTES)) == BYTES


async def test_the_clients_end_is_the_daemons(daemon: ScriptedDaemon, forwarder: System) -> None:
    async with connected(forwarder.port):
        at_daemon = await daemon.accepted()
    assert await at_daemon.ended() == b""


async def test_the_daemons_end_is_the_clients(daemon: ScriptedDaemon, forwarder: System) -> None:
    async with connected(forwarder.port) as (reader, _), within_deadline("the end"):
        (await daemon.accepted()).close()
        assert await reader.read() == b""


async def test_a_daemon_that_cannot_be_reached_costs_the_client_its_connection(
    dead_port: int,
) -> None:
    with serving(FORWARDER, dead_port, CORE) as system:
        async with connected(system.port) as (reader, _), within_deadline("the loss"):
            with suppress(ConnectionResetError):
                assert await reader.read() == b""
