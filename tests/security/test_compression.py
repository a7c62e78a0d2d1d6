"""Compression: a secret and a stranger's text share no stream whose length can be watched."""

from collections.abc import AsyncIterator

import pytest

from tests.nginx.way import Way
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import V1

ACCEPTED = {"Accept-Encoding": "gzip, deflate, br, zstd, *"}
OFFERED = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
LONG = b"<a>" + b"secret" * 10_000 + b"</a>"


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, address: str) -> RunningBridge:
    return start_bridge({"daemons": {"chat": {"address": address}}})


@pytest.fixture
async def client(bridge: RunningBridge) -> AsyncIterator[Client]:
    async with Client(bridge.url) as client:
        yield client


async def test_no_answer_is_compressed(client: Client, daemon: ScriptedDaemon) -> None:
    opened = await client.post_open(headers=ACCEPTED)
    session = await client.open()
    await daemon.accepted()
    (await daemon.accepted()).say(LONG)
    received = await session.receive(0, 10, ACCEPTED)
    assert received.messages == [LONG]
    told = [await client.request("GET", path, headers=ACCEPTED) for path in ("", "v1/daemons", "x")]
    for answer in (opened, received, *told):
        assert "Content-Encoding" not in answer.headers


async def test_no_event_stream_is_compressed(client: Client, daemon: ScriptedDaemon) -> None:
    session = await client.open()
    path, headers = f"{session.path}/events", session.with_key(ACCEPTED)
    async with client.streamed("GET", path, headers=headers) as stream:
        assert "Content-Encoding" not in stream.headers


@pytest.mark.parametrize("path", ["websocket", "raw"])
async def test_no_socket_is_compressed(client: Client, daemon: ScriptedDaemon, path: str) -> None:
    socket = await client.websocket(f"v1/daemons/chat/{path}", headers=OFFERED)
    assert socket.response is not None
    assert "Sec-WebSocket-Extensions" not in socket.response.headers


async def test_no_socket_that_attaches_is_compressed(client: Client) -> None:
    session = await client.open()
    path, offered = f"{session.path}/websocket", [V1, f"key.{session.key}"]
    socket = await client.websocket(path, offered, headers=OFFERED)
    assert socket.response is not None
    assert "Sec-WebSocket-Extensions" not in socket.response.headers


async def test_nginx_as_shipped_compresses_nothing(way: Way, daemon: ScriptedDaemon) -> None:
    session = await way.open()
    (await daemon.accepted()).say(LONG)
    answer = await way.http.get(f"{session.path}/messages?wait=2", {**session.bearer, **ACCEPTED})
    assert answer.messages == [LONG]
    assert "Content-Encoding" not in answer.headers
