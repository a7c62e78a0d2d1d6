"""Ends that time brings about: abandoned sessions, forgotten tails, sides that lag behind."""

import asyncio
import itertools

import pytest

from tests.support.answers import Answer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.support.sockets import attach, open_v1, session_of
from tests.support.wire_peer import WirePeer

RESUME_S = 1.0
CHUNK = b"x" * 1000 + b"\0"


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge that soon loses patience, with logs that are soon full."""
    return start_bridge(
        config(
            resume_s=RESUME_S,
            slow_client_s=0.5,
            slow_daemon_s=0.5,
            max_message_bytes=65_536,
            log_high_water_bytes=16_384,
            log_low_water_bytes=4096,
        )
    )


async def let_pass(client: Client, seconds: float) -> None:
    """Returns when the bridge's own clock has moved on: a poll of a quiet session lasts that long.

    The scripted daemon sees one connection more.
    """
    clock = await client.open()
    (await clock.receive(wait=seconds)).empty()
    await clock.delete()


def flood(connection: DaemonConnection) -> "asyncio.Task[None]":
    """The daemon sends without end, until its connection is lost."""
    return asyncio.create_task(connection.send(itertools.repeat(CHUNK)))


def dropped(answer: Answer) -> None:
    """Asserts that the tail is gone; whether as a gap, ended or unknown is not laid down."""
    assert answer.status in {404, 409, 410}
    answer.problem(answer.status)


async def test_a_session_without_receiver_and_requests_is_abandoned(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    await connection.ended()
    answer = await session.receive()
    assert answer.status in {404, 410}
    assert answer.problem(answer.status)["code"] in {"unknown-session", "abandoned"}


async def test_a_session_whose_socket_closed_is_abandoned(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    await socket.socket.close()
    await (await daemon.accepted()).ended()


async def test_the_tail_of_an_abandoned_session_is_dropped(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>")
    await session.peek(1)
    await connection.ended()
    dropped(await session.receive(ack=0))


async def test_a_waiting_receive_keeps_its_session(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    poll = await session.park(ack=0)
    await let_pass(session.client, RESUME_S * 2)
    connection.say(b"<a/>")
    assert (await poll).messages == [b"<a/>"]


async def test_a_stream_keeps_its_session(session: Session, daemon: ScriptedDaemon) -> None:
    connection = await daemon.accepted()
    async with session.events() as stream:
        await let_pass(session.client, RESUME_S * 2)
        connection.say(b"<a/>")
        await stream.take(1)


async def test_an_attached_socket_keeps_its_session(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    socket = await attach(session)
    await let_pass(session.client, RESUME_S * 2)
    connection.say(b"<a/>")
    assert await socket.received(1) == [b"<a/>"]


async def test_requests_keep_their_session(session: Session, daemon: ScriptedDaemon) -> None:
    for _ in range(5):
        (await session.receive(wait=RESUME_S / 2)).empty()


async def test_an_ended_session_is_unknown_in_the_end(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<a/>")
    await session.peek(1)
    connection.close()
    async with within_deadline("the 404"):
        while (answer := await session.receive(ack=0)).status == 200:
            await let_pass(session.client, RESUME_S * 2)
    answer.problem(404, "unknown-session")


async def test_the_410_is_a_404_in_the_end(session: Session, daemon: ScriptedDaemon) -> None:
    (await daemon.accepted()).close()
    assert await session.ended() == "daemon-closed"
    async with within_deadline("the 404"):
        while (answer := await session.receive()).status == 410:
            await let_pass(session.client, RESUME_S * 2)
    answer.problem(404, "unknown-session")


async def test_a_socket_that_never_acknowledges_is_a_slow_client(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    connection = await daemon.accepted()
    task = flood(connection)
    assert (await socket.told("close"))["code"] == "slow-client"
    await connection.lost()
    await task


async def test_the_tail_of_a_slow_client_is_dropped(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_v1(client)
    task = flood(await daemon.accepted())
    await socket.told("close")
    await task
    dropped(await session_of(client, socket).receive(ack=0))


@pytest.mark.parametrize("path", ["v1/daemons/chat/websocket", "v1/daemons/blob/raw"])
async def test_a_socket_that_reads_nothing_loses_its_daemon(
    client: Client, daemon: ScriptedDaemon, path: str
) -> None:
    async with WirePeer.connected(client, path) as peer:
        peer.stop_reading()
        connection = await daemon.accepted()
        task = flood(connection)
        await connection.lost()
        await task


async def test_a_daemon_that_reads_nothing_is_slow(client: Client, daemon: ScriptedDaemon) -> None:
    daemon.is_stalled = True
    session = await client.open()
    socket = await attach(session)
    batch = [b"x" * 60_000] * 130
    send = asyncio.ensure_future(session.send(*batch, first=1))
    assert (await socket.told("close"))["code"] == "slow-daemon"
    answer = await send
    answer.problem(answer.status)
    assert answer.ack < len(batch)
