"""A bridge that runs out of file descriptors."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.host.outage import OUTAGE, all_lines, connection_to, stays_idle
from tests.support.bridge import Config, RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.daemon import ScriptedDaemon

N_DESCRIPTORS = 100
FEW_DESCRIPTORS = ("prlimit", f"--nofile={N_DESCRIPTORS}:{N_DESCRIPTORS}")
RESERVED, PER_SESSION = 64, 3
N_SESSIONS = (N_DESCRIPTORS - RESERVED) // PER_SESSION


@pytest.fixture
def bridge(start: StartBridge, config: Config) -> RunningBridge:
    return start(config, prefix=FEW_DESCRIPTORS)


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as client:
        yield client


@contextmanager
def idle_clients(bridge: RunningBridge) -> Iterator[None]:
    """More connections than the bridge has descriptors, from clients that say nothing."""
    clients = [connection_to(bridge) for _ in range(N_DESCRIPTORS)]
    try:
        yield
    finally:
        for client in clients:
            client.close()


@pytest.fixture
async def session(client: Client, daemon: ScriptedDaemon) -> Session:
    """A session that stands before descriptors run out."""
    daemon.echo()
    return await client.open()


def test_the_soft_limit_is_raised_to_the_hard_one(
    start_bridge: StartBridge, config: Config
) -> None:
    bridge = start_bridge(config, prefix=("prlimit", "--nofile=100:1000"))
    limits = Path(f"/proc/{bridge.pid}/limits").read_text().splitlines()
    (files,) = [line for line in limits if line.startswith("Max open files")]
    assert files.split()[3:5] == ["1000", "1000"]


def test_more_sessions_than_descriptors_allow_are_told_at_the_start(
    start_bridge: StartBridge, config: Config
) -> None:
    bridge = start_bridge(config, prefix=FEW_DESCRIPTORS)
    (line,) = bridge.lines_with("too few file descriptors")
    assert f"max_sessions={N_SESSIONS} wanted=10000 descriptors={N_DESCRIPTORS}" in line
    assert "LimitNOFILE=" in line


def test_enough_descriptors_are_not_worth_a_line(start_bridge: StartBridge, config: Config) -> None:
    bridge = start_bridge({**config, "max_sessions": N_SESSIONS}, prefix=FEW_DESCRIPTORS)
    assert not bridge.lines_with("descriptors")


async def test_sessions_alone_cannot_take_all_descriptors(
    bridge: RunningBridge, client: Client, daemon: ScriptedDaemon
) -> None:
    daemon.echo()
    sessions = [await client.open() for _ in range(N_SESSIONS)]
    (await client.post_open()).problem(503, "too-many-sessions")
    polls = [await session.park() for session in sessions]
    for session in sessions:
        (await session.send(b"ping")).empty()
    assert [(await poll).messages for poll in polls] == [[b"ping"]] * N_SESSIONS
    assert not await all_lines(bridge, OUTAGE)


async def test_an_outage_has_one_line_that_says_what_to_do(bridge: RunningBridge) -> None:
    with idle_clients(bridge):
        line = await bridge.logged(OUTAGE)
    assert "Too many open files" in line
    assert "ulimit -n" in line
    assert "LimitNOFILE=" in line


async def test_established_sessions_go_on_in_an_outage(
    bridge: RunningBridge, session: Session
) -> None:
    with idle_clients(bridge):
        await bridge.logged(OUTAGE)
        for number in range(1, 21):
            answer = await session.send(b"ping", ack=number - 1, wait=10)
            assert answer.messages == [b"ping"]


async def test_an_outage_costs_hardly_any_processor_time(
    bridge: RunningBridge, session: Session
) -> None:
    with idle_clients(bridge):
        await bridge.logged(OUTAGE)
        with stays_idle(bridge):
            (await session.receive(wait=1)).empty()
    assert len(await all_lines(bridge, OUTAGE)) == 1


async def test_who_comes_in_an_outage_is_served_after_it(bridge: RunningBridge) -> None:
    async with Client(bridge.url) as late:
        with idle_clients(bridge):
            await bridge.logged(OUTAGE)
            waiting = asyncio.ensure_future(late.request("GET", "v1/daemons"))
            await asyncio.sleep(0)
        assert (await waiting).status == 200


async def test_an_open_without_a_descriptor_for_the_daemon_is_refused_and_told(
    bridge: RunningBridge, session: Session
) -> None:
    with idle_clients(bridge):
        await bridge.logged(OUTAGE)
        for _ in range(10):
            answer = await session.client.post_open()
            answer.problem(503, "too-many-sessions")
            assert int(answer.headers["Retry-After"]) > 0
    (line,) = await all_lines(bridge, "request refused")
    assert "Too many open files" in line
    assert "ulimit -n" in line


async def test_a_name_that_cannot_be_looked_up_for_want_of_a_descriptor_is_no_fault_of_the_daemon(
    start: StartBridge, config: Config, daemon: ScriptedDaemon
) -> None:
    port = config["daemons"]["chat"]["address"].partition(":")[2]
    config["daemons"]["named"] = {"address": f"localhost:{port}"}
    bridge = start(config, prefix=FEW_DESCRIPTORS)
    async with Client(bridge.url) as client:
        await client.open("named")
        with idle_clients(bridge):
            await bridge.logged(OUTAGE)
            (await client.post_open("named")).problem(503, "too-many-sessions")
    assert "Too many open files" in await bridge.logged("request refused")


async def test_opens_work_again_after_an_outage(bridge: RunningBridge, session: Session) -> None:
    with idle_clients(bridge):
        await bridge.logged(OUTAGE)
        (await session.client.post_open()).problem(503, "too-many-sessions")
    async with Client(bridge.url) as new:
        assert (await (await new.open()).send(b"ping", wait=10)).messages == [b"ping"]
