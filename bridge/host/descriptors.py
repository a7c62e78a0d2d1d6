"""File descriptors: how many this process may have, and how many sessions fit into them.

Each client and each daemon costs one. When none is left nothing can be accepted, dialled or looked
up, so sessions alone must never take them all.
"""

import contextlib
import errno
import resource
from typing import Final

PER_SESSION: Final = 3
"""The daemon's connection, a held poll, and a send beside it."""
RESERVE: Final = 64
"""For everything else: the event loop, what listens, lookups, idle clients, those being refused."""
EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE})
"""The process's own limit, and the whole system's."""
REMEDY: Final = "raise the hard limit, by ulimit -n or LimitNOFILE= in the systemd unit"


def raise_limit() -> None:
    """Raise the limit as far as the process may by itself: the soft one is low only for the sake of
    programs that use select(2)."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):  # macOS knows no bound, and refuses none
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def limit() -> int:
    """How many there may be."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def sessions_within(descriptors: int) -> int:
    """How many sessions fit; one at least, or there would be no use in serving."""
    return max(1, (descriptors - RESERVE) // PER_SESSION)


def in_words(error: OSError) -> str:
    """What went wrong, and what to do where descriptors are short."""
    reason = error.strerror or str(error)
    match error.errno:
        case errno.EMFILE:
            return f"{reason}; {REMEDY}"
        case errno.ENFILE:
            return f"{reason}; raise the system's limit: sysctl fs.file-max"
        case _:
            return reason
