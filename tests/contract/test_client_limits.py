"""One client, and one daemon, get so many sessions at a time and so many a second."""

from collections.abc import AsyncIterator

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client, Session
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon

V1 = "xmlsocket.v1"
WEBSOCKET = "v1/daemons/{}/websocket"


def as_client(address: str) -> dict[str, str]:
    """What a trusted proxy says of a client."""
    return {"X-Forwarded-For": address}


ANN, BOB = as_client("192.0.2.1"), as_client("192.0.2.2")


@pytest.fixture
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    """Two sessions for a client, one for the daemon `narrow`; `slow` opens one in 100 seconds."""
    address = config()["daemons"]["chat"]["address"]
    chat = {"address": address, "messages": "text"}
    daemons = {"chat": chat, "narrow": {**chat, "max_sessions": 1}}
    daemons["slow"] = {**chat, "opens_per_s": 0.01}
    return start_bridge(
        config(daemons=daemons, trusted_proxies=["127.0.0.1"], client_max_sessions=2, opens_burst=1)
    )


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as connected:
        yield connected
    bridge.assert_no_traceback()


async def test_a_client_that_has_its_sessions_gets_no_more_until_one_is_over(
    client: Client, bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    first, _ = await client.open("chat", ANN), await client.open("narrow", ANN)
    answer = await client.post_open("chat", ANN)
    answer.problem(503, "too-many-sessions")
    assert answer.headers["Retry-After"] == "5"
    assert 'reason="client_max_sessions of 192.0.2.1"' in await bridge.logged("request refused")
    await client.open("chat", BOB)
    await first.delete()
    await client.open("chat", ANN)


async def test_sockets_and_exchanges_count_as_well(client: Client, daemon: ScriptedDaemon) -> None:
    for _ in range(2):
        await client.open("chat", as_client("127.0.0.1"))
    (await client.exchange(b"a", replies=0)).problem(503, "too-many-sessions")
    answer = await client.handshake(WEBSOCKET.format("chat"), [V1])
    answer.problem(503, "too-many-sessions")


async def test_to_come_back_to_a_session_is_not_limited(
    client: Client, daemon: ScriptedDaemon
) -> None:
    sessions: list[Session] = [await client.open("chat", ANN) for _ in range(2)]
    (await sessions[0].send(b"a", first=1)).empty()
    await (await daemon.accepted()).received_messages(b"a")


async def test_a_daemon_that_has_its_sessions_gets_no_more(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = await client.open("narrow", ANN)
    (await client.post_open("narrow", BOB)).problem(503, "too-many-sessions")
    await session.delete()
    await client.open("narrow", BOB)


async def test_a_daemon_whose_sessions_come_too_fast_gets_no_more_for_a_while(
    client: Client, daemon: ScriptedDaemon
) -> None:
    await client.open("slow", ANN)
    answer = await client.post_open("slow", BOB)
    answer.problem(429, "rate-limited")
    assert 0 < int(answer.headers["Retry-After"]) <= 100
    assert answer.headers["RateLimit-Policy"] == '"daemon";q=1;w=100'
    assert answer.headers["RateLimit"].startswith('"daemon";r=0;t=')
