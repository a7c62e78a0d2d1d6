"""What a bridge holds, counted: the loop's tasks and timers, descriptors, objects, memory."""

import asyncio
import gc
import re
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from itertools import chain
from pathlib import Path

Census = Counter[str]
NUMBER = re.compile(r"\[\d+\]|\d+")


def census() -> Census:
    """Of this process and the running loop, which must be one of asyncio's own."""
    gc.collect()
    return at_work() + Counter(objects())


def at_work() -> Census:
    """What must be ended, and not only let go."""
    return Counter(chain(tasks(), timers(), descriptors("self")))


def tasks() -> Iterator[str]:
    """Tasks that have not ended."""
    for task in asyncio.all_tasks():
        yield f"task {getattr(task.get_coro(), '__qualname__', task)}"


def timers() -> Iterator[str]:
    """Timers that will fire. One that was cancelled may stay in the loop's list for a while."""
    for handle in asyncio.get_running_loop()._scheduled:  # type: ignore[attr-defined]
        if not handle.cancelled():
            yield f"timer {getattr(handle._callback, '__qualname__', handle._callback)}"


def objects() -> Iterator[str]:
    """Whatever is of a class of the bridge, or of the server's half of aiohttp."""
    for thing in gc.get_objects():
        name = f"{type(thing).__module__}.{type(thing).__qualname__}"
        if name.startswith(("bridge.", "aiohttp.web")) and not isinstance(thing, Enum):
            yield f"object {name}"


def descriptors(process: int | str) -> Iterator[str]:
    """Open file descriptors, by kind."""
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            yield f"descriptor {NUMBER.sub('', str(link.readlink()))}"
        except FileNotFoundError:
            continue  # the one that the directory itself is read with


def resident_bytes(pid: int) -> int:
    """The memory that a process has in use."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None, status
    return int(found[1]) * 1024
