"""Raw: the TCP byte stream in binary frames."""

import asyncio
import random

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.configured import MakeConfig
from tests.support.daemon import DaemonConnection, ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.support.sockets import open_raw, received_until_close

MAX_MESSAGE_BYTES = 2000


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    return start_bridge(config(max_message_bytes=MAX_MESSAGE_BYTES))


async def read_bytes(socket: ClientConnection, count: int) -> bytes:
    """At least `count` bytes, in however many binary frames they come."""
    received = bytearray()
    async with within_deadline(f"{count} bytes"):
        while len(received) < count:
            frame = await socket.recv()
            assert isinstance(frame, bytes)
            received += frame
    return bytes(received)


async def bytes_until_close(socket: ClientConnection) -> tuple[bytes, int]:
    frames, code = await received_until_close(socket)
    assert all(isinstance(frame, bytes) for frame in frames)
    return b"".join(frame for frame in frames if isinstance(frame, bytes)), code


@pytest.mark.parametrize("offered", [[], ["binary"]])
async def test_bytes_go_up_as_they_are_zero_bytes_included(
    client: Client, daemon: ScriptedDaemon, offered: list[str]
) -> None:
    socket = await client.websocket("v1/daemons/blob/raw", offered)
    for frame in (b"<a", b"/>", b"\0", b"", b"\0\0<b/>\0<c", b"\xff\xfe"):
        await socket.send(frame)
    connection = await daemon.accepted()
    assert await connection.received(16) == b"<a/>\0\0\0<b/>\0<c\xff\xfe"


async def test_bytes_go_up_before_any_zero_byte(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_raw(client)
    await socket.send(b"<half")
    assert await (await daemon.accepted()).received(5) == b"<half"


async def test_bytes_come_down_as_they_are_zero_bytes_included(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_raw(client)
    (await daemon.accepted()).write(b"<a/>\0\0\xff\xfe<b")
    assert await read_bytes(socket, 10) == b"<a/>\0\0\xff\xfe<b"


async def test_bytes_come_down_before_their_zero_byte(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_raw(client)
    connection = await daemon.accepted()
    connection.write(b"<half")
    assert await read_bytes(socket, 5) == b"<half"
    connection.write(b"/>\0")
    assert await read_bytes(socket, 3) == b"/>\0"


async def test_a_long_stream_is_the_same_at_the_other_end_whatever_its_frames(
    client: Client, daemon: ScriptedDaemon
) -> None:
    chance = random.Random(9339)
    up, down = chance.randbytes(1_000_000), chance.randbytes(1_000_000)
    socket = await open_raw(client)
    connection = await daemon.accepted()

    async def send_up() -> None:
        sent = 0
        while sent < len(up):
            size = chance.choice([1, 2, 125, 126, 127, 4000, 65_535, 65_536, 100_000])
            await socket.send(up[sent : sent + size])
            sent += size

    received, _, _ = await asyncio.gather(
        read_bytes(socket, len(down)),
        send_up(),
        connection.send(down[i : i + 30_000] for i in range(0, len(down), 30_000)),
    )
    assert received == down
    assert await connection.received(len(up)) == up


async def test_a_message_of_any_size_passes_to_a_bytes_daemon(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_raw(client)
    stream = b"x" * (MAX_MESSAGE_BYTES * 5) + b"\0"
    await socket.send(stream)
    connection = await daemon.accepted()
    assert await connection.received(len(stream)) == stream


@pytest.mark.parametrize("tail", [b"<bye/>\0", b"<bye/>", b"\0", b"<bye/>\0<unfinished"])
async def test_the_daemons_last_bytes_terminated_or_not_precede_the_close_frame(
    client: Client, daemon: ScriptedDaemon, tail: bytes
) -> None:
    def farewell(connection: DaemonConnection) -> None:
        connection.write(tail)
        connection.close()

    daemon.on_connect = farewell
    assert (await bytes_until_close(await open_raw(client)))[0] == tail


@pytest.mark.parametrize("daemon_name", ["chat", "strict"])
async def test_the_last_bytes_of_a_text_daemon_go_out_unterminated_too(
    client: Client, daemon: ScriptedDaemon, daemon_name: str
) -> None:
    socket = await open_raw(client, daemon_name)
    connection = await daemon.accepted()
    connection.write(b"<a/>\0<unfinished")
    connection.half_close()
    assert (await bytes_until_close(socket))[0] == b"<a/>\0<unfinished"


async def test_a_raw_socket_that_closes_closes_the_daemons_connection(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_raw(client)
    await socket.send(b"<bye/>\0<unfinished")
    await socket.close()
    assert await (await daemon.accepted()).ended() == b"<bye/>\0<unfinished"


async def test_a_raw_socket_that_vanishes_closes_the_daemons_connection(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_raw(client)
    connection = await daemon.accepted()
    socket.transport.abort()
    assert await connection.ended() == b""


@pytest.mark.parametrize("daemon_name", ["chat", "strict"])
async def test_messages_of_a_text_daemon_pass_however_they_are_cut(
    client: Client, daemon: ScriptedDaemon, daemon_name: str
) -> None:
    socket = await open_raw(client, daemon_name)
    stream = "<žluť/>\0\0<b/>\0".encode()
    for index in range(len(stream)):
        await socket.send(stream[index : index + 1])
    assert await (await daemon.accepted()).received(len(stream)) == stream


@pytest.mark.parametrize(("daemon_name", "bad"), [("strict", b"<b>\0"), ("chat", b"\xff\0")])
async def test_a_refused_message_closes_with_1008_after_those_before_it(
    client: Client, daemon: ScriptedDaemon, daemon_name: str, bad: bytes
) -> None:
    socket = await open_raw(client, daemon_name)
    await socket.send(b"<a/>\0" + bad)
    assert (await bytes_until_close(socket))[1] == 1008
    assert await (await daemon.accepted()).ended() == b"<a/>\0"


async def test_a_message_too_big_for_a_text_daemon_closes_with_1009(
    client: Client, daemon: ScriptedDaemon
) -> None:
    socket = await open_raw(client, "chat")
    await socket.send(b"<a/>\0")
    try:
        for _ in range(10):
            await socket.send(b"x" * MAX_MESSAGE_BYTES)
    except ConnectionClosed:
        pass
    assert (await bytes_until_close(socket))[1] == 1009
    assert await (await daemon.accepted()).ended() == b"<a/>\0"
