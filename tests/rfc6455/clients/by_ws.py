"""The client of npm's `ws`, in a Node of its own."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from yarl import URL

from tests.rfc6455 import peer
from tests.rfc6455.clients.by_script import ScriptTalker, opened

LINE_BYTES = 1 << 23
"""More than the longest message takes as JSON."""


class NodeScript:
    """At the other end of two pipes."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def command(self, name: str, given: object) -> None:
        """A line of its standard input."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({name: given}).encode() + b"\n")
        await self._process.stdin.drain()

    async def told(self) -> dict[str, Any]:
        """A line of its standard output."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the client in Node has ended"
        event: dict[str, Any] = json.loads(line)
        return event


@asynccontextmanager
async def connected(url: URL, subprotocols: tuple[str, ...]) -> AsyncIterator[ScriptTalker]:
    """With its defaults."""
    command = [*peer.node("ws_client.mjs"), str(url.with_scheme("ws")), *subprotocols]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, limit=LINE_BYTES
    )
    try:
        yield await opened(NodeScript(process))
    finally:
        process.kill()
        await process.wait()
