"""Stands between clients and the bridge, and knows which of the clients' frames have passed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yarl import URL

from tests.rfc6455 import reference
from tests.support.deadline import Changes

HEAD_END = b"\r\n\r\n"


class Relay:
    """Carries each connection to the bridge; `url` stands for the bridge's."""

    def __init__(self, target: URL) -> None:
        self.url = target
        self._target = target
        self._streams: list[bytearray] = []
        self._changes = Changes()

    async def passed(self, opcode: int) -> None:
        """Returns once a client has sent a frame with this opcode."""
        await self._changes.until(lambda: self._has_passed(opcode), f"opcode {opcode:#x}")

    def _has_passed(self, opcode: int) -> bool:
        heads_and_frames = (bytes(stream).partition(HEAD_END) for stream in self._streams)
        return any(
            header.opcode == opcode
            for head, _, frames in heads_and_frames
            if b"upgrade: websocket" in head.lower()
            for header, _ in reference.frames(frames)
        )

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as long as both ends keep it."""
        from_bridge, to_bridge = await asyncio.open_connection(self._target.host, self._target.port)
        stream = bytearray()
        self._streams.append(stream)
        async with asyncio.TaskGroup() as both:
            both.create_task(pump(reader, to_bridge, stream, self._changes))
            both.create_task(pump(from_bridge, writer, bytearray(), self._changes))


async def pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    passed: bytearray,
    changes: Changes,
) -> None:
    """One direction, to its end."""
    try:
        while chunk := await reader.read(1 << 16):
            passed += chunk
            changes.notify()
            writer.write(chunk)
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def relayed(target: URL) -> AsyncIterator[Relay]:
    """A relay to the bridge at `target`."""
    relay = Relay(target)
    server = await asyncio.start_server(relay.carry, "127.0.0.1", 0)
    relay.url = target.with_port(server.sockets[0].getsockname()[1])
    yield relay
    server.close()
