"""Daemons by name, and what becomes of opens when names move, vanish or are not answered for."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.host.name_server import NameServer, resolving
from tests.host.outage import all_lines
from tests.support.bridge import Config, RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon

Resolving = Callable[..., RunningBridge]

ELSEWHERE = "127.0.0.2"
N_CLIENTS = 60


@pytest.fixture
async def name_server() -> AsyncIterator[NameServer]:
    async with NameServer() as server:
        yield server


@pytest.fixture
def port(daemon_socket: socket.socket) -> int:
    """Where the scripted daemon listens, on 127.0.0.1."""
    number: int = daemon_socket.getsockname()[1]
    return number


@pytest.fixture
def start_resolving(start: StartBridge, config: Config, port: int, tmp_path: Path) -> Resolving:
    """Starts a bridge that asks `name_server`: for `game` and `other`, while it knows `chat` by its
    address and `listed` from its hosts file."""
    names = {name: f"{name}.example:{port}" for name in ("game", "other", "listed")}
    daemons = {
        name: {"address": address, "messages": "text"} for name, address in names.items()
    } | config["daemons"]

    def start_with(connect_timeout_s: float = 10, **options: str) -> RunningBridge:
        prefix = resolving(tmp_path, "127.0.0.1 listed.example\n", **options)
        changed = {"daemons": daemons, "connect_timeout_s": connect_timeout_s}
        return start({**config, **changed}, prefix=prefix)

    return start_with


async def test_a_name_that_has_moved_is_followed_and_old_sessions_stay(
    start_resolving: Resolving, name_server: NameServer, daemon: ScriptedDaemon, port: int
) -> None:
    daemon.echo()
    name_server.records["game.example"] = "127.0.0.1"
    async with Client(start_resolving().url) as client:
        old = await client.open("game")
        with socket.create_server((ELSEWHERE, port)) as listening:
            listening.setblocking(False)
            async with ScriptedDaemon(listening) as moved:
                moved.echo()
                name_server.records["game.example"] = ELSEWHERE
                new = await client.open("game")
                await moved.accepted()
                for session in (old, new):
                    assert (await session.send(b"ping", wait=10)).messages == [b"ping"]
    assert len(daemon.connections) == 1


async def test_a_name_that_does_not_exist_is_told_once_and_found_when_it_does(
    start_resolving: Resolving, name_server: NameServer, daemon: ScriptedDaemon
) -> None:
    bridge = start_resolving()
    async with Client(bridge.url) as client:
        for _ in range(10):
            (await client.post_open("game")).problem(502, "daemon-unreachable")
        name_server.records["game.example"] = "127.0.0.1"
        await client.open("game")
    (line,) = await all_lines(bridge, "request refused")
    assert "Name or service not known" in line


async def test_a_name_server_that_is_down_is_told_once_and_asked_again(
    start_resolving: Resolving, daemon: ScriptedDaemon
) -> None:
    bridge = start_resolving()
    async with Client(bridge.url) as client:
        for _ in range(10):
            (await client.post_open("game")).problem(502, "daemon-unreachable")
        async with NameServer() as name_server:
            name_server.records["game.example"] = "127.0.0.1"
            await client.open("game")
    (line,) = await all_lines(bridge, "request refused")
    assert "Temporary failure in name resolution" in line


async def test_a_silent_name_server_is_told_once_when_the_time_to_connect_is_over(
    start_resolving: Resolving, name_server: NameServer, daemon: ScriptedDaemon
) -> None:
    name_server.is_silent = True
    bridge = start_resolving(connect_timeout_s=0.3, options="timeout:30")
    async with Client(bridge.url) as client:
        for _ in range(3):
            (await client.post_open("game")).problem(504, "daemon-timeout")
    (line,) = await all_lines(bridge, "request refused")
    assert "no name server answers for game.example" in line


async def test_while_one_name_is_waited_for_all_other_daemons_can_be_reached(
    start_resolving: Resolving, name_server: NameServer, daemon: ScriptedDaemon
) -> None:
    name_server.is_silent = True
    async with Client(start_resolving(options="timeout:30").url) as client:
        waiting = [asyncio.ensure_future(client.post_open("game")) for _ in range(N_CLIENTS)]
        await asyncio.wait(waiting, timeout=0)
        for name in ("chat", "listed", "chat", "listed"):
            await client.open(name)
        name_server.is_silent = False
        name_server.records["other.example"] = "127.0.0.1"
        await client.open("other")
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()


async def test_a_name_server_that_speaks_again_is_heard_by_all_who_wait(
    start_resolving: Resolving, name_server: NameServer, daemon: ScriptedDaemon
) -> None:
    name_server.is_silent = True
    async with Client(start_resolving(options="timeout:1 attempts:9").url) as client:
        waiting = [asyncio.ensure_future(client.open("game")) for _ in range(N_CLIENTS)]
        await client.open("chat")
        name_server.is_silent = False
        name_server.records["game.example"] = "127.0.0.1"
        assert len(await asyncio.gather(*waiting)) == N_CLIENTS


async def test_a_silent_name_server_does_not_hold_up_the_end(
    start_resolving: Resolving, name_server: NameServer, daemon: ScriptedDaemon
) -> None:
    name_server.is_silent = True
    bridge = start_resolving(connect_timeout_s=0.3, options="timeout:30")
    async with Client(bridge.url) as client:
        for name in ("game", "other"):
            (await client.post_open(name)).problem(504, "daemon-timeout")
    bridge.terminate()
    assert await bridge.exited() == 0
