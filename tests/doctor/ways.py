"""Ways to the bridge on which something is wrong, and what the doctor must say of each."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tests.faults.proxy import FaultProxy
from tests.faults.weather import CLEAR, Fault, Spell

QUIET_S: Final = 4.0
IDLE_S: Final = 2.0
"""Far enough below `QUIET_S` for a busy machine."""
HOARD_BYTES: Final = 20_000
LAST_CHUNK: Final = b"\r\n0\r\n\r\n"

Opened = AbstractAsyncContextManager[str]


@dataclass(frozen=True, slots=True)
class Way:
    """`open` leads to the bridge at a URL and gives the URL to use instead. `says` has a part of
    the doctor's words for each examination that must not find everything in order."""

    open: Callable[[str], Opened]
    says: Mapping[str, str]
    client: str = "will use WebSocket"


def faulty(*, request: Spell = CLEAR, websocket: Spell = CLEAR) -> Callable[[str], Opened]:
    """Through a proxy that does this to all requests, and to all WebSockets."""

    @asynccontextmanager
    async def open_way(url: str) -> AsyncIterator[str]:
        def spell_for(is_websocket: bool) -> Spell:
            return websocket if is_websocket else request

        async with FaultProxy(url, spell_for) as proxy:
            yield proxy.url

    return open_way


@asynccontextmanager
async def hoarding(url: str) -> AsyncIterator[str]:
    """Through a proxy that passes on answers when `HOARD_BYTES` have gathered, or at the end."""
    target = urlsplit(url)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(target.hostname, target.port)
        try:
            with suppress(OSError):
                await asyncio.gather(pass_on(reader, forth, 1), pass_on(back, writer, HOARD_BYTES))
        finally:
            forth.transport.abort()
            writer.transport.abort()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hoard_bytes: int
) -> None:
    """Passes on what comes; of an event stream no less than `hoard_bytes` at a time."""
    held, is_stream = b"", False
    while data := await reader.read(1 << 16):
        held += data
        is_stream = is_stream or b"text/event-stream" in data
        is_over = held.endswith(LAST_CHUNK)
        if len(held) >= hoard_bytes or not is_stream or is_over:
            writer.write(held)
            held, is_stream = b"", is_stream and not is_over
    writer.write(held)
    writer.write_eof()


WAYS: Final[Mapping[str, Way]] = {
    "nothing in the way": Way(faulty(), {}),
    "WebSockets refused": Way(
        faulty(websocket=Spell(Fault.REFUSE_UPGRADE)),
        {"websocket": "WebSockets are refused"},
        "will use long-polling",
    ),
    "WebSockets swallowed": Way(
        faulty(websocket=Spell(Fault.SWALLOW)),
        {"websocket": "and then nothing passes"},
        "will use long-polling",
    ),
    "long messages cut": Way(
        faulty(websocket=Spell(Fault.CUT_FRAME, after_bytes=10_000)),
        {"websocket": "not one of 32768 bytes"},
        "will use long-polling",
    ),
    "answers held": Way(
        faulty(request=Spell(Fault.BUFFER)), {"stream": "held back until they are complete"}
    ),
    "answers hoarded": Way(hoarding, {"stream": "bytes have gathered"}),
    "idle connections cut": Way(
        faulty(
            request=Spell(Fault.CUT_IDLE, for_s=IDLE_S),
            websocket=Spell(Fault.CUT_IDLE, for_s=IDLE_S),
        ),
        {"quiet": "Set heartbeat_s below"},
    ),
}
