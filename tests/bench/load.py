"""The programs of bench/load/, built for the tests and run in their own event loop."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.support.bridge import REPOSITORY
from tests.support.deadline import within_deadline

SOURCES: Final = REPOSITORY / "bench" / "load"
SANITIZED: Final = "-fsanitize=address,undefined -fno-sanitize-recover=all"

Report = dict[str, Any]


class Load:
    """`client` and `daemon` in the folder that they were built into."""

    def __init__(self, built: Path) -> None:
        self.built = built

    @asynccontextmanager
    async def daemon(self) -> AsyncIterator["Program"]:
        """A daemon; its first line, the port, is not read yet."""
        async with self._started("daemon") as program:
            yield program

    @asynccontextmanager
    async def client(self, port: int, kind: str, *options: object) -> AsyncIterator["Program"]:
        """A client of the server on this port of 127.0.0.1."""
        to = ("--to", f"127.0.0.1:{port}", "--speak", kind)
        async with self._started("client", *to, *options) as program:
            yield program

    async def report(self, port: int, kind: str, *options: object) -> Report:
        """What a client says at its end, after a short run with these options."""
        short = ("--warm-up", 0.05, "--seconds", 0.2)
        async with self.client(port, kind, *short, *options) as client:
            return await client.report()

    @asynccontextmanager
    async def _started(self, name: str, *options: object) -> AsyncIterator["Program"]:
        words = [str(self.built / name), *map(str, options)]
        process = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE, stderr=PIPE)
        try:
            yield Program(process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


class Program:
    """One of them, running."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def say(self, line: str) -> None:
        """Writes a line to its stdin."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())

    def say_no_more(self) -> None:
        """Ends its stdin."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    async def words(self) -> list[str]:
        """The words of the next line that it writes."""
        assert self._process.stdout is not None
        async with within_deadline("a line"):
            line = await self._process.stdout.readline()
        return line.decode().split()

    async def report(self) -> Report:
        """The JSON that it writes, once it has ended as it should."""
        last = (await self.rest())[-1]
        report: Report = json.loads(last)
        return report

    async def rest(self) -> list[str]:
        """All lines that it still writes, once it has ended as it should."""
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        async with within_deadline("the end of the program"):
            output = await self._process.stdout.read()
            complaints = await self._process.stderr.read()
            code = await self._process.wait()
        assert (code, complaints.decode()) == (0, "")
        return output.decode().splitlines()
