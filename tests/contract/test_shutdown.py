"""The bridge stops: the tail, the code `shutdown` and when to come back still reach the clients."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from websockets.asyncio.client import ClientConnection

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import attach, open_plain, open_raw, open_v1, received_until_close

DELAYS_S = range(5, 31)

OpenSocket = Callable[[Client, str], Awaitable[ClientConnection]]


@pytest.fixture
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge for one test alone, to be stopped by it."""
    return start_bridge(config(shutdown_s=3))


@pytest.fixture
async def client(bridge: RunningBridge, daemon: ScriptedDaemon) -> AsyncIterator[Client]:
    async with Client(bridge.url) as connected:
        yield connected


async def test_sigterm_without_sessions_ends_the_process_with_0(bridge: RunningBridge) -> None:
    bridge.terminate()
    assert await bridge.exited() == 0


async def test_a_waiting_receive_is_told_of_the_shutdown(
    session: Session, bridge: RunningBridge
) -> None:
    poll = await session.park(ack=0)
    bridge.terminate()
    answer = await poll
    answer.problem(410, "shutdown")
    assert int(answer.headers["Retry-After"]) in DELAYS_S
    assert await bridge.exited() == 0


async def test_a_stream_is_told_of_the_shutdown_after_its_tail(
    session: Session, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    await session.peek(2)
    async with session.events(ack=0) as stream:
        bridge.terminate()
        assert [event.data for event in await stream.take(2)] == ["<a/>", "<b/>"]
        close = await stream.next()
        assert close is not None
        assert close.name == "close"
        assert close.data["code"] == "shutdown"
        assert close.data["retry_after_s"] in DELAYS_S
    assert await bridge.exited() == 0


async def test_an_attached_socket_is_told_of_the_shutdown_after_its_tail(
    session: Session, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    await session.peek(2)
    socket = await attach(session, ack=0)
    bridge.terminate()
    close = await socket.told("close")
    assert close["code"] == "shutdown"
    assert close["retry_after_s"] in DELAYS_S
    assert socket.messages == [b"<a/>", b"<b/>"]
    assert await socket.closed() == 1012
    assert socket.socket.close_reason == f"shutdown; retry_after_s={close['retry_after_s']}"
    assert await bridge.exited() == 0


@pytest.mark.parametrize("open_socket", [open_plain, open_raw])
async def test_a_plain_or_raw_socket_is_closed_at_the_shutdown(
    client: Client, daemon: ScriptedDaemon, bridge: RunningBridge, open_socket: OpenSocket
) -> None:
    socket = await open_socket(client, "blob")
    await socket.send(b"<a/>\0")
    connection = await daemon.accepted()
    await connection.received_messages(b"<a/>")
    bridge.terminate()
    _, code = await received_until_close(socket)
    assert code == 1012
    reason, _, delay = (socket.close_reason or "").partition("; retry_after_s=")
    assert reason == "shutdown"
    assert int(delay) in DELAYS_S
    assert await connection.ended() == b"<a/>\0"
    assert await bridge.exited() == 0


async def test_accepted_messages_reach_the_daemon_before_its_connection_closes(
    session: Session, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    connection = await daemon.accepted()
    await session.send(b"<a/>", b"<b/>")
    bridge.terminate()
    assert await connection.ended() == b"<a/>\0<b/>\0"
    assert await bridge.exited() == 0


async def test_the_last_acknowledgement_covers_what_was_accepted_before_the_shutdown(
    client: Client, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    socket = await open_v1(client)
    await socket.send(b"<a/>", b"<b/>")
    await (await daemon.accepted()).received_messages(b"<a/>", b"<b/>")
    bridge.terminate()
    await socket.told("close")
    assert socket.ack == 2


async def test_a_client_between_two_polls_is_given_its_tail_and_then_the_code(
    session: Session, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    (await daemon.accepted()).say(b"<a/>", b"<b/>")
    await session.peek(2)
    bridge.terminate()
    await bridge.logged("session ended")
    messages, answer = await session.drain()
    assert messages == [b"<a/>", b"<b/>"]
    answer.problem(410, "shutdown")
    assert int(answer.headers["Retry-After"]) in DELAYS_S
    assert await bridge.exited() == 0


async def test_a_socket_that_comes_back_for_its_tail_is_told_of_the_shutdown(
    session: Session, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    (await daemon.accepted()).say(b"<a/>")
    await session.peek(1)
    bridge.terminate()
    await bridge.logged("session ended")
    socket = await attach(session, ack=0)
    assert (await socket.told("close"))["code"] == "shutdown"
    assert socket.messages == [b"<a/>"]
    assert await bridge.exited() == 0


async def test_a_client_that_stays_away_holds_up_nobody_for_long(
    session: Session, bridge: RunningBridge
) -> None:
    bridge.terminate()
    assert await bridge.exited() == 0
    assert not any("cut off" in line for line in bridge.log_lines)
