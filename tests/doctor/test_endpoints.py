"""What the doctor measures with is there for everybody, and bounded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest

from bridge.http.doctor import MAX_AT_A_TIME, MAX_OF_ONE, PIECE_BYTES, PIECES
from bridge.http.echo_socket import MAX_ECHO_BYTES
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.deadline import within_deadline
from tests.support.narrow import narrow_client

DAEMONS = {"demo": {"embedded": "chat"}}


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge) -> RunningBridge:
    """One behind a token: the doctor is asked before anybody has one."""
    tokens = {"tokens": {"someone": "0123456789abcdef0123456789abcdef"}}
    return start_bridge({"base_path": "/b/", "auth": tokens, "daemons": DAEMONS})


async def test_what_is_sent_is_said_again(bridge: RunningBridge) -> None:
    body = bytes(range(256)) * (MAX_ECHO_BYTES // 256)
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{bridge.url}v1/doctor/echo", data=body) as answer,
    ):
        assert await answer.read() == body


@pytest.mark.parametrize("is_chunked", [False, True], ids=["announced", "chunked"])
async def test_more_than_may_be_said_again_is_refused(
    bridge: RunningBridge, is_chunked: bool
) -> None:
    body = bytes(MAX_ECHO_BYTES + 1)
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{bridge.url}v1/doctor/echo", data=body, chunked=is_chunked or None) as answer,
    ):
        assert answer.status == 413
        assert (await answer.json(content_type=None))["code"] == "body-too-big"


async def test_a_socket_says_a_message_in_pieces_again_as_one(bridge: RunningBridge) -> None:
    message = bytes(MAX_ECHO_BYTES)
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{bridge.url}v1/doctor/websocket") as socket,
    ):
        await socket.send_bytes(message)
        assert await socket.receive_bytes() == message


async def test_a_socket_that_is_sent_too_much_is_closed(bridge: RunningBridge) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{bridge.url}v1/doctor/websocket") as socket,
    ):
        await socket.send_bytes(bytes(4 * MAX_ECHO_BYTES))
        async with within_deadline("the close"):
            await socket.receive()
        assert socket.close_code == 1009


async def test_the_stream_has_all_its_pieces(bridge: RunningBridge) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{bridge.url}v1/doctor/stream") as answer,
    ):
        text = await answer.read()
    assert text.count(b"\ndata: ") + text.startswith(b"data: ") == PIECES
    assert len(text) == PIECES * PIECE_BYTES


async def test_a_body_that_does_not_come_is_waited_for_no_longer_than_others(
    start_bridge: StartBridge,
) -> None:
    bridge = start_bridge({"body_timeout_s": 0.1, "daemons": DAEMONS})

    async def dripping() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.get_running_loop().create_future()

    async with within_deadline("the refusal"), aiohttp.ClientSession() as http:
        answer = await http.post(f"{bridge.url}v1/doctor/echo", data=dripping())
    assert answer.status == 408


class Clients:
    """Examines from a loopback address of its own each time."""

    def __init__(self, url: str, stack: AsyncExitStack) -> None:
        self._url = url
        self._stack = stack
        self._n_clients = 1

    async def next(self) -> aiohttp.ClientSession:
        self._n_clients += 1
        connector = aiohttp.TCPConnector(limit=0, local_addr=(f"127.0.0.{self._n_clients}", 0))
        http = aiohttp.ClientSession(f"{self._url}v1/doctor/", connector=connector)
        return await self._stack.enter_async_context(http)


async def fill(http: aiohttp.ClientSession, places: int) -> list[aiohttp.ClientWebSocketResponse]:
    """Takes that many places."""
    return [await http.ws_connect("websocket") for _ in range(places)]


async def refused(http: aiohttp.ClientSession) -> None:
    async with http.get("quiet?s=0") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    with pytest.raises(aiohttp.WSServerHandshakeError, match="429"):
        await http.ws_connect("websocket")


async def admitted(http: aiohttp.ClientSession) -> None:
    """Returns once it is."""
    async with within_deadline("a free place"):
        while (await http.get("quiet?s=0")).status == 429:
            pass


async def test_a_stream_that_nobody_reads_is_given_up(start_bridge: StartBridge) -> None:
    bridge = start_bridge({"body_timeout_s": 2.5, "daemons": DAEMONS})
    async with narrow_client(bridge.url) as deaf, aiohttp.ClientSession() as http:
        await deaf.send(b"GET /v1/doctor/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        async with http.get(f"{bridge.url}v1/doctor/quiet?s=4") as silence:
            assert silence.status == 204
        assert len(await deaf.all_there_is()) < PIECES * PIECE_BYTES


async def test_one_client_has_so_many_places_and_others_have_theirs(bridge: RunningBridge) -> None:
    async with AsyncExitStack() as stack:
        clients = Clients(bridge.url, stack)
        first = await clients.next()
        sockets = await fill(first, MAX_OF_ONE)
        await refused(first)
        await admitted(await clients.next())
        await sockets[0].close()
        await admitted(first)


async def test_all_clients_together_have_so_many_places(bridge: RunningBridge) -> None:
    async with AsyncExitStack() as stack:
        clients = Clients(bridge.url, stack)
        sockets = []
        for _ in range(MAX_AT_A_TIME // MAX_OF_ONE):
            sockets += await fill(await clients.next(), MAX_OF_ONE)
        late = await clients.next()
        await refused(late)
        await sockets[0].close()
        await admitted(late)


async def test_who_is_with_the_doctor_does_not_hold_up_the_end(start_bridge: StartBridge) -> None:
    bridge = start_bridge({"daemons": DAEMONS})
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{bridge.url}v1/doctor/websocket") as socket,
    ):
        bridge.terminate()
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert await bridge.exited() == 0
