"""Sessions that end with the token that opened them, at a bridge whose time the tests move."""

import socket
from collections.abc import AsyncIterator

import pytest

from tests.auth.issuer import AUDIENCE, SECRET, issued
from tests.auth.showing import bearer
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon
from tests.support.faked_clock import FakedClock
from tests.support.sockets import close_code, open_v1

A_DAY_S = 86400
"""As long as any of them may be, so that no other time is over when a token's is."""


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> FakedClock:
    """The time of the bridge."""
    return FakedClock(tmp_path_factory.mktemp("time") / "clock", moves_durations=True)


@pytest.fixture(scope="module")
def bridge(
    start_bridge: StartBridge, daemon_socket: socket.socket, clock: FakedClock
) -> RunningBridge:
    port = daemon_socket.getsockname()[1]
    config = {
        "resume_s": A_DAY_S,
        "heartbeat_s": A_DAY_S,
        "auth": {"jwt": {"algorithm": "HS256", "key": SECRET, "audience": AUDIENCE}},
        "daemons": {"chat": {"address": f"127.0.0.1:{port}", "messages": "text"}},
    }
    return start_bridge(config, environment=clock.environment)


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as connected:
        yield connected
    bridge.assert_no_traceback()


def good_for(hours: int, clock: FakedClock) -> dict[str, str]:
    """What shows a token that is good for so long."""
    return bearer(issued(exp=clock.now + 3600 * hours))


async def pass_time(hours: int, clock: FakedClock, client: Client) -> None:
    """Returns once the bridge has noticed."""
    clock.go_on(hours)
    assert (await client.request("GET", "v1/daemons")).status == 200


async def test_a_polled_session_ends_when_its_token_does(
    client: Client, daemon: ScriptedDaemon, clock: FakedClock
) -> None:
    session = await client.open("chat", good_for(1, clock))
    await pass_time(2, clock, client)
    assert await session.ended() == "kicked"
    await (await daemon.accepted()).ended()


async def test_a_socket_is_told_that_its_token_has_expired(
    client: Client, daemon: ScriptedDaemon, clock: FakedClock
) -> None:
    socket = await open_v1(client, headers=good_for(1, clock))
    await pass_time(2, clock, client)
    told = await socket.told("close")
    assert told == {"code": "kicked", "detail": "the token that opened the session has expired"}
    assert await socket.closed() == 1008


@pytest.mark.parametrize("path", ["websocket", "raw"])
async def test_a_socket_that_is_its_session_closes_when_the_token_does(
    client: Client, daemon: ScriptedDaemon, clock: FakedClock, path: str
) -> None:
    socket = await client.websocket(f"v1/daemons/chat/{path}", headers=good_for(1, clock))
    await pass_time(2, clock, client)
    assert await close_code(socket, socket.recv) == 1008
    await (await daemon.accepted()).ended()


async def test_a_session_goes_on_as_long_as_its_token_is_good(
    client: Client, daemon: ScriptedDaemon, clock: FakedClock
) -> None:
    session = await client.open("chat", good_for(2, clock))
    await pass_time(1, clock, client)
    (await session.send(b"still here")).empty()
    await (await daemon.accepted()).received_messages(b"still here")
    await pass_time(2, clock, client)
    assert await session.ended() == "kicked"


async def test_a_token_that_has_expired_opens_nothing(
    client: Client, daemon: ScriptedDaemon, clock: FakedClock
) -> None:
    shown = good_for(1, clock)
    await pass_time(2, clock, client)
    (await client.post_open("chat", shown)).problem(401, "unauthenticated")
    assert daemon.connections == []
