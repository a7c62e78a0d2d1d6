"""Keys, tokens and tickets: nobody guesses, chooses or reads them."""

import gc
import logging
import math
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from bridge.app import Bridge
from bridge.config import Config
from tests.auth.showing import as_subprotocol, bearer
from tests.support.clients import Client, Session
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1

TOKEN = "0123456789abcdef0123456789abcdef"


@asynccontextmanager
async def serving(address: str) -> AsyncIterator[Client]:
    """A client of a bridge within this process, whose log can be turned up to all there is."""
    config = Config.model_validate(
        {
            "listen": "127.0.0.1:0",
            "auth": {"tokens": {"ada": TOKEN}},
            "daemons": {
                "chat": {"address": address, "messages": "text", "auth": "none"},
                "guarded": {"address": address},
            },
        }
    )
    bridge = Bridge(config)
    try:
        async with Client(await bridge.start()) as client:
            yield client
    finally:
        await bridge.stop()
        gc.collect()


@pytest.fixture
async def client(daemon: ScriptedDaemon, address: str) -> AsyncIterator[Client]:
    async with serving(address) as client:
        yield client


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def lines_with(secret: str, log: pytest.LogCaptureFixture) -> list[str]:
    """What the bridge, aiohttp or asyncio have logged with this in it. The test's own client logs,
    too."""
    lines = [f"{each.name}: {each.getMessage()} {each.__dict__}" for each in log.records]
    return [line for line in lines if secret in line and not line.startswith("websockets.client")]


async def use_everywhere(session: Session) -> None:
    """Show the key in each way there is, rightly and wrongly."""
    request, key = session.client.request, session.key
    await session.send(b"a")
    await request("GET", session.messages_path, headers={"XMLSocket-Key": key})
    await request("GET", session.messages_path, {"key": key, "ack": "x"})
    await request("GET", f"{session.path}/events", {"key": key, "ack": "x"})
    await request("GET", "v1/sessions/a-nobody/messages", headers=session.with_key())
    offered = [V1, f"key.{key}"]
    await session.client.handshake(f"{session.path}/websocket", offered, {"ack": "x"})
    await (await session.client.websocket(f"{session.path}/websocket", offered)).close()
    referring = {"Referer": f"https://page.example/?key={key}", "Origin": "https://evil.example"}
    await request("GET", session.messages_path, headers=session.with_key(referring))
    await session.delete()


async def test_no_key_is_in_the_log_at_any_level(
    client: Client, everything_logged: pytest.LogCaptureFixture
) -> None:
    session = await client.open("chat")
    await use_everywhere(session)
    assert session.id in everything_logged.text
    assert lines_with(session.key, everything_logged) == []


async def test_no_token_and_no_ticket_is_in_the_log_at_any_level(
    client: Client, everything_logged: pytest.LogCaptureFixture
) -> None:
    ticket = (await client.request("POST", "v1/tickets", headers=bearer(TOKEN))).json()["ticket"]
    opening = "v1/daemons/guarded/sessions"
    for query in ({"ticket": ticket}, {"ticket": ticket}, None):
        await client.request("POST", opening, query, {"Origin": "https://evil.example"})
        await client.request("POST", opening, query)
    for token in (TOKEN, TOKEN[:-1] + "0"):
        await client.post_open("guarded", bearer(token))
        offered = ["xmlsocket", as_subprotocol(token)]
        await client.handshake("v1/daemons/guarded/websocket", offered, {"ticket": "no"})
    assert lines_with("unauthenticated", everything_logged)
    for secret in (TOKEN[:-1], ticket, as_subprotocol(TOKEN)):
        assert lines_with(secret, everything_logged) == []


async def test_a_key_is_in_no_answer_but_the_one_to_its_opening(client: Client) -> None:
    session = await client.open("chat")
    paths = [session.messages_path, f"{session.path}/events", "v1/daemons", "", "v1/nothing"]
    for path in paths:
        answer = await client.request("GET", path, {"ack": "x"}, session.with_key())
        assert session.key not in f"{answer.headers}{answer.body!r}"


async def test_a_client_cannot_choose_the_id_or_the_key_of_its_session(client: Client) -> None:
    chosen = "chosen-by-somebody-else-0123456789"
    headers = {"XMLSocket-Key": chosen, "Cookie": f"id=a-{chosen}; key={chosen}", **bearer(chosen)}
    answer = await client.request(
        "POST", "v1/daemons/chat/sessions", {"id": f"a-{chosen}", "key": chosen}, headers
    )
    opened = answer.json()
    assert chosen not in f"{opened['id']} {opened['key']}"
    assert "Set-Cookie" not in answer.headers
    guessed = Session(client, f"a-{chosen}", chosen)
    (await guessed.receive()).problem(404, "unknown-session")


async def test_no_session_exists_before_it_is_opened(
    client: Client, daemon: ScriptedDaemon
) -> None:
    made_up = Session(client, "a-made-up", "k" * 22)
    (await made_up.send(b"a")).problem(404, "unknown-session")
    assert daemon.connections == []


async def test_keys_are_drawn_evenly_and_from_128_bits_or_more(client: Client) -> None:
    keys = [(await client.open("chat")).key for _ in range(100)]
    letters = Counter("".join(keys))
    share = [count / sum(letters.values()) for count in letters.values()]
    entropy = -sum(part * math.log2(part) for part in share)
    assert entropy * len(keys[0]) >= 128
    for place in range(len(keys[0]) - 1):
        assert len({key[place] for key in keys}) >= 32
    assert len(set(keys)) == len(keys)


async def test_keys_are_compared_in_a_time_that_tells_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare_digest(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    session = await client.open("chat")
    monkeypatch.setattr("bridge.tunnel.registry.hmac.compare_digest", compare_digest)
    wrong = Session(client, session.id, "k" * len(session.key))
    (await wrong.receive()).problem(404, "unknown-session")
    assert compared == [(session.key.encode(), wrong.key.encode())]
