"""`window.WebSocket` on a page with the bridge's script: what it gives out, and to whom."""

import asyncio
import socket
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.ruffle.movie import script
from tests.ruffle.site import Site
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.daemon import ScriptedDaemon

pytestmark = pytest.mark.asyncio(loop_scope="module")

# A socket's whole life: what was sent when it was open, and all that it told.
LIFE: Final = """([url, sent]) => new Promise((done) => {
    const socket = new WebSocket(url), told = [];
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
        told.push("open");
        for (const bytes of sent) socket.send(new Uint8Array(bytes));
    };
    socket.onmessage = ({ data }) => told.push([...new Uint8Array(data)]);
    socket.onerror = () => told.push("error");
    socket.onclose = ({ code, wasClean }) => done([...told, ["close", code, wasClean]]);
})"""
BYTES: Final = 4096


@pytest.fixture(scope="module")
def bridge(
    start_bridge: StartBridge, daemon_socket: socket.socket, dead_port: int, site: Site
) -> RunningBridge:
    """`xml` and `bytes` lead to the scripted daemon, `down` to nobody."""
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    daemons: dict[str, dict[str, object]] = {
        "xml": {"address": address, "max_message_bytes": BYTES},
        "bytes": {"address": address, "messages": "bytes"},
        "down": {"address": f"127.0.0.1:{dead_port}"},
    }
    for name, daemon in daemons.items():
        daemon["aliases"] = [f"{name}.example.com:9339"]
        daemon["origins"] = [site.url.rstrip("/")]
    return start_bridge({"daemons": daemons})


@pytest.fixture(scope="module")
def sockets(bridge: RunningBridge) -> str:
    """Where the bridge's WebSockets are."""
    return bridge.url.replace("http", "ws", 1) + "v1/daemons/"


@pytest_asyncio.fixture(loop_scope="module")
async def resumable(site: Site, bridge: RunningBridge, page: Page) -> Page:
    """A page with the script, and without Ruffle."""
    return await loaded(page, site, bridge, "")


@pytest_asyncio.fixture(loop_scope="module", params=["", 'data-transport="raw"'])
async def either(
    request: pytest.FixtureRequest, site: Site, bridge: RunningBridge, page: Page
) -> Page:
    """The same, and one whose sockets are the browser's own: what both tell is the same."""
    return await loaded(page, site, bridge, request.param)


async def loaded(page: Page, site: Site, bridge: RunningBridge, attributes: str) -> Page:
    tag = script(bridge.url + "ruffle.js", attributes)
    site.pages["plain"] = f"<!doctype html><title>Plain</title>{tag}"
    await page.goto(site.url + "plain")
    return page


async def life(page: Page, url: str, *sent: bytes) -> list[Any]:
    """What a socket told: `open`, bytes, `error`, and how it was closed."""
    told: list[Any] = await page.evaluate(LIFE, [url, [list(each) for each in sent]])
    return told


async def test_other_addresses_and_subclasses_get_the_browsers_own_class(
    resumable: Page, sockets: str
) -> None:
    """So do calls that offer subprotocols, which Ruffle does not."""
    tried = """(sockets) => {
        const Own = Object.getPrototypeOf(WebSocket.prototype).constructor === EventTarget;
        class Mine extends WebSocket { get isMine() { return true; } }
        const url = sockets + "xml/raw";
        const native = (socket) => Object.hasOwn(socket, "readyState") === false;
        const made = [
            new WebSocket(sockets + "xml/websocket"), new WebSocket(url + "?ticket=none"),
            new WebSocket(url, ["binary"]), new Mine(url),
        ];
        return [Own, made.map(native), made.every((each) => each instanceof WebSocket),
            made[3].isMine, WebSocket.name, WebSocket.CLOSING];
    }"""
    own, native, instances, is_mine, name, closing = await resumable.evaluate(tried, sockets)
    assert (own, native, instances, is_mine) == (True, [True] * 4, True, True)
    assert (name, closing) == ("WebSocket", 2)


async def test_what_no_websocket_takes_is_refused_as_ever(resumable: Page) -> None:
    for wrong, error in {
        "new WebSocket('//')": "SyntaxError",
        "WebSocket('ws://a')": "TypeError",
    }.items():
        tried = f"() => {{ try {{ {wrong} }} catch (error) {{ return error.name }} }}"
        assert await resumable.evaluate(tried) == error


async def test_a_movies_socket_looks_like_any_other(
    resumable: Page, sockets: str, daemon: ScriptedDaemon
) -> None:
    daemon.on_connect = lambda connection: connection.say(b"<welcome/>")
    tried = """async (url) => {
        const socket = new WebSocket(url), events = [];
        const next = (type) => new Promise((done) => socket.addEventListener(type, done));
        const before = [socket.readyState, socket.protocol, socket.extensions, socket.url === url];
        let early;
        try { socket.send("a") } catch (error) { early = error.name }
        await next("open");
        const { data, origin } = await next("message");
        socket.close(3000, "enough");
        const { code, reason } = await next("close");
        const after = [socket.readyState === socket.CLOSED, socket instanceof WebSocket];
        return [before, early, data instanceof Blob, origin, code, reason, after];
    }"""
    before, early, is_blob, origin, code, reason, after = await resumable.evaluate(
        tried, sockets + "xml/raw"
    )
    assert before == [0, "", "", True]
    assert (early, is_blob) == ("InvalidStateError", True)
    assert origin == sockets.removesuffix("/v1/daemons/")
    assert (code, reason, after) == (3000, "enough", [True, True])


@pytest.mark.parametrize(
    ("message", "code"),
    [(b"<a>", 1008), (b"<a>\xff</a>", 1008), (b"<a>" + b"a" * BYTES + b"</a>", 1009)],
    ids=["not well-formed", "not UTF-8", "too big"],
)
async def test_a_message_that_is_refused_closes_the_socket(
    either: Page,
    sockets: str,
    daemon: ScriptedDaemon,
    message: bytes,
    code: int,
) -> None:
    """The daemon has what was sent before."""
    told = await life(either, sockets + "xml/raw", b"<ok/>\0", message + b"\0")
    assert told == ["open", ["close", code, True]]
    assert await (await daemon.accepted()).ended() == b"<ok/>\0"


async def test_a_stream_arrives_whole_and_so_does_its_end(
    either: Page,
    sockets: str,
    daemon: ScriptedDaemon,
) -> None:
    """With a byte order mark, empty messages, a message in pieces, and the longest one."""
    longest = b"<c>" + b"c" * (BYTES - 7) + b"</c>\0"
    sent = [b"\xef\xbb\xbf<a/>\0", b"\0\0", b"<b", b"/>\0" + longest]
    living = asyncio.create_task(life(either, sockets + "xml/raw", *sent))
    connection = await daemon.accepted()
    assert await connection.received(len(b"".join(sent))) == b"".join(sent)
    connection.write(b"".join(sent))
    connection.close()
    opened, *received, closed = await living
    assert (opened, closed) == ("open", ["close", 1000, True])
    assert b"".join(map(bytes, received)) == b"".join(sent)


async def test_a_daemon_that_is_down_is_an_error(either: Page, sockets: str) -> None:
    assert await life(either, sockets + "down/raw") == ["error", ["close", 1006, False]]


async def test_a_daemon_of_bytes_has_its_stream_as_it_is(
    resumable: Page, sockets: str, daemon: ScriptedDaemon
) -> None:
    """A `Socket` need not end anything by a zero byte."""
    living = asyncio.create_task(life(resumable, sockets + "bytes/raw", b"no end"))
    connection = await daemon.accepted()
    assert await connection.received(6) == b"no end"
    connection.write(b"nor here")
    connection.close()
    assert await living == ["open", list(b"nor here"), ["close", 1000, True]]


async def test_bytes_count_as_buffered_until_the_bridge_has_them(
    resumable: Page, sockets: str, daemon: ScriptedDaemon
) -> None:
    tried = """async (url) => {
        const socket = window.socket = new WebSocket(url);
        await new Promise((done) => socket.onopen = done);
        socket.send("<a/>\\0");
        return socket.bufferedAmount;
    }"""
    assert await resumable.evaluate(tried, sockets + "xml/raw") == 5
    await (await daemon.accepted()).received_messages(b"<a/>")
    await resumable.wait_for_function("socket.bufferedAmount === 0")
