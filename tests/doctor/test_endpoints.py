"""What the doctor measures with is there for everybody, and bounded."""

import aiohttp
import pytest

from bridge.http.doctor import MAX_AT_A_TIME, MAX_ECHO_BYTES, PIECE_BYTES, PIECES
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.deadline import within_deadline

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


async def test_so_many_at_a_time_and_no_more(bridge: RunningBridge) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        url = f"{bridge.url}v1/doctor/"
        sockets = [await http.ws_connect(f"{url}websocket") for _ in range(MAX_AT_A_TIME)]
        async with http.get(f"{url}quiet?s=0") as answer:
            assert answer.status == 429
            assert answer.headers["Retry-After"] == "1"
        with pytest.raises(aiohttp.WSServerHandshakeError, match="429"):
            await http.ws_connect(f"{url}websocket")
        for socket in sockets:
            await socket.close()
        statuses = [(await http.get(f"{url}quiet?s=0.05")).status for _ in range(20)]
        assert statuses[-1] == 204


async def test_who_is_with_the_doctor_does_not_hold_up_the_end(start_bridge: StartBridge) -> None:
    bridge = start_bridge({"daemons": DAEMONS})
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{bridge.url}v1/doctor/websocket") as socket,
    ):
        bridge.terminate()
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert await bridge.exited() == 0
