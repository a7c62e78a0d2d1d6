"""Where trusted proxies speak the PROXY protocol, their header says who the client is."""

import asyncio
import contextlib
import socket

import pytest
from yarl import URL

from bridge.access.proxies import TrustedProxies
from bridge.http.proxy_protocol import Introductions
from bridge.protocol.proxy_header import SIGNATURE, Endpoint, Version, proxy_header
from bridge.protocol.proxy_reader import LOCAL
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline

OPEN = "POST /v1/daemons/game/sessions HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{}\r\n"
CLIENT, HERE = Endpoint("198.51.100.7", 4711), Endpoint("192.0.2.80", 8080)
NAMELESS = [
    pytest.param(proxy_header("v1", None, HERE), id="UNKNOWN"),
    pytest.param(proxy_header("v2", None, HERE), id="unspecified"),
    pytest.param(SIGNATURE + LOCAL + bytes(3), id="LOCAL"),
]


@pytest.fixture
def trusted() -> list[str]:
    return ["127.0.0.1"]


@pytest.fixture
def bridge(
    start_bridge: StartBridge, daemon_socket: socket.socket, trusted: list[str]
) -> RunningBridge:
    """It greets the daemon with the client's address."""
    return start_bridge(config_of(daemon_socket, trusted))


@pytest.fixture
def guarded(
    start_bridge: StartBridge, daemon_socket: socket.socket, trusted: list[str]
) -> RunningBridge:
    """The same for users whom a proxy names."""
    config = config_of(daemon_socket, trusted)
    return start_bridge({**config, "auth": {"user_header": "X-User"}})


def config_of(daemon_socket: socket.socket, trusted: list[str]) -> dict[str, object]:
    address = f"127.0.0.1:{daemon_socket.getsockname()[1]}"
    game = {"address": address, "greeting": "<from a='{address}'/>"}
    keys = {"trusted_proxies": trusted, "listen_proxy_protocol": True}
    return {"daemons": {"game": game}, **keys}


async def answer_to(bridge: RunningBridge, *parts: bytes) -> bytes:
    """All that comes back for these bytes, each sent when those before it have left."""
    url = URL(bridge.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        async with within_deadline("the answer and the end of the connection"):
            for part in parts:
                writer.write(part)
                await writer.drain()
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_the_client_is_the_one_of_the_header(
    bridge: RunningBridge, daemon: ScriptedDaemon, version: Version
) -> None:
    header = proxy_header(version, CLIENT, HERE)
    answer = await answer_to(bridge, header + OPEN.format("").encode())
    assert answer.startswith(b"HTTP/1.1 201 ")
    await (await daemon.accepted()).received_messages(b"<from a='198.51.100.7'/>")


async def test_the_header_may_come_in_pieces(bridge: RunningBridge, daemon: ScriptedDaemon) -> None:
    stream = proxy_header("v1", CLIENT, HERE) + OPEN.format("").encode()
    pieces = [stream[at : at + 1] for at in range(len(stream))]
    assert (await answer_to(bridge, *pieces)).startswith(b"HTTP/1.1 201 ")
    await (await daemon.accepted()).received_messages(b"<from a='198.51.100.7'/>")


@pytest.mark.parametrize("header", NAMELESS)
async def test_a_connection_of_nobody_who_is_named_has_the_proxys_address(
    bridge: RunningBridge, daemon: ScriptedDaemon, header: bytes
) -> None:
    assert (await answer_to(bridge, header + OPEN.format("").encode())).startswith(b"HTTP/1.1 201 ")
    await (await daemon.accepted()).received_messages(b"<from a='127.0.0.1'/>")


@pytest.mark.parametrize("header", NAMELESS)
async def test_nobody_who_is_named_cannot_say_who_he_is(
    bridge: RunningBridge, daemon: ScriptedDaemon, header: bytes
) -> None:
    request = OPEN.format("X-Forwarded-For: 203.0.113.9\r\n").encode()
    assert (await answer_to(bridge, header + request)).startswith(b"HTTP/1.1 201 ")
    await (await daemon.accepted()).received_messages(b"<from a='127.0.0.1'/>")


@pytest.mark.parametrize("header", NAMELESS)
async def test_nobody_who_is_named_cannot_name_a_user(
    guarded: RunningBridge, daemon: ScriptedDaemon, header: bytes
) -> None:
    request = OPEN.format("X-User: ada\r\n").encode()
    assert (await answer_to(guarded, header + request)).startswith(b"HTTP/1.1 401 ")
    assert daemon.connections == []


async def test_a_trusted_proxy_behind_another_may_name_client_and_user(
    guarded: RunningBridge, daemon: ScriptedDaemon
) -> None:
    header = proxy_header("v1", Endpoint("127.0.0.1", 4711), HERE)
    request = OPEN.format("X-User: ada\r\nX-Forwarded-For: 203.0.113.9\r\n").encode()
    assert (await answer_to(guarded, header + request)).startswith(b"HTTP/1.1 201 ")
    await (await daemon.accepted()).received_messages(b"<from a='203.0.113.9'/>")


async def test_no_word_of_a_client_that_is_no_proxy_of_ours_is_believed(
    bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    request = OPEN.format("X-Forwarded-For: 203.0.113.9\r\n").encode()
    await answer_to(bridge, proxy_header("v2", CLIENT, HERE) + request)
    await (await daemon.accepted()).received_messages(b"<from a='198.51.100.7'/>")


async def test_a_page_of_the_book_ends_with_its_connection(
    bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    for source, address in ((CLIENT, b"198.51.100.7"), (None, b"127.0.0.1")):
        header = proxy_header("v2", source, HERE)
        await answer_to(bridge, header + OPEN.format("").encode())
        await (await daemon.accepted()).received_messages(b"<from a='" + address + b"'/>")


async def test_a_trusted_proxy_that_sends_no_header_is_turned_away_and_told_of(
    bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    with contextlib.suppress(ConnectionResetError):  # it has not read all that was sent
        assert await answer_to(bridge, OPEN.format("").encode()) == b""
    await bridge.logged("a trusted proxy sent no PROXY header")
    assert daemon.connections == []


@pytest.mark.parametrize("trusted", [["10.0.0.0/8"]])
async def test_whoever_is_not_trusted_is_served_and_can_send_no_header(
    bridge: RunningBridge, daemon: ScriptedDaemon
) -> None:
    request = OPEN.format("").encode()
    assert (await answer_to(bridge, request)).startswith(b"HTTP/1.1 201 ")
    await (await daemon.accepted()).received_messages(b"<from a='127.0.0.1'/>")
    header = proxy_header("v1", CLIENT, HERE)
    refusal, _, _ = (await answer_to(bridge, header + request)).partition(b"\r\n")
    assert refusal.split()[1] == b"400"


async def test_a_connection_that_was_reset_before_it_is_looked_at_is_not_served(
    daemon_socket: socket.socket,
) -> None:
    with socket.socket() as connection:  # has no peer, like one that was reset
        assert not await Introductions(TrustedProxies(())).heard(connection)
