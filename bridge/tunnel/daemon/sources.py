"""Addresses of this machine that connections to a daemon come from.

A connection is told by its two addresses and two ports (RFC 9293), so one address has some 28,000
connections to one daemon, and then no port is left for another one. More addresses are more ports.
"""

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class Sources:
    """In the order in which they are to be tried: one that had no port left comes last."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = tuple(addresses)

    def __repr__(self) -> str:
        return f"<Sources {' '.join(self._addresses)}>"

    def towards(self, address: str) -> Sequence[str]:
        """Those of the same version of IP as a daemon's address."""
        is_6 = ":" in address
        return [source for source in self._addresses if (":" in source) == is_6]

    def exhausted(self, source: str) -> None:
        """It has no port left, towards one daemon at least."""
        others = [other for other in self._addresses if other != source]
        self._addresses = (*others, source)


class NoPortLeft(OSError):
    """None of the sources has a port left, or without any, this machine."""


@contextmanager
def ports_counted(address: str, source: str | None = None) -> Iterator[None]:
    """While it is connected there: raises `NoPortLeft` for what connect(2) says then. Towards IPv6
    it says the same where the machine has no such address to come from, unless it has a source."""
    try:
        yield
    except OSError as error:
        is_meant = source is not None or ":" not in address
        if error.errno != errno.EADDRNOTAVAIL or not is_meant:
            raise
        whose = "this machine" if source is None else f"the source {source}"
        fault = f"{whose} has no port left towards {address}; write one more source"
        raise NoPortLeft(errno.EADDRNOTAVAIL, fault) from error


def telling(failures: Sequence[OSError]) -> OSError:
    """Of the failures of all ways to a daemon, one at least, the one to be told: a port comes free,
    so whoever wanted one may come back; otherwise the last."""
    return next((each for each in failures if isinstance(each, NoPortLeft)), failures[-1])
