"""The port for policies, in a time that passes only when the test says so: whoever is cut off while
it stands still is cut off at once."""

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from bridge.access.policy_port import MAX_CLIENTS, PATIENCE_S, PolicyPort
from bridge.access.policy_request import REQUEST
from tests.access.peers import all_that_came, peer
from tests.support.clock import SteppedLoop

POLICY = b"<cross-domain-policy/>"


class Served:
    """A port that serves `POLICY`."""

    def __init__(self) -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(listening.getsockname()[1])
        self.policies = PolicyPort([listening], POLICY)


@pytest.fixture
async def served(clock: SteppedLoop) -> AsyncIterator[Served]:
    served = Served()
    served.policies.start()
    yield served
    served.policies.close()


async def test_the_answer_ends_with_a_zero_byte_and_the_connection(served: Served) -> None:
    async with peer(served.port) as (reader, writer):
        writer.write(REQUEST)
        assert await all_that_came(reader) == POLICY + b"\0"
    assert repr(served.policies) == "<PolicyPort clients=0>"


async def test_a_request_may_come_byte_by_byte(served: Served) -> None:
    async with peer(served.port) as (reader, writer):
        for byte in REQUEST:
            writer.write(bytes([byte]))
            await writer.drain()
        assert await all_that_came(reader) == POLICY + b"\0"


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
    served: Served, data: bytes
) -> None:
    async with peer(served.port) as (reader, writer):
        writer.write(data)
        assert await all_that_came(reader) == b""


@pytest.mark.parametrize("data", [b"", REQUEST[:-1]])
async def test_whoever_does_not_ask_in_time_is_cut_off(
    served: Served, clock: SteppedLoop, data: bytes
) -> None:
    async with peer(served.port) as (reader, writer):
        writer.write(data)
        await clock.pass_time(PATIENCE_S - 0.1)
        assert not reader.at_eof()
        await clock.pass_time(0.2)
        assert await all_that_came(reader) == b""


async def test_a_crowd_that_says_nothing_keeps_nobody_out(served: Served) -> None:
    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(peer(served.port)) for _ in range(MAX_CLIENTS)]
        async with peer(served.port) as (reader, writer):
            assert await all_that_came(crowd[0][0]) == b""
            writer.write(REQUEST)
            assert await all_that_came(reader) == POLICY + b"\0"
        assert not any(reader.at_eof() for reader, _ in crowd[1:])


async def test_whoever_is_here_when_the_port_closes_is_cut_off(served: Served) -> None:
    async with peer(served.port) as (reader, _), peer(served.port) as (second, asking):
        asking.write(REQUEST)
        await all_that_came(second)  # so the first has been accepted, too
        served.policies.close()
        assert await all_that_came(reader) == b""
    with pytest.raises(ConnectionRefusedError):
        await peer(served.port).__aenter__()
