"""Connections that the host fails to accept, and clients that are gone before they are."""

import errno
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import UnixConnector

from tests.host.outage import OUTAGE, all_lines, connection_to, count_descriptors, stays_idle
from tests.support.bridge import Config, RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline

Inject = Callable[[str, str], RunningBridge]


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """A file with one line for each time that the bridge has asked for a connection."""
    return tmp_path / "calls"


@pytest.fixture
def inject(start: StartBridge, config: Config, calls: Path) -> Inject:
    """Starts a bridge of which some of the system's answers to accept(2) are an error."""

    def start_with(error: str, when: str) -> RunningBridge:
        fault = f"inject=accept,accept4:error={error}:when={when}"
        # With -D the bridge stays the child that is waited for, and strace is one of its own.
        # --seccomp-bpf, which wants -f, spares all other calls the detour.
        strace = ["strace", "-D", "-f", "--seccomp-bpf", "-qqq", "-o", str(calls)]
        return start(config, prefix=[*strace, "-e", "trace=accept,accept4", "-e", fault])

    return start_with


@pytest.mark.parametrize("error", ["ENFILE", "ENOBUFS", "EPROTO"])
async def test_a_connection_that_cannot_be_accepted_is_told_and_served_when_it_can(
    inject: Inject, error: str
) -> None:
    bridge = inject(error, "1..3")
    async with Client(bridge.url) as client:
        assert (await client.request("GET", "v1/daemons")).status == 200
    (line,) = await all_lines(bridge, OUTAGE)
    assert os.strerror(getattr(errno, error)) in line


async def test_a_bridge_that_can_accept_nothing_hardly_tries(
    inject: Inject, calls: Path, daemon: ScriptedDaemon
) -> None:
    bridge = inject("ENOBUFS", "2+")
    async with Client(bridge.url) as client:
        session = await client.open()
        with connection_to(bridge):
            await bridge.logged(OUTAGE)
            with stays_idle(bridge):
                (await session.receive(wait=1)).empty()
    assert count_failures(calls) < 50
    assert len(await all_lines(bridge, OUTAGE)) == 1


async def test_a_connection_aborted_before_its_turn_holds_up_nobody(inject: Inject) -> None:
    bridge = inject("ECONNABORTED", "1..3")
    async with Client(bridge.url) as client:
        assert (await client.request("GET", "v1/daemons")).status == 200
    assert not await all_lines(bridge, OUTAGE)


async def test_clients_that_reset_at_once_leave_no_trace(
    start: StartBridge, config: Config
) -> None:
    bridge = start(config)
    async with Client(bridge.url) as client:
        assert (await client.request("GET", "v1/daemons")).status == 200
        n_descriptors = count_descriptors(bridge)
        for _ in range(300):
            reset_at_once(bridge)
        async with within_deadline("the end of all connections"):
            while count_descriptors(bridge) != n_descriptors:
                assert (await client.request("GET", "v1/daemons")).status == 200
    assert not await all_lines(bridge, " ERROR ")


async def test_a_removed_socket_file_ends_nothing_and_costs_nothing(
    start: StartBridge, config: Config, daemon: ScriptedDaemon, tmp_path: Path
) -> None:
    path = tmp_path / "bridge.sock"
    bridge = start({**config, "listen": f"unix:{path}"})
    async with aiohttp.ClientSession("http://bridge", connector=UnixConnector(str(path))) as http:
        async with http.post("/v1/daemons/chat/sessions") as opened:
            session = await opened.json()
        path.unlink()
        with stays_idle(bridge):
            messages = f"/v1/sessions/{session['id']}/messages?wait=1"
            async with http.get(messages, headers={"XMLSocket-Key": session["key"]}) as polled:
                assert polled.status == 204
    assert bridge.is_running


def count_failures(calls: Path) -> int:
    return calls.read_text().count("INJECTED")


def reset_at_once(bridge: RunningBridge) -> None:
    """Connects, and resets the connection without a word."""
    with connection_to(bridge) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
