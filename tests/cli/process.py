"""`xmlsocket-bridge serve` as a process of its own."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.bridge import REPOSITORY
from tests.support.deadline import within_deadline


@asynccontextmanager
async def serving(file: Path, *options: str, prefix: Sequence[str] = ()) -> AsyncIterator[Process]:
    """The running bridge, which is killed if the test leaves it alone. A `prefix` is a command that
    runs it in its own place. The tests may themselves be run by nohup, which the bridge would hear
    of."""
    command = [
        "env",
        "--default-signal=HUP",
        *prefix,
        sys.executable,
        "-m",
        "bridge",
        "serve",
        str(file),
        *options,
    ]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=REPOSITORY, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def listening(process: Process) -> str:
    """The line that says where it listens."""
    return await line_with(process, "listening on ")


async def line_with(process: Process, words: str) -> str:
    """The next line of its log with these words."""
    assert process.stderr is not None
    async with within_deadline(f"the line with {words!r}"):
        while words not in (line := (await process.stderr.readline()).decode()):
            assert line, "the bridge has ended"
    return line.rstrip("\n")


async def outcome(process: Process) -> tuple[int | None, str, str]:
    """Exit status, stdout and the rest of stderr, once the process has ended."""
    async with within_deadline("the end of the process"):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()
