"""A process under test with all that it starts: where it runs, what it costs, how it ends."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

from bench.cores import starting_on
from bench.failure import Failure
from bench.peers.peer import REPOSITORY, Peer, Place

START_S: Final = 20.0
LOOK_S: Final = 0.02
LISTENING: Final = "0A"  # TCP_LISTEN in the kernel's table of connections
LAST_WORDS_BYTES: Final = 2000


@contextmanager
def serving(peer: Peer, daemon_port: int, core: int) -> Iterator["System"]:
    """The peer on a free port of loopback and on one core, from when it listens until the body
    is left.

    Raises `Failure` when it does not start.
    """
    with TemporaryDirectory() as folder, (Path(folder) / "log").open("wb+") as log:
        place = Place(free_port(), daemon_port, Path(folder))
        with starting_on(core):
            process = subprocess.Popen(
                peer.command(place),
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        system = System(process, place.port, log)
        try:
            system.await_start()
            yield system
        finally:
            system.stop()


class System:
    """A running system; `pid` is that of its first process, `port` where it listens."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: IO[bytes]) -> None:
        self.pid = process.pid
        self.port = port
        self._process = process
        self._log = log

    @property
    def cpu_s(self) -> float:
        """Processor time used so far by all of its threads and running children."""
        return sum(map(_cpu_ns, self._pids())) / 1e9

    @property
    def memory_bytes(self) -> int:
        """What it occupies of the machine's memory: its own pages, and its share of those that it
        has in common with others. Buffers of the kernel are not among them."""
        return sum(map(_memory_kib, self._pids())) * 1024

    def await_start(self) -> None:
        """Returns once it listens."""
        deadline = time.monotonic() + START_S
        while not listens(self.port):
            self.check()
            if time.monotonic() > deadline:
                raise Failure(f"does not listen after {START_S:g} s: {self._last_words()}")
            time.sleep(LOOK_S)

    def check(self) -> None:
        """Raises `Failure` if it has ended."""
        if (code := self._process.poll()) is not None:
            raise Failure(f"ended with {code}: {self._last_words()}")

    def stop(self) -> None:
        """Ends it with all its children, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def _pids(self) -> list[int]:
        """Of itself and its descendants."""
        pids = [self.pid]
        for pid in pids:
            for task in _tasks(pid):
                pids += map(int, _read(task / "children").split())
        return pids

    def _last_words(self) -> str:
        self._log.seek(0)
        return self._log.read()[-LAST_WORDS_BYTES:].decode(errors="replace")


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether somebody listens on this port of IPv4. Told by the kernel's table: a connection, to
    try it, would be one more at the daemon."""
    _, *connections = map(str.split, Path("/proc/net/tcp").read_text().splitlines())
    return any(
        state == LISTENING and local.endswith(f":{port:04X}")
        for _, local, _, state, *_ in connections
    )


def _tasks(pid: int) -> list[Path]:
    """Where proc(5) has the threads of a process; empty when it has ended."""
    with suppress(FileNotFoundError):
        return list(Path(f"/proc/{pid}/task").iterdir())
    return []


def _cpu_ns(pid: int) -> int:
    # "schedstat" counts nanoseconds where "stat" counts hundredths of a second.
    return sum(int((_read(task / "schedstat") or "0").split()[0]) for task in _tasks(pid))


def _memory_kib(pid: int) -> int:
    _, _, pss = _read(Path(f"/proc/{pid}/smaps_rollup")).partition("Pss:")
    return int((pss or "0").split()[0])


def _read(path: Path) -> str:
    """The text of a file of proc(5), empty when its process or thread has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return path.read_text()
    return ""
