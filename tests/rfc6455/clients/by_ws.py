"""The client of npm's `ws`, in a Node of its own."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from yarl import URL

from tests.rfc6455 import peer
from tests.rfc6455.clients.talker import Closed, Message

LINE_BYTES = 1 << 23
"""More than the longest message takes as JSON."""


class WsTalker:
    """A `Pinging`, at the other end of two pipes."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def send(self, message: Message) -> None:
        """As it is."""
        if isinstance(message, str):
            await self._command("text", message)
        else:
            await self._command("binary", b64encode(message).decode())

    async def receive(self) -> Message:
        """As it came."""
        event = await self.told()
        return event["text"] if "text" in event else b64decode(event["binary"])

    async def ping(self, payload: bytes) -> bytes:
        """By its event."""
        await self._command("ping", b64encode(payload).decode())
        return b64decode((await self.told())["pong"])

    async def close(self, code: int, reason: str) -> None:
        """Does not wait."""
        await self._command("close", [code, reason])

    async def closed(self) -> Closed:
        """By its event."""
        while "closed" not in (event := await self.told()):
            assert "error" not in event
        return Closed(*event["closed"])

    async def told(self) -> dict[str, Any]:
        """The next event."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the client in Node has ended"
        event: dict[str, Any] = json.loads(line)
        return event

    async def _command(self, name: str, given: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({name: given}).encode() + b"\n")
        await self._process.stdin.drain()


@asynccontextmanager
async def connected(url: URL, subprotocols: tuple[str, ...]) -> AsyncIterator[WsTalker]:
    """With its defaults."""
    command = [*peer.node("ws_client.mjs"), str(url.with_scheme("ws")), *subprotocols]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, limit=LINE_BYTES
    )
    try:
        talker = WsTalker(process)
        assert "open" in await talker.told()
        yield talker
    finally:
        process.kill()
        await process.wait()
