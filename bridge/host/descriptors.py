"""File descriptors: how many this process may have, and how many sessions fit into them.

Each client and each daemon costs one. When none is left nothing can be accepted, dialled or looked
up, so sessions alone must never take them all.
"""

import errno
import resource
from typing import Final

PER_SESSION: Final = 3
"""The daemon's connection, a held poll, and a send beside it."""
RESERVE: Final = 64
"""For everything else: the event loop, what listens, lookups, idle clients, those being refused."""
EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE})
"""The process's own limit, and the whole system's."""


def raise_limit() -> int:
    """Raise the limit as far as the process may by itself; returns how many there are then.

    The soft limit is low for the sake of programs that use select(2).
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):
        return soft  # macOS knows no bound here, and yet refuses one so high
    return hard


def sessions_within(limit: int) -> int:
    """How many sessions fit; one at least, or there would be no use in serving."""
    return max(1, (limit - RESERVE) // PER_SESSION)


def in_words(error: OSError) -> str:
    """What went wrong, and what to do where descriptors are short."""
    reason = error.strerror or str(error)
    match error.errno:
        case errno.EMFILE:
            return f"{reason}; raise the limit: ulimit -n, or LimitNOFILE= in the systemd unit"
        case errno.ENFILE:
            return f"{reason}; raise the system's limit: sysctl fs.file-max"
        case _:
            return reason
