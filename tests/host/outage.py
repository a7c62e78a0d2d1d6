"""A bridge in an outage, seen from outside."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yarl import URL

from tests.support.bridge import RunningBridge

OUTAGE = "cannot accept connections"
IDLE_SHARE = 0.3
"""Of one processor. A process that spins has all of it, even on a busy machine most."""


def connection_to(bridge: RunningBridge) -> socket.socket:
    """A client that says nothing."""
    url = URL(bridge.url)
    assert url.host is not None
    assert url.port is not None
    return socket.create_connection((url.host, url.port))


def count_descriptors(bridge: RunningBridge) -> int:
    return sum(1 for _ in Path(f"/proc/{bridge.pid}/fd").iterdir())


async def all_lines(bridge: RunningBridge, text: str) -> list[str]:
    """All lines of its log with this in them. It is ended, or some might be on their way."""
    bridge.terminate()
    await bridge.exited()
    return bridge.lines_with(text)


@contextmanager
def stays_idle(bridge: RunningBridge) -> Iterator[None]:
    """Fails if the bridge uses much processor time while the body waits for something."""
    cpu_s, wall_s = bridge.cpu_s, time.monotonic()
    yield
    cpu_s, wall_s = bridge.cpu_s - cpu_s, time.monotonic() - wall_s
    assert cpu_s < IDLE_SHARE * wall_s
