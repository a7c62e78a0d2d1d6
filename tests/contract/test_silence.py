"""Heartbeats: how each side tells a dead link from a quiet one."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.support.narrow import narrow_client
from tests.support.sockets import V1, attach, open_plain, open_v1
from tests.support.wire_peer import PING, WirePeer

HEARTBEAT_S = 0.4
LEAST_BUFFERED, MOST_BUFFERED = 1 << 16, 1 << 19
"""Between these lies what kernel and bridge buffer of a stream that nobody reads."""


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    return start_bridge(config(heartbeat_s=HEARTBEAT_S, resume_s=0.5))


async def wait_for_heartbeats(client: Client, count: int) -> None:
    """Returns after `count` heartbeats of another session; the daemon sees its connection."""
    clock = await open_v1(client)
    while len(clock.controls) < count:
        await clock.read_frame()


@asynccontextmanager
async def deaf_stream(session: Session) -> AsyncIterator[None]:
    """An event stream whose client reads no further than the number of the first message."""
    url = session.client.address(f"{session.path}/events?key={session.key}")
    async with narrow_client(session.client.url) as deaf:
        await deaf.send(f"GET {url.path_qs} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await deaf.hears(b"id: 1")
        yield


async def test_a_quiet_v1_socket_gets_an_ack_with_every_heartbeat(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_v1(client)
    while len(socket.frames) < 3:
        frame = await socket.read_frame()
        assert isinstance(frame, dict)
        assert frame["ack"] == 0


async def test_the_ack_of_a_heartbeat_is_the_highest_number_accepted(session: Session) -> None:
    socket = await attach(session)
    await session.send(b"<a/>", b"<b/>")
    await socket.acked(2)


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("v1/daemons/chat/websocket", [V1]),
        ("v1/daemons/chat/websocket", []),
        ("v1/daemons/blob/raw", ["binary"]),
    ],
)
async def test_a_quiet_socket_is_pinged(
    client: Client, daemon: ScriptedDaemon, path: str, offered: list[str]
) -> None:
    async with WirePeer.connected(client, path, offered) as peer:
        await peer.read_until(PING)


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("v1/daemons/chat/websocket", [V1]),
        ("v1/daemons/chat/websocket", []),
        ("v1/daemons/blob/raw", []),
    ],
)
async def test_a_clients_ping_is_answered(
    client: Client, daemon: ScriptedDaemon, path: str, offered: list[str]
) -> None:
    socket = await client.websocket(path, offered)
    async with within_deadline("the pong"):
        await (await socket.ping(b"are you there"))


async def test_a_v1_socket_without_sign_of_life_is_detached_and_its_session_abandoned(
    client: Client, daemon: ScriptedDaemon
) -> None:
    """The TCP connection of the silent client stays open all the while."""
    async with WirePeer.connected(client, "v1/daemons/chat/websocket", [V1]):
        await (await daemon.accepted()).ended()


@pytest.mark.parametrize("path", ["v1/daemons/chat/websocket", "v1/daemons/blob/raw"])
async def test_a_plain_or_raw_socket_without_sign_of_life_ends_its_session(
    client: Client, daemon: ScriptedDaemon, path: str
) -> None:
    async with WirePeer.connected(client, path):
        await (await daemon.accepted()).ended()


async def test_a_v1_socket_that_answers_pings_stays_attached(
    session: Session, daemon: ScriptedDaemon
) -> None:
    connection = await daemon.accepted()
    socket = await attach(session)
    await wait_for_heartbeats(session.client, 5)
    connection.say(b"<a/>")
    assert await socket.received(1) == [b"<a/>"]


async def test_a_plain_socket_that_answers_pings_stays_open(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_plain(client)
    connection = await daemon.accepted()
    await wait_for_heartbeats(client, 5)
    connection.say(b"<a/>")
    assert await socket.recv() == "<a/>"


async def test_a_displaced_stream_that_nobody_reads_does_not_keep_its_session(
    client: Client, daemon: ScriptedDaemon
) -> None:
    """One of the lengths fills the buffers so far that the very end of the stream has to wait."""
    async with AsyncExitStack() as streams:
        connections = []
        for length in range(LEAST_BUFFERED, MOST_BUFFERED, 1 << 14):
            session = await client.open()
            connections.append(await daemon.accepted())
            connections[-1].say(bytes(length).replace(b"\0", b"x"))
            await streams.enter_async_context(deaf_stream(session))
            await session.peek(1)
        for connection in connections:
            await connection.ended()
