"""What a WebSocket that the bridge closes leaves behind: nothing, or a session to come back to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.sockets import V1
from tests.support.wire_peer import BINARY, TEXT, WirePeer

MAX_MESSAGE_BYTES = 2000
TOO_BIG = b"x" * (MAX_MESSAGE_BYTES + 1)
ONE = {"max_sessions": 1, "client_max_sessions": 1}
"""So whoever comes gets a session only if nobody has one any more."""

BOUND = [
    pytest.param("chat/websocket", BINARY, b"<a/>", 1003, id="plain: binary for text"),
    pytest.param("blob/websocket", TEXT, b"<a/>", 1003, id="plain: text for bytes"),
    pytest.param("chat/websocket", TEXT, b"\xff", 1007, id="plain: no UTF-8"),
    pytest.param("strict/websocket", TEXT, b"<a>", 1008, id="plain: refused"),
    pytest.param("blob/websocket", BINARY, b"a\0b", 1008, id="plain: a zero byte inside"),
    pytest.param("chat/websocket", TEXT, TOO_BIG, 1009, id="plain: too big"),
    pytest.param("blob/raw", TEXT, b"a", 1003, id="raw: text"),
    pytest.param("strict/raw", BINARY, b"<a>\0", 1008, id="raw: refused"),
    pytest.param("chat/raw", BINARY, b"\xff\0", 1008, id="raw: no UTF-8"),
    pytest.param("chat/raw", BINARY, TOO_BIG, 1009, id="raw: too big"),
]
RESUMABLE = [
    pytest.param("chat", BINARY, b"<a/>\0", 1003, id="binary for text"),
    pytest.param("blob", TEXT, b"<a/>\0", 1003, id="text for bytes"),
    pytest.param("chat", TEXT, b"\xff\0", 1007, id="no UTF-8"),
]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    return start_bridge(config(**ONE, max_message_bytes=MAX_MESSAGE_BYTES))


@pytest.fixture(scope="module")
def impatient_bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """It waits for nobody."""
    return start_bridge(config(**ONE, resume_s=0.1))


async def assert_occupied(client: Client) -> None:
    (await client.post_open()).problem(503, "too-many-sessions")


async def assert_free(client: Client) -> None:
    """There is room for one, who leaves at once."""
    (await (await client.open()).delete()).empty()


@asynccontextmanager
async def attached(session: Session) -> AsyncIterator[WirePeer]:
    path, offered = f"{session.path}/websocket", [V1, f"key.{session.key}"]
    async with WirePeer.connected(session.client, path, offered) as peer:
        yield peer


@pytest.mark.parametrize(("path", "opcode", "payload", "code"), BOUND)
async def test_a_plain_or_raw_socket_that_is_closed_holds_neither_daemon_nor_place(
    client: Client, daemon: ScriptedDaemon, path: str, opcode: int, payload: bytes, code: int
) -> None:
    """From then on, though its client keeps the connection."""
    async with WirePeer.connected(client, f"v1/daemons/{path}") as peer:
        connection = await daemon.accepted()
        await assert_occupied(client)
        peer.send(opcode, payload)
        assert await peer.closed() == code
        await assert_free(client)
        await connection.lost()


@pytest.mark.parametrize(("daemon_name", "opcode", "payload", "code"), RESUMABLE)
async def test_a_v1_socket_that_is_closed_leaves_daemon_and_place_to_its_session(
    client: Client, daemon: ScriptedDaemon, daemon_name: str, opcode: int, payload: bytes, code: int
) -> None:
    session = await client.open(daemon_name)
    connection = await daemon.accepted()
    async with attached(session) as peer:
        peer.send(opcode, payload)
        assert await peer.closed() == code
    await assert_occupied(client)
    await assert_resumable(session, connection)
    (await session.delete()).empty()
    await connection.lost()
    await assert_free(client)


async def assert_resumable(session: Session, connection: DaemonConnection) -> None:
    (await session.send(b"<up/>")).empty()
    await connection.received_messages(b"<up/>")
    connection.say(b"<down/>")
    assert await session.peek(1) == [b"<down/>"]


@pytest.mark.parametrize(("daemon_name", "opcode", "payload", "code"), RESUMABLE)
async def test_a_v1_session_whose_closed_socket_nobody_replaces_holds_neither_any_more(
    impatient_bridge: RunningBridge,
    daemon: ScriptedDaemon,
    daemon_name: str,
    opcode: int,
    payload: bytes,
    code: int,
) -> None:
    async with Client(impatient_bridge.url) as client:
        path = f"v1/daemons/{daemon_name}/websocket"
        async with WirePeer.connected(client, path, [V1]) as peer:
            await assert_occupied(client)
            peer.send(opcode, payload)
            assert await peer.closed() == code
            await (await daemon.accepted()).lost()
            await assert_free(client)
