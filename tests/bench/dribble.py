"""A relay through which everything that the server says comes one byte at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.faults.proxy import pump
from tests.faults.streams import arriving


async def one_by_one(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """What comes, byte by byte."""
    async for piece in arriving(reader):
        for byte in piece:
            yield bytes([byte])
            await asyncio.sleep(0)  # or else they would leave together


@asynccontextmanager
async def dribbling(port: int) -> AsyncIterator[int]:
    """The port of a relay to this one, both of 127.0.0.1."""
    tasks = set[asyncio.Task[None]]()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        server, to_server = await asyncio.open_connection("127.0.0.1", port)
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(
                pump(arriving(reader), to_server), pump(one_by_one(server), writer)
            )
        for end in (writer, to_server):
            end.transport.abort()

    listening = await asyncio.start_server(relay, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
