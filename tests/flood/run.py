"""One measurement: so many sessions that lag in the same way, at the same time."""

import asyncio
import os
import re
import resource
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Final, Literal, Self

from tests.flood.deaf import (
    FLOOD_BYTES,
    MESSAGE,
    MESSAGES_AT_ONCE,
    SENDING,
    TRANSPORTS,
    DeafClient,
    Transport,
    connect,
    receiving,
    sending,
)
from tests.flood.probe import SESSIONS as PROBES
from tests.support.bridge import REPOSITORY, RunningBridge
from tests.support.clients import Client, Session
from tests.support.daemon import ScriptedDaemon, listening_socket

Direction = Literal["down", "up"]

SAMPLE_S: Final = 0.1
OPENED_AT_ONCE: Final = 20
BEGINNINGS_S: Final = 100
"""So many floods begin each second."""
GRACE_S: Final = 20.0
MEMORY_FACTOR: Final = 1.5
LATENCY_FACTOR: Final = 2.0
LOG_BYTES: Final = 1 << 20
"""`log_high_water_bytes` by default."""
WAYS: Final[tuple[tuple[Direction, Transport], ...]] = (
    *(("down", transport) for transport in TRANSPORTS),
    *(("up", transport) for transport in SENDING),
)
ENDED: Final = re.compile(r"(\S+) INFO session ended .* code=(\S+) ")


@dataclass(frozen=True, slots=True)
class Case:
    """`sessions` over one transport in which the daemon (`down`) or the client (`up`) sends up to a
    gigabyte each, and the other side reads nothing. `lag_s` is how long they may, `calm_s` how long
    others are timed before. Where their times matter (`is_timed`) the bridge has a core of its own.
    """

    direction: Direction
    transport: Transport
    sessions: int
    log_bytes: int
    lag_s: float
    calm_s: float
    is_timed: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """Memory in KiB: of the bridge before and at its peak, and at most of all TCP buffers of the
    host. Round trips of others: 99th percentile in milliseconds, in calm and during the flood.
    `ends` counts the close codes, `first_s` is when the first session ended, from the beginning."""

    case: Case
    base_kib: int
    peak_kib: int
    kernel_kib: int
    calm_ms: float
    flood_ms: float
    ends: Counter[str]
    first_s: float

    @property
    def bound_kib(self) -> int:
        """What the memory has to stay below."""
        logs = self.case.sessions * self.case.log_bytes * MEMORY_FACTOR
        return self.base_kib + int(logs / 1024)

    @property
    def is_calm(self) -> bool:
        """Whether others noticed little."""
        return self.flood_ms < LATENCY_FACTOR * self.calm_ms

    @property
    def code(self) -> str:
        """What each session must end with."""
        return "slow-client" if self.case.direction == "down" else "slow-daemon"

    def faults(self) -> Iterator[str]:
        """What was not as it should be; how long anything took is not looked at."""
        if self.peak_kib > self.bound_kib:
            yield f"{self.peak_kib} KiB are above the bound of {self.bound_kib}"
        if self.ends != {self.code: self.case.sessions}:
            yield f"they ended with {dict(self.ends)}"
        if self.first_s < self.case.lag_s:
            yield f"one has ended after {self.first_s} s"


def cores() -> Sequence[int]:
    """Of the machine: the first is the bridge's own, the others are for those who use it, because
    in real life they have machines of their own."""
    found = range(os.cpu_count() or 1)
    if len(found) < 2:
        raise SystemExit("timing takes two cores, one for the bridge and one for all others")
    return found


def measure_alone(case: Case) -> Measured:
    """Runs the case in a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_measure_here, case).result()


def _measure_here(case: Case) -> Measured:
    if case.is_timed:
        os.sched_setaffinity(0, cores()[1:])
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(case, Path(folder)))


async def measure(case: Case, folder: Path) -> Measured:
    """Runs the case against a bridge of its own."""
    with listening_socket() as listening:
        async with probe() as (probing, probe_port), ScriptedDaemon(listening) as daemon:
            config = {
                "slow_client_s": case.lag_s,
                "slow_daemon_s": case.lag_s,
                "log_high_water_bytes": case.log_bytes,
                "log_low_water_bytes": case.log_bytes // 4,
                "daemons": {
                    "chat": {
                        "address": f"127.0.0.1:{listening.getsockname()[1]}",
                        "messages": "text",
                    },
                    "probe": {"address": f"127.0.0.1:{probe_port}", "messages": "text"},
                },
            }
            with RunningBridge(config, folder) as bridge:
                if case.is_timed:
                    os.sched_setaffinity(bridge.pid, cores()[:1])
                measured = await flood(case, bridge, daemon, probing)
                await probing.communicate(b"")  # it ends before the bridge does
                return measured


async def flood(
    case: Case, bridge: RunningBridge, daemon: ScriptedDaemon, probing: Process
) -> Measured:
    """Opens the sessions, times the calm, then lets them lag until all have ended."""
    await ask(probing, bridge.url)
    base_kib = bridge.peak_kib
    bridge.forget_peak()
    daemon.is_stalled = case.direction == "up"
    clients = await open_sessions(case, bridge)
    await bridge.logged("session opened", times=case.sessions + PROBES)
    await ask(probing, "opened")
    await asyncio.sleep(case.calm_s)
    calm_ms = float(await ask(probing, "calm"))
    if case.is_timed:
        # The probe goes before the floods on the core that they share.
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    async with KernelMemory() as kernel, asyncio.TaskGroup() as group:
        began_at = datetime.now(UTC)
        await let_loose(case, clients, daemon, group)
        await bridge.logged("session ended", times=case.sessions, within_s=3 * case.lag_s + GRACE_S)
        flood_ms = float(await ask(probing, "flood"))
        for client in clients:
            client.abort()
        for connection in daemon.connections:
            if not connection.is_lost:
                connection.transport.abort()
    ended = [match for line in bridge.log_lines if (match := ENDED.search(line))]
    first_at = datetime.fromisoformat(ended[0][1])
    return Measured(
        case,
        base_kib=base_kib,
        peak_kib=bridge.peak_kib,
        kernel_kib=kernel.peak_kib,
        calm_ms=calm_ms,
        flood_ms=flood_ms,
        ends=Counter(match[2] for match in ended),
        first_s=(first_at - began_at).total_seconds(),
    )


async def open_sessions(case: Case, bridge: RunningBridge) -> list[DeafClient]:
    """Clients that are connected and still quiet, opened some at a time."""
    gate = asyncio.Semaphore(OPENED_AT_ONCE)
    stream = receiving if case.direction == "down" else sending
    is_bound = case.transport in {"plain", "raw"}

    async def start(client: Client) -> DeafClient:
        async with gate:
            session = Session(client, "", "") if is_bound else await client.open()
            return await connect(
                bridge.url, stream(case.transport, session), listens=case.direction == "up"
            )

    async with Client(bridge.url) as client:
        return await asyncio.gather(*(start(client) for _ in range(case.sessions)))


async def let_loose(
    case: Case, clients: list[DeafClient], daemon: ScriptedDaemon, group: asyncio.TaskGroup
) -> None:
    """The floods begin, one after the other."""
    batch = MESSAGE * MESSAGES_AT_ONCE
    for client, connection in zip(clients, daemon.connections, strict=True):
        if case.direction == "up":
            client.go_on()
        else:
            group.create_task(connection.send(repeat(batch, FLOOD_BYTES // len(batch))))
        await asyncio.sleep(1 / BEGINNINGS_S)


class KernelMemory:
    """Looks at the memory of all TCP buffers of the host while used as a context manager (`mem` in
    /proc/net/sockstat, pages); `peak_kib` is what it grew by at most."""

    def __init__(self) -> None:
        self.peak_kib = 0

    async def __aenter__(self) -> Self:
        self._sampling = asyncio.ensure_future(self._sample(tcp_kib()))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._sampling.cancel()

    async def _sample(self, before_kib: int) -> None:
        while True:
            self.peak_kib = max(self.peak_kib, tcp_kib() - before_kib)
            await asyncio.sleep(SAMPLE_S)


def tcp_kib() -> int:
    """What the kernel holds in TCP buffers now."""
    line = Path("/proc/net/sockstat").read_text().partition("TCP:")[2]
    return int(line.partition(" mem ")[2].split()[0]) * resource.getpagesize() // 1024


@asynccontextmanager
async def probe() -> AsyncIterator[tuple[Process, int]]:
    """The process that times round trips, and the port of its daemon."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flood.probe", cwd=REPOSITORY, stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, int(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ask(probing: Process, line: str) -> str:
    """Its answer to a line."""
    assert probing.stdin is not None
    assert probing.stdout is not None
    probing.stdin.write(line.encode() + b"\n")
    return (await probing.stdout.readline()).decode()
