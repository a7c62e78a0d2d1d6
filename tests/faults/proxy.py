"""A proxy between client and bridge that does everything wrong that networks and proxies do."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit, urlunsplit

from tests.faults.http1 import Head, request_body, response_body
from tests.faults.streams import Broken, IdleLimit, arriving, pieces_of, spoiled
from tests.faults.weather import CLEAR, Fault, Spell, SpellFor

T = TypeVar("T")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

REFUSAL = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
LATEST_S = 2.0
"""A delayed request arrives no later than this, its client long gone."""

UP = frozenset({Fault.STALL_UP, Fault.DRIBBLE, Fault.CUT_FRAME})
DOWN = frozenset(
    {
        Fault.STALL_DOWN,
        Fault.DRIBBLE,
        Fault.BUFFER,
        Fault.TRUNCATE_RESPONSE,
        Fault.CUT_FRAME,
        Fault.SWALLOW,
    }
)
"""The faults that bytes meet on their way, by direction; the others befall whole requests."""


class FaultProxy:
    """Forwards connections to the bridge at `target` (its URL) while used as a context manager.

    `url` stands for the bridge's; `spell_for` is asked what each request or socket meets. While
    `is_down` is set every connection is dropped.
    """

    def __init__(self, target: str, spell_for: SpellFor) -> None:
        self.spell_for = spell_for
        self.url = ""
        self.is_down = False
        self._target = urlsplit(target)
        self._carriages: dict[asyncio.Task[None], Carriage] = {}
        self._late = set[asyncio.Task[None]]()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = urlunsplit(self._target._replace(netloc=f"127.0.0.1:{port}"))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        tasks = [*self._carriages, *self._late]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def cut(self) -> None:
        """Breaks all connections that stand."""
        for carriage in self._carriages.values():
            carriage.reset()

    async def connect(self) -> Streams:
        """A connection to the bridge."""
        return await asyncio.open_connection(self._target.hostname, self._target.port)

    def go_on_alone(self, work: Coroutine[Any, Any, None]) -> None:
        """Something happens whether or not the client is still there."""
        task = asyncio.ensure_future(work)
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        carriage = Carriage(self, reader, writer)
        task = asyncio.current_task()
        assert task is not None
        self._carriages[task] = carriage
        try:
            if not self.is_down:
                await carriage.run()
        except (OSError, EOFError, Broken):
            pass  # broken by the weather, or by one of the ends
        except asyncio.CancelledError:
            pass  # the proxy is closed; asyncio would print it
        finally:
            carriage.close()
            del self._carriages[task]


class Carriage:
    """One client's connection, and the one to the bridge that its requests share."""

    def __init__(
        self, proxy: FaultProxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._proxy = proxy
        self._reader = reader
        self._writer = writer
        self._bridge: Streams | None = None

    async def run(self) -> None:
        """Carries one request after the other, or a WebSocket. Raises `OSError`, `EOFError` or
        `Broken` when that is over."""
        is_open = True
        while is_open:
            head = await Head.read(self._reader)
            request = head.raw + await request_body(self._reader, head)
            spell = self._proxy.spell_for(head.is_upgrade)
            if head.is_upgrade:
                await self._socket(request, spell)
                return
            is_open = await self._exchange(request, spell)

    def close(self) -> None:
        """Both connections end."""
        for writer in self._writers():
            writer.transport.abort()

    def reset(self) -> None:
        """Both connections end by a TCP reset."""
        for writer in self._writers():
            sock: socket.socket = writer.get_extra_info("socket")
            if sock.fileno() >= 0:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    def _writers(self) -> list[asyncio.StreamWriter]:
        return [self._writer, self._bridge[1]] if self._bridge else [self._writer]

    async def _connected(self) -> Streams:
        if self._bridge is None:
            self._bridge = await self._proxy.connect()
        return self._bridge

    async def _send(self, request: bytes) -> asyncio.StreamReader:
        """Sends it whole; the response can be read then."""
        reader, writer = await self._connected()
        writer.write(request)
        await writer.drain()
        return reader

    # -- requests

    async def _exchange(self, request: bytes, spell: Spell) -> bool:
        """One request and its response; returns whether the connection goes on."""
        if spell.fault in UP | DOWN | {Fault.CUT_IDLE, None}:
            return await self._while_client_stays(self._forward(request, spell))
        spell.struck()
        match spell.fault:
            case Fault.CUT_REQUEST:
                await self._send(request[: len(request) // 2])
            case Fault.DROP_ALL:
                await self._send(request)
                self.reset()
            case Fault.DROP_RESPONSE:
                await self._while_client_stays(self._answered(request))
            case Fault.REPLAY:
                await self._while_client_stays(self._answered(request))
                return await self._while_client_stays(self._forward(request, CLEAR))
            case Fault.REPLAY_AT_ONCE:
                self._proxy.go_on_alone(self._deliver(request, after_s=0))
                return await self._while_client_stays(self._forward(request, CLEAR))
            case Fault.DELAY:
                late = self._deliver(request, after_s=min(spell.for_s, LATEST_S))
                self._proxy.go_on_alone(late)
                await self._reader.read(1)  # until the client gives up, for it hears nothing
        raise Broken

    async def _forward(self, request: bytes, spell: Spell) -> bool:
        reader, writer = await self._connected()
        async with IdleLimit(spell) as idle:
            await pump(pieces_of(request), writer, for_direction(spell, UP), idle)
            head = await Head.read(reader)
            down = for_direction(spell, DOWN)
            if "content-length" in head.fields:
                size = len(head.raw) + int(head.fields["content-length"])
                down = replace(down, after_bytes=int(size * down.part))
            await pump(response(reader, head), self._writer, down, idle)
        return not head.closes

    async def _answered(self, request: bytes) -> None:
        """The request arrives, and nobody hears the response."""
        await read_response(await self._send(request))

    async def _deliver(self, request: bytes, after_s: float) -> None:
        """The same, later and on a connection of its own."""
        await asyncio.sleep(after_s)
        with suppress(OSError, EOFError):
            reader, writer = await self._proxy.connect()
            try:
                writer.write(request)
                await read_response(reader)
            finally:
                writer.transport.abort()

    async def _while_client_stays(self, work: Coroutine[Any, Any, T]) -> T:
        """Raises `Broken` when the client goes first."""
        working = asyncio.ensure_future(work)
        watching = asyncio.ensure_future(self._reader.read(1))
        try:
            await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise Broken
            return working.result()
        finally:
            for task in (working, watching):
                task.cancel()
            await asyncio.gather(working, watching, return_exceptions=True)

    # -- WebSockets

    async def _socket(self, request: bytes, spell: Spell) -> None:
        if spell.fault is Fault.REFUSE_UPGRADE:
            spell.struck()
            self._writer.write(REFUSAL)
            await self._writer.drain()
            return
        reader = await self._send(request)
        head = await Head.read(reader)
        if head.status != "101":
            await pump(response(reader, head), self._writer)
            return
        self._writer.write(head.raw)
        assert self._bridge is not None
        async with IdleLimit(spell) as idle, asyncio.TaskGroup() as group:
            up, down = for_direction(spell, UP), for_direction(spell, DOWN)
            group.create_task(self._pass(self._reader, self._bridge[1], up, idle))
            group.create_task(self._pass(reader, self._writer, down, idle))

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        spell: Spell,
        idle: IdleLimit,
    ) -> None:
        """One direction of a WebSocket, to its end; a break ends the other one, too."""
        try:
            await pump(arriving(reader), writer, spell, idle)
            writer.write_eof()
        except (OSError, Broken):
            self.close()


def for_direction(spell: Spell, direction: frozenset[Fault]) -> Spell:
    """What of it the bytes of one direction meet."""
    return spell if spell.fault in direction else CLEAR


async def pump(
    pieces: AsyncIterator[bytes],
    writer: asyncio.StreamWriter,
    spell: Spell = CLEAR,
    idle: IdleLimit | None = None,
) -> None:
    """Writes what gets through. Raises `Broken` where the spell breaks the connection."""
    async for piece in spoiled(pieces, spell):
        writer.write(piece)
        await writer.drain()
        if idle is not None:
            idle.something_passed()


async def response(reader: asyncio.StreamReader, head: Head) -> AsyncIterator[bytes]:
    """A response as it comes, its head first."""
    yield head.raw
    async for piece in response_body(reader, head):
        yield piece


async def read_response(reader: asyncio.StreamReader) -> None:
    """Reads a response to its end."""
    async for _ in response_body(reader, await Head.read(reader)):
        pass
