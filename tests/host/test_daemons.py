"""Daemons that refuse, break off or say nothing at all, and those that come back."""

import asyncio
import re
import socket
from collections.abc import Iterator

import pytest

from tests.host.outage import all_lines, stays_idle
from tests.support.bridge import Config, RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.deadline import within_deadline

N_CLIENTS = 300


@pytest.fixture
def refusing() -> Iterator[socket.socket]:
    """A socket whose port refuses connections until the test makes it listen."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.setblocking(False)
        yield bound


@pytest.fixture
def bridge(
    start: StartBridge, config: Config, refusing: socket.socket, dead_port: int, silent_port: int
) -> RunningBridge:
    """Its daemons: `chat`, `down` and `dead`, which refuse, and `silent`, a black hole."""
    ports = {"down": refusing.getsockname()[1], "dead": dead_port, "silent": silent_port}
    daemons = {name: {"address": f"127.0.0.1:{port}"} for name, port in ports.items()}
    return start({**config, "connect_timeout_s": 3, "daemons": config["daemons"] | daemons})


async def test_a_daemon_that_refuses_is_told_once_each_and_reached_when_it_is_back(
    bridge: RunningBridge, refusing: socket.socket
) -> None:
    async with Client(bridge.url) as client:
        for name in ("down", "dead") * 10:
            (await client.post_open(name)).problem(502, "daemon-unreachable")
        refusing.listen()
        async with ScriptedDaemon(refusing) as back:
            await client.open("down")
            await back.accepted()
    lines = await all_lines(bridge, "request refused")
    assert len(lines) == 2
    assert all(re.search("reason=.*(refused|call failed)", line) for line in lines)


async def test_hundreds_who_wait_for_a_black_hole_hold_up_nobody(
    bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    async with Client(bridge.url) as client:
        lost = [asyncio.ensure_future(client.post_open("silent")) for _ in range(N_CLIENTS)]
        await asyncio.wait(lost, timeout=0)
        for _ in range(20):
            session = await client.open("chat")
            assert (await session.send(b"ping", wait=10)).messages == [b"ping"]
        assert not any(task.done() for task in lost)
        with stays_idle(bridge):
            async with within_deadline("the end of all that waited"):
                for answer in await asyncio.gather(*lost):
                    answer.problem(504, "daemon-timeout")
    (line,) = await all_lines(bridge, "request refused")
    assert "code=daemon-timeout" in line


async def test_a_daemon_that_resets_at_once_is_told_to_the_client(
    bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    daemon.on_connect = DaemonConnection.reset
    async with Client(bridge.url) as client:
        for _ in range(20):
            assert await fate_of_an_open(client) in {"daemon-unreachable", "daemon-error"}
        daemon.on_connect = None
        await client.open("chat")
    assert not await all_lines(bridge, "unexpected error")


async def fate_of_an_open(client: Client) -> str:
    """What the client hears, whether the reset came before the answer or after it."""
    answer = await client.post_open("chat")
    if answer.status == 201:
        opened = answer.json()
        return await Session(client, opened["id"], opened["key"]).ended()
    code: str = answer.problem(502)["code"]
    return code
