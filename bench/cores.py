"""Who runs on which processor core: the system under test has one to itself."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Cores:
    """The core of the system under test, and that of the load and the daemon."""

    system: int
    load: int

    @classmethod
    def chosen(cls) -> Self:
        """The first two that this process may use, which itself keeps to that of the load from now
        on. Raises `SystemExit` where there is but one."""
        allowed = sorted(os.sched_getaffinity(0))
        if len(allowed) < 2:
            raise SystemExit("bench: two processor cores are needed")
        cores = cls(*allowed[:2])
        os.sched_setaffinity(0, {cores.load})
        return cores


@contextmanager
def starting_on(core: int) -> Iterator[None]:
    """Processes that are started meanwhile run on this core, all their threads and children too."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def idle_s(core: int) -> float:
    """For how long this core has had nothing to do, in hundredths of a second (`/proc/stat`)."""
    _, _, counters = Path("/proc/stat").read_text().partition(f"cpu{core} ")
    return int(counters.split()[3]) / os.sysconf("SC_CLK_TCK")
