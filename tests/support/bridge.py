"""The bridge as its operator runs it: a process of its own, known by its log and its port."""

import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
READY = re.compile(r"listening on ((?:http://|unix:/)[^\s\"',]+)")
START_S = 20.0
STOP_S = 20.0

Config = dict[str, Any]
StartBridge = Callable[[Config], "RunningBridge"]


class RunningBridge:
    """A `python -m bridge serve` under the given configuration.

    `url` ends with the base path; `log_lines` grows as long as the process writes.
    """

    def __init__(self, config: Config, folder: Path) -> None:
        """Returns once the bridge listens; raises `AssertionError` with its log if it does not."""
        path = folder / "config.yaml"
        path.write_text(yaml.safe_dump({"listen": "127.0.0.1:0", **config}))
        self.log_lines: list[str] = []
        self.url = ""
        self._n_lines_checked = 0
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bridge", "serve", "--config", str(path)],
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        if not self._ready.wait(START_S) or not self.url:
            self._process.kill()
            self._forget_process()
            raise AssertionError("the bridge did not start:\n" + "\n".join(self.log_lines))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def peak_kib(self) -> int:
        """The most memory it has ever had, in KiB (`VmHWM` of proc(5)); only while it runs."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def assert_no_traceback(self) -> None:
        """Fails if a traceback was logged since the last call.

        Whatever a bridge answered, one that logs a traceback has met a fault of its own.
        """
        log = "\n".join(self.log_lines[self._n_lines_checked :])
        self._n_lines_checked = len(self.log_lines)
        _, traceback, rest = log.partition("Traceback")
        assert not traceback, f"the bridge logged a traceback{rest[:2000]}"

    def terminate(self) -> None:
        """Sends SIGTERM and returns at once; follow with `exited()` or `stop()`."""
        self._process.terminate()

    async def exited(self) -> int:
        """Its exit code, once it has ended; the event loop goes on meanwhile."""
        return await asyncio.to_thread(self._wait)

    def stop(self) -> int:
        """Ends it by SIGTERM and returns its exit code; blocks the calling thread meanwhile."""
        if self.is_running:
            self.terminate()
        return self._wait()

    def _wait(self) -> int:
        try:
            return self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            log = "\n".join(self.log_lines[-40:])
            raise AssertionError(f"SIGTERM did not end the bridge:\n{log}") from None
        finally:
            self._forget_process()

    def _forget_process(self) -> None:
        self._process.wait()
        self._reader.join(STOP_S)
        assert self._process.stderr is not None
        self._process.stderr.close()

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log_lines.append(line.rstrip("\n"))
            if not self.url and (found := READY.search(line)):
                self.url = found[1]
                self._ready.set()
        self._ready.set()


@contextmanager
def bridge_starter(new_folder: Callable[[], Path]) -> Iterator[StartBridge]:
    """Yields a function that starts bridges; they are stopped and checked at the end."""
    running: list[RunningBridge] = []

    def start(config: Config) -> RunningBridge:
        running.append(RunningBridge(config, new_folder()))
        return running[-1]

    try:
        yield start
    finally:
        for bridge in running:
            bridge.stop()
    for bridge in running:
        bridge.assert_no_traceback()
