"""Clients of the port for policies, which do as the test says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.deadline import within_deadline

Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]


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
