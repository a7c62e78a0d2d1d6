"""The bridge as Flash Player meets it: `/crossdomain.xml` and the port for policies."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bridge.access.policy_document import read_policy
from bridge.access.policy_port import MAX_CLIENTS
from bridge.access.question import REQUEST, ask
from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.deadline import DEADLINE_S, within_deadline

DAEMONS = {
    "game": {
        "address": "127.0.0.1:9339",
        "aliases": ["game.example.com:9340", "old"],
        "origins": ["https://play.example.com"],
    },
    "demo": {"embedded": "chat", "origins": ["*"]},
}
Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge) -> RunningBridge:
    return start_bridge(
        {"base_path": "/flash/", "policy_listen": "127.0.0.1:0", "daemons": DAEMONS}
    )


@pytest.fixture
def port(bridge: RunningBridge) -> int:
    """Where it answers Flash Player, as its log says."""
    (line,) = bridge.lines_with("serving policies on ")
    found = re.search(r"serving policies on 127\.0\.0\.1:(\d+)$", line)
    assert found, line
    return int(found[1])


@asynccontextmanager
async def peer(port: int) -> AsyncIterator[Peer]:
    """A connection to the port."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def all_that_came(reader: asyncio.StreamReader) -> bytes:
    """What the bridge has sent, once it has closed the connection, in whatever way."""
    async with within_deadline("the end of the connection"):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


@pytest.mark.parametrize("path", ["", "flash/"])
async def test_movies_find_the_url_policy_at_the_root_and_at_the_base(
    bridge: RunningBridge, path: str
) -> None:
    async with Client(bridge.url.removesuffix("flash/")) as client:
        answer = await client.request("GET", f"{path}crossdomain.xml")
    assert answer.status == 200
    assert answer.media_type == "text/x-cross-domain-policy"
    assert b'<allow-access-from domain="play.example.com" secure="true"/>' in answer.body
    assert b'domain="*"' not in answer.body


async def test_the_url_policy_is_for_everybody(bridge: RunningBridge) -> None:
    async with Client(bridge.url) as client:
        headers = {"Origin": "https://evil.example"}
        assert (await client.request("GET", "crossdomain.xml", headers=headers)).status == 200


async def test_flash_player_is_answered_as_it_asks(bridge: RunningBridge, port: int) -> None:
    read = read_policy(await ask(["127.0.0.1"], port, DEADLINE_S))
    http_port = bridge.url.split(":")[2].partition("/")[0]
    assert [grant.text for grant in read.grants] == [
        '<allow-access-from domain="play.example.com" to-ports="9339,9340" secure="true"/>',
        f'<allow-access-from domain="play.example.com" to-ports="{http_port}" secure="true"/>',
    ]


async def test_a_request_may_come_byte_by_byte(port: int) -> None:
    async with peer(port) as (reader, writer):
        for byte in REQUEST:
            writer.write(bytes([byte]))
            await writer.drain()
        assert (await all_that_came(reader)).endswith(b"</cross-domain-policy>\0")


async def test_the_answer_ends_with_a_zero_byte_and_the_connection(port: int) -> None:
    async with peer(port) as (reader, writer):
        writer.write(REQUEST)
        answer = await all_that_came(reader)
    assert answer.count(b"\0") == 1
    assert answer.endswith(b"\0")


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"<policy-file-request>\0",
        b" <policy-file-request/>\0",
        b"<policy-file-request/>\n",
        b"<policy-file-request/>\0<policy-file-request/>\0",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01",
        b"x" * 100_000,
    ],
)
async def test_whoever_sends_something_else_is_cut_off_without_an_answer(
    port: int, data: bytes
) -> None:
    async with peer(port) as (reader, writer):
        writer.write(data)
        assert await all_that_came(reader) == b""


async def test_a_silent_client_is_cut_off(port: int) -> None:
    async with peer(port) as (reader, _):
        assert await all_that_came(reader) == b""


async def test_a_client_that_never_finishes_is_cut_off(port: int) -> None:
    async with peer(port) as (reader, writer):
        writer.write(REQUEST[:-1])
        assert await all_that_came(reader) == b""


async def test_a_client_that_hangs_up_does_no_harm(bridge: RunningBridge, port: int) -> None:
    async with peer(port) as (_, writer):
        writer.write(REQUEST)
        writer.transport.abort()
    assert await ask(["127.0.0.1"], port, DEADLINE_S)
    bridge.assert_no_traceback()


async def test_a_crowd_that_says_nothing_keeps_nobody_out(bridge: RunningBridge, port: int) -> None:
    crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2 * MAX_CLIENTS)]
    assert await ask(["127.0.0.1"], port, DEADLINE_S)
    assert await all_that_came(crowd[0][0]) == b""
    for _, writer in crowd:
        writer.close()
    bridge.assert_no_traceback()


def test_no_policy_is_served_unless_that_is_configured(start_bridge: StartBridge) -> None:
    bridge = start_bridge({"daemons": DAEMONS})
    assert bridge.lines_with("serving policies") == []


def test_a_port_that_cannot_be_had_is_told_by_its_address(
    start_bridge: StartBridge, port: int
) -> None:
    address = f"127.0.0.1:{port}"
    with pytest.raises(AssertionError, match=f"cannot serve on {address}: the address is in use"):
        start_bridge({"policy_listen": address, "daemons": DAEMONS})


async def test_the_port_is_closed_when_the_bridge_stops(start_bridge: StartBridge) -> None:
    bridge = start_bridge({"policy_listen": "127.0.0.1:0", "daemons": DAEMONS})
    line = bridge.lines_with("serving policies on ")[0]
    async with peer(int(line.rpartition(":")[2])) as (reader, _):
        bridge.terminate()
        assert await all_that_came(reader) == b""
        assert await bridge.exited() == 0
