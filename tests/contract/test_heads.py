"""The head of a connection's first request has its time and its size."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import PATIENTLY_S, Client
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon
from tests.support.deadline import within_deadline

HALF_A_HEAD = b"GET /v1/daemons HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@pytest.fixture(scope="module")
def bridge(start_bridge: StartBridge, config: MakeConfig) -> RunningBridge:
    return start_bridge(config(head_timeout_s=0.5))


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connection(client: Client) -> AsyncIterator[Streams]:
    url = client.address("")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def ended(reader: asyncio.StreamReader) -> bytes:
    """What came before the bridge hung up."""
    async with within_deadline("the end of the connection"):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize("sent", [b"", HALF_A_HEAD], ids=["nothing", "half a head"])
async def test_who_sends_no_whole_head_is_hung_up_on(client: Client, sent: bytes) -> None:
    async with connection(client) as (reader, writer):
        writer.write(sent)
        assert await ended(reader) == b""


async def test_a_byte_now_and_then_buys_no_time(client: Client) -> None:
    async with connection(client) as (reader, writer):
        writer.write(HALF_A_HEAD)
        end = asyncio.ensure_future(ended(reader))
        while not end.done():
            writer.write(b"x")
            await asyncio.wait([end], timeout=0.05)
        assert await end == b""


async def test_a_connection_that_has_had_a_request_may_rest(
    client: Client, daemon: ScriptedDaemon
) -> None:
    async with connection(client) as (reader, writer):
        writer.write(b"GET /v1/daemons HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        async with connection(client) as (later, _):
            assert await ended(later) == b""
        writer.write(b"GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert b"HTTP/1.1 404 " in await ended(reader)


async def test_a_poll_that_waits_has_sent_its_head(client: Client, daemon: ScriptedDaemon) -> None:
    session = await client.open()
    poll = asyncio.ensure_future(session.receive(ack=0, wait=PATIENTLY_S))
    async with connection(client) as (later, _):
        assert await ended(later) == b""
    (await daemon.accepted()).say(b"down")
    assert (await poll).messages == [b"down"]


@pytest.mark.parametrize(
    "fields",
    [f"X-Long: {'x' * 10_000}\r\n", "X-Many: x\r\n" * 200],
    ids=["a long field", "many fields"],
)
async def test_a_head_that_is_too_large_is_refused(client: Client, fields: str) -> None:
    async with connection(client) as (reader, writer):
        writer.write(f"GET /v1/daemons HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode())
        assert b" 400 Bad Request\r\n" in await ended(reader)


@pytest.mark.parametrize(
    "head",
    ["GARBAGE", "GET / HTTP/1.1\r\nHost : localhost", f"GET / HTTP/1.1\r\nX: {'x' * 10_000}"],
    ids=["no HTTP", "a broken field", "a long field"],
)
async def test_what_is_no_http_is_answered_by_a_problem_like_any_other(
    client: Client, head: str
) -> None:
    async with connection(client) as (reader, writer):
        writer.write(f"{head}\r\n\r\n".encode())
        fields, _, body = (await ended(reader)).partition(b"\r\n\r\n")
    assert b"\r\nContent-Type: application/problem+json" in fields
    assert b"\r\nCache-Control: no-store" in fields
    problem = json.loads(body)
    assert problem["status"] == 400
    assert problem["code"] == "bad-request"
    assert "x" * 100 not in problem["detail"]
