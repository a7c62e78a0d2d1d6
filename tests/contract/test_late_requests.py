"""Whoever comes after the end is told the close code for a while, by each verb; then the session is
unknown."""

from collections.abc import Awaitable, Callable

import pytest

from tests.support.answers import Answer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import PATIENTLY_S, Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.support.sockets import V1, open_v1, session_of

RESUME_S = 2.0
MAX_MESSAGE_BYTES = 65_536
LINE = b"x" * 1000
BULK = [b"x" * 60_000] * 130
"""More than the kernel holds for a daemon that reads nothing."""

End = Callable[[Client, ScriptedDaemon], Awaitable[Session]]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    return start_bridge(
        config(
            resume_s=RESUME_S,
            slow_client_s=0.3,
            slow_daemon_s=0.3,
            max_message_bytes=MAX_MESSAGE_BYTES,
            log_high_water_bytes=16_384,
            log_low_water_bytes=4096,
        )
    )


def by_daemon(act: Callable[[DaemonConnection], None]) -> End:
    """The daemon's doing."""

    async def end(client: Client, daemon: ScriptedDaemon) -> Session:
        session = await client.open()
        connection = await daemon.accepted()
        act(connection)
        await session.follow()
        return session

    return end


async def delete(client: Client, daemon: ScriptedDaemon) -> Session:
    session = await client.open()
    await daemon.accepted()
    (await session.delete()).empty()
    return session


async def close_by_socket(client: Client, daemon: ScriptedDaemon) -> Session:
    socket = await open_v1(client)
    await daemon.accepted()
    await socket.control(close={})
    await socket.told("close")
    return session_of(client, socket)


async def abandon(client: Client, daemon: ScriptedDaemon) -> Session:
    session = await client.open()
    await (await daemon.accepted()).ended()
    return session


async def lag(client: Client, daemon: ScriptedDaemon) -> Session:
    session = await client.open()
    connection = await daemon.accepted()
    connection.say(*[LINE] * 40)
    await connection.ended()
    return session


async def outpace_the_daemon(client: Client, daemon: ScriptedDaemon) -> Session:
    daemon.is_stalled = True
    session = await client.open()
    await daemon.accepted()
    answer = await session.send(*BULK, first=1)
    answer.problem(answer.status)
    await session.follow()
    daemon.is_stalled = False
    return session


ENDS: list[tuple[End, str]] = [
    (by_daemon(DaemonConnection.close), "daemon-closed"),
    (by_daemon(DaemonConnection.half_close), "daemon-closed"),
    (by_daemon(DaemonConnection.reset), "daemon-error"),
    (by_daemon(lambda peer: peer.say(b"\xff")), "bad-encoding"),
    (by_daemon(lambda peer: peer.say(b"x" * 99_999)), "message-too-big"),
    (delete, "client-closed"),
    (close_by_socket, "client-closed"),
    (abandon, "abandoned"),
    (lag, "slow-client"),
    (outpace_the_daemon, "slow-daemon"),
]


async def attach(session: Session) -> Answer:
    """A handshake that is to be refused."""
    offered = [V1, f"key.{session.key}"]
    return await session.client.handshake(f"{session.path}/websocket", offered)


async def stream(session: Session) -> Answer:
    """An event stream, read to its end."""
    path = f"{session.path}/events"
    return await session.client.request("GET", path, headers=session.with_key())


@pytest.mark.parametrize(("end", "code"), ENDS)
async def test_for_a_while_each_verb_is_told_how_the_session_ended(
    client: Client, daemon: ScriptedDaemon, end: End, code: str
) -> None:
    session = await end(client, daemon)
    (await session.receive()).problem(410, code)
    (await session.receive(ack=0, wait=PATIENTLY_S)).problem(410, code)
    (await session.send(b"<a/>")).problem(409, "ended")
    (await session.send(b"<a/>", wait=PATIENTLY_S)).problem(410, code)
    (await attach(session)).problem(410, code)
    assert f'event: close\ndata: {{"code": "{code}"'.encode() in (await stream(session)).body
    (await session.delete()).empty()
    (await session.receive()).problem(410, code)


async def test_then_no_verb_finds_the_session_however_it_ended(
    client: Client, daemon: ScriptedDaemon
) -> None:
    sessions = [await end(client, daemon) for end, _ in ENDS]
    async with within_deadline("the 404 of the last one"):
        while (await sessions[-1].receive()).status == 410:
            await client.exchange(timeout_s=0.2)  # so time passes at the bridge
    for session in sessions:
        (await session.receive()).problem(404, "unknown-session")
        (await session.send(b"<a/>")).problem(404, "unknown-session")
        (await session.send(b"<a/>", wait=PATIENTLY_S)).problem(404, "unknown-session")
        (await stream(session)).problem(404, "unknown-session")
        (await attach(session)).problem(404, "unknown-session")
        (await session.delete()).problem(404, "unknown-session")
