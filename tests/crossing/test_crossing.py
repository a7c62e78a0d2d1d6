"""10,000 messages each way by every transport, through nginx, byte for byte and in order."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from itertools import cycle
from pathlib import Path
from typing import Literal

import pytest
from websockets.asyncio.client import ClientConnection

from bridge.client import Options, Transport, XmlSocket
from bridge.client.route import TRANSPORTS
from tests.crossing.crossing import LEGS, Crossing, Goal
from tests.crossing.traffic import bytes_messages, pieces, text_messages
from tests.support.bridge import StartBridge
from tests.support.clients import Client
from tests.support.daemon import ScriptedDaemon, framed
from tests.support.deadline import within_deadline
from tests.support.nginx import RunningNginx
from tests.support.sockets import open_plain, open_raw

COUNT = 10_000
CHANGES = 8  # of transport, on the way, each time to another one for a few messages and back
ASIDE = 50

MESSAGES = {"text": text_messages, "blob": bytes_messages}


@pytest.fixture(scope="module")
def nginx(
    daemon_socket: socket.socket,
    start_bridge: StartBridge,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningNginx]:
    """In front of a bridge with the default limits, and daemons of text and of bytes."""
    path = tmp_path_factory.mktemp("s") / "bridge"
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    daemons = {
        "text": {"address": address, "messages": "text"},
        "blob": {"address": address, "messages": "bytes"},
    }
    start_bridge({"listen": f"unix:{path}", "daemons": daemons})
    with RunningNginx(Path(tmp_path_factory.mktemp("nginx")), path) as nginx:
        yield nginx


@pytest.fixture
async def client(nginx: RunningNginx) -> AsyncIterator[Client]:
    async with Client(f"http://127.0.0.1:{nginx.plain_port}/") as client:
        yield client


def legs(home: str, others: list[str]) -> Iterator[tuple[str, Goal]]:
    """`COUNT` messages by the home transport, with `CHANGES` to others and back."""
    aside = cycle(others)
    total = 0
    for _ in range(CHANGES):
        total += COUNT // CHANGES
        yield home, Goal(total, total)
        total += ASIDE
        yield next(aside), Goal(total, total)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("daemon_name", "home"),
    [
        *[("text", home) for home in LEGS],
        *[("blob", home) for home in LEGS if home != "event-stream"],  # which is text
    ],
)
async def test_messages_cross_while_the_transport_is_changed(
    client: Client, daemon: ScriptedDaemon, daemon_name: str, home: str
) -> None:
    """One session, one daemon connection, every message once, in order and unchanged."""
    total = COUNT + CHANGES * ASIDE
    up, down = MESSAGES[daemon_name](1, total), MESSAGES[daemon_name](2, total)
    others = [
        name for name in LEGS if name != home and (daemon_name == "text" or name != "event-stream")
    ]
    crossing = Crossing(await client.open(daemon_name), up, is_text=daemon_name == "text")
    connection = await daemon.accepted()
    sending = asyncio.ensure_future(connection.send(pieces(3, framed(down))))
    for transport, goal in legs(home, others):
        await LEGS[transport](crossing, goal)
    await sending
    await connection.received(len(framed(up)))
    assert bytes(connection.data) == framed(up)
    assert crossing.received == down
    assert daemon.connections == [connection]


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("messages", "transport"),
    [
        *[("text", transport) for transport in TRANSPORTS],
        *[("bytes", transport) for transport in TRANSPORTS if transport != "event-stream"],
    ],
)
async def test_messages_cross_by_the_asyncio_client(
    nginx: RunningNginx,
    daemon: ScriptedDaemon,
    messages: Literal["text", "bytes"],
    transport: Transport,
) -> None:
    """As a program uses it, with one task for each direction."""
    name = "text" if messages == "text" else "blob"
    up, down = MESSAGES[name](11, COUNT), MESSAGES[name](12, COUNT)
    options = Options(messages=messages, transports=[transport])
    url = f"http://127.0.0.1:{nginx.plain_port}/"
    async with XmlSocket.connect(url, name, options) as socket, asyncio.TaskGroup() as group:
        connection = await daemon.accepted()
        group.create_task(connection.send(pieces(13, framed(down))))
        group.create_task(send_all(socket, up))
        for expected in down:
            received = await socket.receive()
            assert received == (expected.decode() if messages == "text" else expected)
        assert await connection.received(len(framed(up))) == framed(up)


async def send_all(socket: XmlSocket, messages: list[bytes]) -> None:
    for message in messages:
        await socket.send(message)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("daemon_name", ["text", "blob"])
async def test_messages_cross_a_plain_websocket(
    client: Client, daemon: ScriptedDaemon, daemon_name: str
) -> None:
    """One frame for each message, both ways."""
    up, down = MESSAGES[daemon_name](4, COUNT), MESSAGES[daemon_name](5, COUNT)
    websocket = await open_plain(client, daemon_name)
    connection = await daemon.accepted()
    received: list[bytes] = []

    async def write() -> None:
        for message in up:
            await websocket.send(message, text=daemon_name == "text")

    async def read() -> None:
        while len(received) < len(down):
            frame = await websocket.recv()
            assert isinstance(frame, str) is (daemon_name == "text")
            received.append(frame.encode() if isinstance(frame, str) else frame)

    async with asyncio.TaskGroup() as group:
        group.create_task(connection.send(pieces(6, framed(down))))
        group.create_task(write())
        group.create_task(read())
    assert await connection.received(len(framed(up))) == framed(up)
    assert received == down


@pytest.mark.timeout(180)
@pytest.mark.parametrize("daemon_name", ["text", "blob"])
async def test_a_byte_stream_crosses_a_raw_websocket(
    client: Client, daemon: ScriptedDaemon, daemon_name: str
) -> None:
    """Cut anywhere, both ways, and the same when joined."""
    up = framed(MESSAGES[daemon_name](7, COUNT))
    down = framed(MESSAGES[daemon_name](8, COUNT))
    websocket = await open_raw(client, daemon_name)
    connection = await daemon.accepted()
    async with asyncio.TaskGroup() as group:
        group.create_task(connection.send(pieces(9, down)))
        group.create_task(write_pieces(websocket, up))
        reading = group.create_task(read_stream(websocket, len(down)))
    assert await connection.received(len(up)) == up
    assert reading.result() == down


async def write_pieces(websocket: ClientConnection, stream: bytes) -> None:
    for piece in pieces(10, stream):
        await websocket.send(piece)


async def read_stream(websocket: ClientConnection, size: int) -> bytes:
    """The first `size` bytes of the frames' contents."""
    stream = bytearray()
    async with within_deadline("a byte stream"):
        while len(stream) < size:
            frame = await websocket.recv()
            assert isinstance(frame, bytes)
            stream += frame
    return bytes(stream)
