"""How a turn is measured: each function starts the daemon, the system and the load anew."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median
from typing import Final, Self

from bench.client import Client
from bench.contender import Figures, Turn
from bench.cores import Cores, idle_s
from bench.daemon import Daemon
from bench.failure import Failure
from bench.figure import Figure
from bench.system import System, serving

MARGIN: Final = 0.1
"""This part of the measured time is left out at its beginning and end where processor time is read,
since this process and the load do not begin at the same moment."""
GRACE_S: Final = 20.0
REHEARSAL_CLIENTS: Final = 50
PUSHES: Final = 20
QUIET_SHARE: Final = 0.05
QUIET_LOOK_S: Final = 0.25
QUIET_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Reading:
    """The clocks at one moment, in seconds."""

    now: float
    cpu: float
    system_idle: float
    load_idle: float

    @classmethod
    def of(cls, system: System, cores: Cores) -> Self:
        """As they stand now."""
        return cls(time.monotonic(), system.cpu_s, idle_s(cores.system), idle_s(cores.load))

    def busy_until(self, later: Self) -> Figures:
        """How busy the system was since, who else was on its core, and the load's core."""
        passed_s = later.now - self.now
        system = (later.cpu - self.cpu) / passed_s
        core = 1 - (later.system_idle - self.system_idle) / passed_s
        load_core = 1 - (later.load_idle - self.load_idle) / passed_s
        return {
            Figure.SYSTEM_BUSY: system,
            Figure.OTHERS: max(0.0, core - system),
            Figure.LOAD_BUSY: max(0.0, load_core),
        }


@contextmanager
def stage(turn: Turn) -> Iterator[tuple[Daemon, System]]:
    """The daemon and the system of a turn; it must still run at the end."""
    with (
        Daemon(turn.cores.load) as daemon,
        serving(turn.contender.peer, daemon.port, turn.cores.system) as system,
    ):
        yield daemon, system
        system.check()


def traffic(turn: Turn) -> Figures:
    """Messages there and back, as many as go."""
    lengths = turn.lengths
    options = ("--seconds", lengths.measured_s, "--warm-up", lengths.warm_up_s)
    with stage(turn) as (_, system), _load(turn, system, *options) as client:
        client.await_opened()
        time.sleep(lengths.warm_up_s)
        busy = _busy(turn, system)
        report = client.report(GRACE_S)
    if not report.messages:
        raise Failure("no message came back")
    rate = report.messages / report.seconds
    return {
        Figure.RATE: rate,
        Figure.CPU: busy[Figure.SYSTEM_BUSY] / rate * 1e6,
        Figure.P50: report.p50_us,
        Figure.P99: report.p99_us,
        **busy,
    }


def idling(turn: Turn) -> Figures:
    """Memory for each session that is open and quiet, beyond what the system needs anyway."""
    work = turn.contender.work
    few = replace(turn.contender, work=replace(work, clients=REHEARSAL_CLIENTS))
    with stage(turn) as (_, system), _held(replace(turn, contender=few), system):
        before_bytes = system.memory_bytes
        with _held(turn, system):
            grown_bytes = system.memory_bytes - before_bytes
    return {Figure.MEMORY: grown_bytes / work.clients / 1000}


def opening(turn: Turn) -> Figures:
    """Sessions opened and closed, as many as go."""
    seconds = turn.lengths.measured_s
    with stage(turn) as (_, system), _load(turn, system, "--opens", seconds) as client:
        busy = _busy(turn, system)
        opens_per_s = client.opens_per_s(GRACE_S)
    if not opens_per_s:
        raise Failure("no session was opened")
    return {
        Figure.OPENS: opens_per_s,
        Figure.OPEN_CPU: busy[Figure.SYSTEM_BUSY] / opens_per_s * 1e6,
        **busy,
    }


def pushing(turn: Turn) -> Figures:
    """From when the daemon begins to send one message to all, to when the last client has it."""
    with stage(turn) as (daemon, system), _load(turn, system, "--listen-only") as client:
        client.await_opened()
        _await_quiet(system)
        work = turn.contender.work
        before = Reading.of(system, turn.cores)
        times_ns = [_push(daemon, client, work.size_bytes) for _ in range(PUSHES)]
        after = Reading.of(system, turn.cores)
    time_s = median(times_ns) / 1e9
    return {
        Figure.RATE: work.clients / time_s,
        Figure.PUSH: time_s * 1000,
        Figure.CPU: (after.cpu - before.cpu) / (work.clients * PUSHES) * 1e6,
        **before.busy_until(after),
    }


def _busy(turn: Turn, system: System) -> Figures:
    """How busy it is in the time that is measured, which begins now."""
    seconds = turn.lengths.measured_s
    time.sleep(seconds * MARGIN)
    before = Reading.of(system, turn.cores)
    time.sleep(seconds * (1 - 2 * MARGIN))
    return before.busy_until(Reading.of(system, turn.cores))


@contextmanager
def _held(turn: Turn, system: System) -> Iterator[None]:
    """Meanwhile the clients are connected, and nothing happens."""
    with _load(turn, system, "--hold") as client:
        client.await_opened()
        _await_quiet(system)
        yield


def _push(daemon: Daemon, client: Client, size_bytes: int) -> int:
    began_ns = daemon.push(size_bytes)
    return client.received() - began_ns


def _load(turn: Turn, system: System, *options: object) -> Client:
    return Client(turn.contender.work, system.port, turn.cores.load, *options)


def _await_quiet(system: System) -> None:
    """Returns once the system has next to nothing to do."""
    deadline = time.monotonic() + QUIET_S
    used_s = system.cpu_s
    while time.monotonic() < deadline:
        time.sleep(QUIET_LOOK_S)
        before_s, used_s = used_s, system.cpu_s
        if used_s - before_s < QUIET_SHARE * QUIET_LOOK_S:
            return
    raise Failure(f"is not quiet after {QUIET_S:g} s")
