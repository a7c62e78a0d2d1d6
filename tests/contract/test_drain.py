"""The bridge is asked to stop: nobody new comes in, those there may finish, asked twice it ends."""

import signal
from collections.abc import AsyncIterator

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1, attach, open_plain, open_v1, received_until_close

DELAYS_S = range(5, 31)
# Far longer than a test may take: who waits for it fails.
DRAIN_S = 600


@pytest.fixture
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """A bridge for one test alone, which gives its sessions a long time to finish."""
    return start_bridge(config(drain_s=DRAIN_S, shutdown_s=3))


@pytest.fixture
async def client(bridge: RunningBridge, daemon: ScriptedDaemon) -> AsyncIterator[Client]:
    async with Client(bridge.url) as connected:
        yield connected


@pytest.fixture
async def draining(session: Session, bridge: RunningBridge) -> AsyncIterator[RunningBridge]:
    """The bridge once it has been asked to stop, held up by a session; it is ended afterwards."""
    bridge.terminate()
    await bridge.logged("draining sessions=1")
    yield bridge
    if bridge.is_running:
        bridge.terminate()
        await bridge.exited()


# -- who comes while it drains


async def test_no_session_is_opened(client: Client, draining: RunningBridge) -> None:
    answer = await client.post_open()
    answer.problem(503, "draining")
    assert int(answer.headers["Retry-After"]) in DELAYS_S


async def test_no_exchange_is_begun(client: Client, draining: RunningBridge) -> None:
    (await client.exchange(b"<a/>")).problem(503, "draining")


@pytest.mark.parametrize(
    ("path", "subprotocols"),
    [
        ("v1/daemons/chat/websocket", [V1]),
        ("v1/daemons/chat/websocket", []),
        ("v1/daemons/blob/raw", []),
    ],
)
async def test_no_socket_is_opened(
    client: Client, draining: RunningBridge, path: str, subprotocols: list[str]
) -> None:
    answer = await client.handshake(path, subprotocols)
    answer.problem(503, "draining")
    assert int(answer.headers["Retry-After"]) in DELAYS_S


async def test_the_list_of_daemons_and_the_page_are_still_served(
    client: Client, draining: RunningBridge
) -> None:
    assert (await client.request("GET", "v1/daemons")).status == 200
    assert (await client.request("GET", "")).status == 200


# -- the sessions that are there


async def test_a_session_sends_and_receives_on(
    session: Session, daemon: ScriptedDaemon, draining: RunningBridge
) -> None:
    connection = await daemon.accepted()
    (await session.send(b"<a/>", first=1)).empty()
    await connection.received_messages(b"<a/>")
    connection.say(b"<b/>")
    assert await session.peek(1) == [b"<b/>"]


async def test_a_session_changes_its_transport(
    session: Session, daemon: ScriptedDaemon, draining: RunningBridge
) -> None:
    (await daemon.accepted()).say(b"<a/>")
    async with session.events(ack=0) as stream:
        assert [event.data for event in await stream.take(1)] == ["<a/>"]
    socket = await attach(session, ack=0)
    assert await socket.received(1) == [b"<a/>"]


async def test_the_bridge_ends_when_the_last_session_has(
    session: Session, draining: RunningBridge
) -> None:
    (await session.delete()).empty()
    assert await draining.exited() == 0


async def test_sockets_that_close_let_the_bridge_end(
    client: Client, daemon: ScriptedDaemon, bridge: RunningBridge
) -> None:
    plain, v1 = await open_plain(client), await open_v1(client)
    bridge.terminate()
    await bridge.logged("draining sessions=2")
    await plain.close()
    await v1.control(close={})
    assert await v1.closed() == 1000
    assert await bridge.exited() == 0


async def test_a_daemon_that_hangs_up_lets_the_client_fetch_its_last_words(
    session: Session, daemon: ScriptedDaemon, draining: RunningBridge
) -> None:
    connection = await daemon.accepted()
    connection.say(b"<bye/>")
    connection.close()
    await draining.logged("session ended")
    messages, answer = await session.drain()
    assert messages == [b"<bye/>"]
    answer.problem(410, "daemon-closed")
    assert await draining.exited() == 0


async def test_when_the_time_is_over_the_rest_is_ended(
    start_bridge: StartBridge, config: MakeConfig, daemon: ScriptedDaemon
) -> None:
    bridge = start_bridge(config(drain_s=0.2, shutdown_s=3))
    async with Client(bridge.url) as client:
        session, socket = await client.open(), await open_plain(client)
        poll = await session.park(ack=0)
        bridge.terminate()
        (await poll).problem(410, "shutdown")
        assert await received_until_close(socket) == ([], 1012)
        assert await bridge.exited() == 0


# -- a second signal


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_second_signal_ends_the_drain_and_the_process_at_once(
    draining: RunningBridge, number: signal.Signals
) -> None:
    draining.send_signal(number)
    assert await draining.exited() == 1
    assert sum("second signal" in line for line in draining.log_lines) == 1
    assert not any("stopp" in line for line in draining.log_lines)


async def test_a_second_signal_does_not_wait_for_the_flush(
    start_bridge: StartBridge, config: MakeConfig, daemon: ScriptedDaemon
) -> None:
    daemon.stays_after_eof = True
    bridge = start_bridge(config(flush_s=DRAIN_S, shutdown_s=DRAIN_S))
    async with Client(bridge.url) as client:
        await open_v1(client)
        bridge.terminate()
        await bridge.logged("session ended")
        bridge.terminate()
        assert await bridge.exited() == 1
