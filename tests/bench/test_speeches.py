"""Every kind of client speaks as its protocol asks, to the bridge and to others that look at it."""

import asyncio
import json
import subprocess
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from tests.bench.dribble import dribbling
from tests.bench.engine_io import echo_server
from tests.bench.load import Load
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.deadline import within_deadline

KINDS = ("plain", "v1", "raw", "long-poll", "long-poll-combined", "event-stream")
V1 = Subprotocol("xmlsocket.v1")
ACK_BYTES = 1 << 16


class EchoDaemon:
    """The daemon of the load, behind the bridge."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.port = int(self._line())

    async def push(self, size: int) -> None:
        """Sends a message to every connection."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"push {size}\n")
        self._process.stdin.flush()
        assert (await asyncio.to_thread(self._line)).startswith("pushed")

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@pytest.fixture(scope="module")
def daemon(load: Load) -> Iterator[EchoDaemon]:
    with subprocess.Popen([load.built / "daemon"], stdin=PIPE, stdout=PIPE, text=True) as process:
        yield EchoDaemon(process)


@pytest.fixture(scope="module")
def bridge(daemon: EchoDaemon, start_bridge: StartBridge) -> RunningBridge:
    address = f"127.0.0.1:{daemon.port}"
    return start_bridge({"daemons": {"bench": {"address": address, "messages": "text"}}})


@pytest.fixture
def port(bridge: RunningBridge) -> int:
    found = urlsplit(bridge.url).port
    assert found is not None
    return found


@asynccontextmanager
async def websocket_server(
    handler: Callable[[ServerConnection], Awaitable[None]], *subprotocols: Subprotocol
) -> AsyncIterator[int]:
    """A WebSocket server that does this on each connection; its port."""
    offered = subprotocols or None
    async with serve(handler, "127.0.0.1", 0, subprotocols=offered, compression=None) as server:
        yield server.sockets[0].getsockname()[1]


# -- through the bridge


@pytest.mark.parametrize("kind", KINDS)
async def test_all_comes_back_through_the_bridge(load: Load, port: int, kind: str) -> None:
    report = await load.report(port, kind, "--clients", 3, "--batch", 5)
    assert report["first_error"] is None
    assert report["messages"] > 0


@pytest.mark.parametrize("kind", KINDS)
async def test_batches_come_back_that_are_longer_than_any_window(
    load: Load, port: int, kind: str
) -> None:
    report = await load.report(port, kind, "--batch", 100, "--size", 16384)
    assert report["first_error"] is None
    assert report["messages"] > 0


@pytest.mark.parametrize("kind", KINDS)
async def test_sessions_of_the_bridge_are_opened_and_closed_one_after_another(
    load: Load, bridge: RunningBridge, port: int, kind: str
) -> None:
    closed = "code=client-closed"
    before = len(bridge.lines_with(closed))
    async with load.client(port, kind, "--opens", 0.3, "--clients", 2) as client:
        report = await client.report()
    assert report["first_error"] is None
    assert report["opens"] > 0
    await bridge.logged(closed, times=before + report["opens"])


@pytest.mark.parametrize("kind", KINDS)
async def test_who_only_listens_hears_what_the_daemon_pushes(
    load: Load, daemon: EchoDaemon, port: int, kind: str
) -> None:
    async with load.client(port, kind, "--clients", 3, "--listen-only") as client:
        await client.words()
        for number in ("1", "2"):
            await daemon.push(100)
            assert (await client.words())[:2] == ["all", number]
        client.say_no_more()
        assert (await client.report())["first_error"] is None


@pytest.mark.parametrize("kind", KINDS)
async def test_what_the_bridge_says_may_come_byte_by_byte(load: Load, port: int, kind: str) -> None:
    async with dribbling(port) as dribbled_port:
        report = await load.report(dribbled_port, kind, "--clients", 2, "--size", 40)
    assert report["first_error"] is None
    assert report["messages"] > 0


async def test_pieces_of_the_stream_may_be_cut_anywhere(load: Load, port: int) -> None:
    report = await load.report(port, "plain-binary", "--path", "/v1/daemons/bench/raw")
    assert report["first_error"] is None
    assert report["messages"] > 0


@pytest.mark.parametrize("kind", KINDS)
async def test_a_session_that_is_refused_is_an_error(load: Load, port: int, kind: str) -> None:
    path = (
        "/v1/daemons/unknown" + "/websocket" * (kind in {"plain", "v1"}) + "/raw" * (kind == "raw")
    )
    report = await load.report(port, kind, "--path", path)
    assert report["errors"] == 1
    assert "404" in report["first_error"]
    assert "unknown-daemon" in report["first_error"]


# -- WebSocket


async def test_a_plain_client_takes_fragments_and_answers_pings(load: Load) -> None:
    origins = []

    async def handler(socket: ServerConnection) -> None:
        assert socket.request is not None
        origins.append(socket.request.headers["Origin"])
        async for message in socket:
            assert isinstance(message, str)
            await (await socket.ping())
            await socket.send([message[:1], "", message[1:30], message[30:]])

    async with websocket_server(handler) as port:
        report = await load.report(port, "plain", "--origin", "https://play.example.com")
    assert report["first_error"] is None
    assert report["messages"] > 0
    assert origins == ["https://play.example.com"]


async def test_a_client_that_is_idle_answers_pings(load: Load) -> None:
    answered = asyncio.Event()

    async def handler(socket: ServerConnection) -> None:
        await (await socket.ping())
        answered.set()
        await socket.wait_closed()

    async with websocket_server(handler) as port, load.client(port, "plain", "--hold") as client:
        async with within_deadline("the pong"):
            await answered.wait()
        client.say_no_more()
        report = await client.report()
    assert report["first_error"] is None


async def test_a_plain_client_notices_a_zero_byte_too_many(load: Load) -> None:
    async def handler(socket: ServerConnection) -> None:
        async for message in socket:
            assert isinstance(message, str)
            await socket.send(message + "\0")

    async with websocket_server(handler) as port:
        report = await load.report(port, "plain")
    assert report["errors"] == 1


async def test_a_close_frame_is_an_error_that_is_told_with_its_reason(load: Load) -> None:
    async def handler(socket: ServerConnection) -> None:
        await socket.close(1008, "out of luck")

    async with websocket_server(handler) as port:
        report = await load.report(port, "plain")
    assert report["errors"] == 1
    assert "1008 out of luck" in report["first_error"]


# -- xmlsocket.v1


class V1Echo:
    """Accepts at once, sends each data frame back as it came, and keeps account of the client.

    `most_offered` is how many bytes were not accepted when a frame had come, `most_unacked` how
    many it had not acknowledged when it sent the next one, both at most.
    """

    def __init__(self, max_unacked_bytes: int) -> None:
        self.most_offered = 0
        self.most_unacked = 0
        self._max_unacked_bytes = max_unacked_bytes
        self._sizes: list[int] = []
        self._acked = 0

    async def serve(self, socket: ServerConnection) -> None:
        opening = {"open": {"max_unacked_bytes": self._max_unacked_bytes}, "ack": 0, "first": 1}
        await socket.send(json.dumps(opening))
        async for frame in socket:
            assert isinstance(frame, str)
            if "\0" in frame:
                await self._echo(socket, frame)
                continue
            control = json.loads(frame)
            self._acked = control.get("ack", self._acked)
            if "close" in control:
                return

    async def _echo(self, socket: ServerConnection, frame: str) -> None:
        self.most_offered = max(self.most_offered, len(frame))
        self.most_unacked = max(self.most_unacked, sum(self._sizes[self._acked :]))
        self._sizes += [len(message) + 1 for message in frame[:-1].split("\0")]
        await socket.send(frame)
        await socket.send(json.dumps({"ack": len(self._sizes)}))


async def test_a_v1_client_offers_no_more_than_its_window(load: Load) -> None:
    server = V1Echo(max_unacked_bytes=1000)
    async with websocket_server(server.serve, V1) as port:
        report = await load.report(port, "v1", "--batch", 100)
    assert report["first_error"] is None
    assert report["messages"] > 0
    assert server.most_offered == 9 * 101


async def test_a_v1_client_offers_one_message_that_is_longer_than_its_window(load: Load) -> None:
    server = V1Echo(max_unacked_bytes=1000)
    async with websocket_server(server.serve, V1) as port:
        report = await load.report(port, "v1", "--batch", 3, "--size", 5000)
    assert report["first_error"] is None
    assert report["messages"] > 0
    assert server.most_offered == 5001


async def test_a_v1_client_acknowledges_after_64_kib(load: Load) -> None:
    server = V1Echo(max_unacked_bytes=1 << 20)
    async with websocket_server(server.serve, V1) as port:
        report = await load.report(port, "v1", "--batch", 10, "--size", 10_000)
    assert report["first_error"] is None
    assert report["messages"] > 20
    assert 0 < server.most_unacked < ACK_BYTES


# -- Engine.IO


async def test_an_engine_io_client_keeps_to_the_longest_payload_and_answers_pings(
    load: Load,
) -> None:
    async with echo_server(max_payload=1000) as (server, port):
        report = await load.report(port, "engine.io", "--clients", 2, "--batch", 20)
    assert report["first_error"] is None
    assert report["messages"] > 0
    assert server.longest_body == 9 * 102 - 1
    assert server.pongs == 2


async def test_an_engine_io_client_closes_its_session(load: Load) -> None:
    async with (
        echo_server(max_payload=1000) as (server, port),
        load.client(port, "engine.io", "--opens", 0.2, "--clients", 2) as client,
    ):
        report = await client.report()
    assert report["first_error"] is None
    assert 0 < report["opens"] <= server.closes
