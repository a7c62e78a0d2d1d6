"""What a client has sent reaches the listener, whatever the connection meets meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from bridge.http.websocket import WebSocketConnection
from bridge.loop.turns import LIGHT_BYTES, Turns
from bridge.protocol.frames import BINARY, CLOSE
from tests.flood.deaf import frame
from tests.support.clock import turns as rounds
from tests.support.deadline import Changes
from tests.support.occupied import occupy

LONG = b"x" * (2 * LIGHT_BYTES)
N_LONG = 500
"""More than the kernel holds for somebody who does not read."""

NO_FRAME = b"\xff\xff"
GOODBYE = bytes([0x80 | CLOSE, 0x80]) + bytes(4)


class Recorder:
    """A listener that writes down what it is told."""

    turn_bytes = 1 << 18

    def __init__(self) -> None:
        self.said = b""
        self.is_lost = False
        self.connection: WebSocketConnection | None = None
        self._changes = Changes()

    def opened(self, connection: WebSocketConnection) -> None:
        self.connection = connection
        self._changes.notify()

    def messages(self, opcode: int, payloads: list[bytes], final: bool) -> None:
        self.said += b"".join(payloads)

    def drained(self) -> None:
        """Nothing waits here."""

    def beat(self) -> None:
        """Nothing to say."""

    def lost(self) -> None:
        self.is_lost = True
        self._changes.notify()

    def close(self) -> None:
        """Sends a Close frame."""
        assert self.connection is not None
        self.connection.close(1000, "")

    def is_waiting_for_a_turn(self) -> bool:
        """Whether nothing is read from the client until its turn comes."""
        return "holds=TURN" in repr(self.connection)

    async def until(self, what: str) -> None:
        """Returns once it is `connection` or `is_lost`."""
        await self._changes.until(lambda: bool(getattr(self, what)), what)


@asynccontextmanager
async def connected(
    listener: Recorder, turns: Turns
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A client of a WebSocket whose handshake is done."""

    def accept() -> asyncio.Protocol:
        connection = WebSocketConnection(listener, 20.0, turns, lambda _: None)
        return cast(asyncio.Protocol, connection)

    server = await asyncio.get_running_loop().create_server(accept, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        await listener.until("connection")
        yield reader, writer
        writer.close()


@pytest.mark.parametrize("last", [b"", GOODBYE], ids=["without Close", "with Close"])
async def test_what_waits_for_its_turn_is_heard_before_the_end_of_the_connection(
    last: bytes,
) -> None:
    listener, turns = Recorder(), Turns()
    async with connected(listener, turns) as (_, client):
        occupy(turns)
        client.write(frame(BINARY, LONG) + last)
        client.write_eof()
        await listener.until("is_lost")
    assert listener.said == LONG


@pytest.mark.parametrize("is_failed", [False, True], ids=["closed", "failed"])
async def test_what_comes_behind_the_close_frame_waits_for_its_turn(is_failed: bool) -> None:
    listener, turns = Recorder(), Turns()
    async with connected(listener, turns) as (reader, client):
        if is_failed:
            client.write(NO_FRAME)
        else:
            listener.close()
        await reader.readexactly(1)
        occupy(turns)
        client.write(frame(BINARY, LONG) * N_LONG)
        while not listener.is_waiting_for_a_turn():
            assert not listener.is_lost
            await rounds()
        await client.drain()
        client.transport.abort()
        await listener.until("is_lost")
    assert listener.said == b""
