"""Other WebSocket servers, each a process of its own that echoes what it understands."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from yarl import URL

from tests.rfc6455 import reference
from tests.rfc6455.frame import CLOSE, PING, PONG
from tests.rfc6455.reading import Reading
from tests.rfc6455.wire import Wire

FOLDER = Path(__file__).parent / "peers"


def node(program: str) -> list[str]:
    """The command that runs a program of the folder in Node."""
    path = shutil.which("node")
    assert path, "these tests need Node, which tests/install installs"
    assert (FOLDER / "node_modules").is_dir(), "these tests need ws, which tests/install installs"
    return [path, str(FOLDER / program)]


def python(program: str) -> list[str]:
    """The command that runs a program of the folder in this Python."""
    return [sys.executable, str(FOLDER / program)]


@contextmanager
def running(command: Sequence[str]) -> Iterator[URL]:
    """The address of a server that prints its port."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        port = process.stdout.readline()
        assert port, f"{command} did not start"
        yield URL(f"http://127.0.0.1:{int(port)}/")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


async def read(server: URL, stream: bytes) -> Reading:
    """What the server makes of a stream, as far as can be seen from outside: Pongs that it was sent
    and unfinished messages cannot."""
    said: list[tuple[int, bytes]] = []
    async with Wire.upgraded(server) as wire:
        wire.write(stream)
        while (frame := await wire.read_frame()) and frame.opcode != CLOSE:
            said.append((PING if frame.opcode == PONG else frame.opcode, frame.payload))
    return Reading(tuple(said), b"", reference.status_of(frame.payload) if frame else None)
