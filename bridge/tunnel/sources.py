"""Addresses of this machine that connections to a daemon come from.

A connection is told by its two addresses and two ports (RFC 9293), so one address has some 28,000
connections to one daemon, and then no port is left for another one. More addresses are more ports.
"""

from collections.abc import Sequence


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
    """None of the sources has a port left."""


def telling(failures: Sequence[OSError]) -> OSError:
    """Of the failures of all ways to a daemon, one at least, the one to be told: a port comes free,
    so whoever wanted one may come back; otherwise the last."""
    return next((each for each in failures if isinstance(each, NoPortLeft)), failures[-1])
