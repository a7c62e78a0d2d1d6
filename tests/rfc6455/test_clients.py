"""Clients that people use talk to the bridge as they come: Python's, Node's and a browser."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from yarl import URL

from tests.rfc6455.clients import by_aiohttp, by_chromium, by_websockets, by_ws
from tests.rfc6455.clients.talker import Connect, ConnectPinging, Message, Talker
from tests.rfc6455.form import PLAIN_BYTES, PLAIN_TEXT, V1_BYTES, V1_TEXT, Form
from tests.rfc6455.frame import PONG, TEXT
from tests.rfc6455.relay import relayed
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline
from tests.support.sockets import V1

pytestmark = pytest.mark.asyncio(loop_scope="module")

PINGING: dict[str, ConnectPinging] = {
    "websockets": by_websockets.connected,
    "aiohttp": by_aiohttp.pinging,
    "ws": by_ws.connected,
}
CLIENTS = [*PINGING, "chromium"]

HEARTBEAT_S = 1.0

MIB = 1 << 20
TEXTS = {
    **{f"{size} bytes": "x" * size for size in (0, 1, 125, 126, 65_535, 65_536, MIB)},
    "letters of two to four bytes": "žluťoučký kůň, κόσμε, 世界, 😀",
    "64 KiB of them": "ž€😀" * 7300,
    "U+FEFF at the beginning": "\ufeffmark",
}

each_client = pytest.mark.parametrize("name", CLIENTS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def connects() -> AsyncIterator[dict[str, Connect]]:
    """How each client opens a WebSocket."""
    async with by_chromium.launched() as browser:
        yield {
            "websockets": by_websockets.connected,
            "aiohttp": by_aiohttp.connected,
            "ws": by_ws.connected,
            "chromium": by_chromium.connects(browser),
        }


@pytest_asyncio.fixture(loop_scope="module")
async def daemon(daemon_socket: socket.socket) -> AsyncIterator[ScriptedDaemon]:
    """The daemon of one test, in the loop of the module."""
    async with ScriptedDaemon(daemon_socket) as scripted:
        yield scripted


def address(bridge: RunningBridge, path: str) -> URL:
    """Of something below the bridge's base path."""
    return URL(f"{bridge.url}{path}")


def message_in(form: Form, text: str) -> Message:
    """The frame that brings this to the form's daemon."""
    framed = text + "\0" if form.is_v1 else text
    return framed if form.opcode == TEXT else framed.encode()


async def next_message(talker: Talker, form: Form) -> Message:
    """The next frame that is no control frame of `xmlsocket.v1`."""
    async with within_deadline("a message"):
        message = await talker.receive()
        while form.is_v1 and isinstance(message, str) and "\0" not in message:
            message = await talker.receive()
    return message


@pytest.mark.parametrize(
    "form", [PLAIN_TEXT, PLAIN_BYTES, V1_TEXT, V1_BYTES], ids=lambda form: form.name
)
@each_client
async def test_messages_of_many_sizes_and_letters_come_back(
    connects: dict[str, Connect],
    bridge: RunningBridge,
    daemon: ScriptedDaemon,
    name: str,
    form: Form,
) -> None:
    daemon.echo()
    async with connects[name](address(bridge, form.path), form.subprotocols) as talker:
        for number, (what, text) in enumerate(TEXTS.items(), 1):
            sent = message_in(form, text)
            await talker.send(sent)
            assert await next_message(talker, form) == sent, what
            if form.is_v1:
                await talker.send(json.dumps({"ack": number}))


@pytest.mark.parametrize("code", [1000, 3000, 4999])
@pytest.mark.parametrize("form", [PLAIN_TEXT, V1_TEXT], ids=lambda form: form.name)
@each_client
async def test_a_client_that_closes_is_answered_with_its_own_code(
    connects: dict[str, Connect],
    bridge: RunningBridge,
    daemon: ScriptedDaemon,
    name: str,
    form: Form,
    code: int,
) -> None:
    async with connects[name](address(bridge, form.path), form.subprotocols) as talker:
        await talker.send(message_in(form, "last"))
        await talker.close(code, "tschüß")
        async with within_deadline("the end"):
            assert (await talker.closed()).code == code
    await (await daemon.accepted()).received_messages(b"last")


async def daemon_ends(talker: Talker, daemon: ScriptedDaemon) -> None:
    (await daemon.accepted()).close()


async def binary_for_text(talker: Talker, daemon: ScriptedDaemon) -> None:
    await talker.send(b"binary\0")


async def zero_byte_within(talker: Talker, daemon: ScriptedDaemon) -> None:
    await talker.send("a\0b")


async def too_big(talker: Talker, daemon: ScriptedDaemon) -> None:
    await talker.send("x" * (MIB + 1))


async def no_object(talker: Talker, daemon: ScriptedDaemon) -> None:
    await talker.send("no JSON")


@pytest.mark.parametrize(
    ("form", "cause", "code"),
    [
        (PLAIN_TEXT, daemon_ends, 1000),
        (PLAIN_TEXT, binary_for_text, 1003),
        (PLAIN_TEXT, zero_byte_within, 1008),
        (PLAIN_TEXT, too_big, 1009),
        (V1_TEXT, daemon_ends, 1000),
        (V1_TEXT, no_object, 1002),
        (V1_TEXT, binary_for_text, 1003),
    ],
    ids=lambda value: getattr(value, "name", None) or getattr(value, "__name__", None),
)
@each_client
async def test_a_client_hears_with_which_code_the_bridge_closes(
    connects: dict[str, Connect],
    bridge: RunningBridge,
    daemon: ScriptedDaemon,
    name: str,
    form: Form,
    cause: Callable[[Talker, ScriptedDaemon], Awaitable[None]],
    code: int,
) -> None:
    async with connects[name](address(bridge, form.path), form.subprotocols) as talker:
        await cause(talker, daemon)
        async with within_deadline("the end"):
            assert (await talker.closed()).code == code


@each_client
async def test_a_client_whose_session_is_attached_to_hears_4409(
    connects: dict[str, Connect], bridge: RunningBridge, daemon: ScriptedDaemon, name: str
) -> None:
    async with connects[name](address(bridge, V1_TEXT.path), (V1,)) as talker:
        opened = json.loads(await talker.receive())["open"]
        path, offered = f"v1/sessions/{opened['id']}/websocket", (V1, f"key.{opened['key']}")
        async with connects[name](address(bridge, path), offered), within_deadline("the end"):
            assert (await talker.closed()).code == 4409


@pytest.mark.parametrize("payload", [b"", b"are you there?", b"\xff" * 125])
@pytest.mark.parametrize("form", [PLAIN_TEXT, V1_TEXT], ids=lambda form: form.name)
@pytest.mark.parametrize("name", PINGING)
async def test_the_ping_of_a_client_is_answered(
    bridge: RunningBridge, daemon: ScriptedDaemon, name: str, form: Form, payload: bytes
) -> None:
    url = address(bridge, form.path)
    async with PINGING[name](url, form.subprotocols) as talker, within_deadline("the Pong"):
        if form.is_v1:
            await talker.receive()  # the open frame
        assert await talker.ping(payload) == payload


@pytest.fixture(scope="module")
def pinging_bridge(start_bridge: StartBridge, daemon_socket: socket.socket) -> RunningBridge:
    """One that often asks its clients for a sign of life."""
    daemons = {"chat": {"address": f"127.0.0.1:{daemon_socket.getsockname()[1]}"}}
    return start_bridge({"heartbeat_s": HEARTBEAT_S, "daemons": daemons})


@each_client
async def test_a_client_answers_the_pings_of_the_bridge(
    connects: dict[str, Connect], pinging_bridge: RunningBridge, daemon: ScriptedDaemon, name: str
) -> None:
    async with relayed(URL(pinging_bridge.url)) as relay:
        url = relay.url.join(URL(PLAIN_TEXT.path))
        async with connects[name](url, ()) as talker:
            reading = asyncio.ensure_future(talker.receive())
            await relay.passed(PONG)
            reading.cancel()
