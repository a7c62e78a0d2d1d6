"""The bridge as its operator runs it: a process of its own, known by its log and its port."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import yaml

from tests.support.deadline import DEADLINE_S

REPOSITORY = Path(__file__).resolve().parents[2]
UNDER_TEST = REPOSITORY / os.environ.get("BRIDGE_UNDER_TEST", ".")
"""The folder whose package `bridge` is run: the repository, or where it has been compiled."""
READY = re.compile(r"listening on ((?:http://|unix:/)[^\s\"',]+)")
START_S = 20.0
STOP_S = 20.0

Config = dict[str, Any]
StartBridge = Callable[..., "RunningBridge"]


class RunningBridge:
    """A `python -m bridge serve` under the given configuration.

    `url` ends with the base path; `log_lines` grows as long as the process writes. A `prefix` is a
    command that runs the bridge in its own place, like prlimit; `environment` is added.
    """

    def __init__(
        self,
        config: Config,
        folder: Path,
        *,
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Returns once the bridge listens; raises `AssertionError` with its log if it does not."""
        path = folder / "config.yaml"
        path.write_text(yaml.safe_dump({"listen": "127.0.0.1:0", **config}))
        self.log_lines: list[str] = []
        self.url = ""
        self._n_lines_checked = 0
        self._ready = threading.Event()
        self._grown = threading.Condition()
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "bridge", "serve", "--config", str(path)],
            cwd=UNDER_TEST,
            env={**os.environ, **(environment or {})},
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
        """The most memory that it has had since the start, or since `forget_peak`, in KiB (`VmHWM`
        of proc(5)); only while it runs."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])

    def forget_peak(self) -> None:
        """From now on the peak counts anew."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def cpu_s(self) -> float:
        """The processor time that it has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def lines_with(self, text: str) -> list[str]:
        """Those lines of its log so far that have this in them."""
        return [line for line in self.log_lines if text in line]

    async def logged(self, text: str, *, times: int = 1, within_s: float = DEADLINE_S) -> str:
        """The first line with this in it, as soon as there are so many of them."""
        return await asyncio.to_thread(self._await_lines, text, times, within_s)

    def _await_lines(self, text: str, times: int, within_s: float) -> str:
        with self._grown:
            if not self._grown.wait_for(lambda: len(self.lines_with(text)) >= times, within_s):
                log = "\n".join(self.log_lines[-40:])
                raise AssertionError(f"the bridge did not log {text!r} {times} times:\n{log}")
        return self.lines_with(text)[0]

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

    def send_signal(self, number: signal.Signals) -> None:
        """Sends a signal and returns at once."""
        self._process.send_signal(number)

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
            with self._grown:
                self.log_lines.append(line.rstrip("\n"))
                self._grown.notify_all()
            if not self.url and (found := READY.search(line)):
                self.url = found[1]
                self._ready.set()
        self._ready.set()


@contextmanager
def bridge_starter(new_folder: Callable[[], Path]) -> Iterator[StartBridge]:
    """Yields a function that starts bridges; they are stopped and checked at the end."""
    running: list[RunningBridge] = []

    def start(config: Config, **options: Any) -> RunningBridge:
        running.append(RunningBridge(config, new_folder(), **options))
        return running[-1]

    try:
        yield start
    finally:
        for bridge in running:
            bridge.stop()
    for bridge in running:
        bridge.assert_no_traceback()
