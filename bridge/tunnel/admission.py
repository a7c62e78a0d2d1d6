"""Who may open another session: limits by the client's address and by daemon.

Whoever is refused costs nothing: no connection to the daemon, and no token of a bucket.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from ipaddress import IPv6Address, ip_address
from typing import Final

from bridge.config import Config
from bridge.errors import Problem
from bridge.tunnel.client import Client
from bridge.tunnel.rate import Rate

RETRY_AFTER_S: Final = 5
"""Long enough for some sessions to end, short enough for a person to wait."""
OF_ONE_CLIENT_BITS: Final = 64
"""Of an IPv6 address: the rest of it whoever has the network may choose (RFC 4291, 2.5.4)."""


class Crowded(Exception):
    """Who it was that has too much: the cause of the problem, for the log alone."""


class Circle:
    """What is limited together: the sessions of each client, or of one daemon. `whose` is the name
    of the policy in the header fields."""

    def __init__(self, whose: str, most: int | None, per_s: float | None, burst: int) -> None:
        self._whose = whose
        self._most = math.inf if most is None else most
        self._burst = burst
        self._rate = None if per_s is None else Rate(per_s, burst)
        self._members = Counter[str]()

    def check(self, key: str, now: float) -> None:
        """Raises `Problem`: `too-many-sessions`, `rate-limited`."""
        if self._members[key] >= self._most:
            detail = f"this {self._whose} has {self._most} sessions, and may have no more"
            problem = Problem("too-many-sessions", detail, retry_after_s=RETRY_AFTER_S)
            raise problem from Crowded(f"the {self._whose} {key}")
        wait_s = 0.0 if self._rate is None else self._rate.wait_s(key, now)
        if self._rate is not None and wait_s > 0:
            raise self._too_fast(self._rate, wait_s) from Crowded(f"the {self._whose} {key}")

    def enter(self, key: str, now: float) -> None:
        """One session more."""
        self._members[key] += 1
        if self._rate is not None:
            self._rate.take(key, now)

    def leave(self, key: str) -> None:
        """One less."""
        self._members[key] -= 1
        if not self._members[key]:
            del self._members[key]

    def _too_fast(self, rate: Rate, wait_s: float) -> Problem:
        """With the fields of draft-ietf-httpapi-ratelimit-headers."""
        later_s = math.ceil(wait_s)
        window_s = math.ceil(rate.window_s)
        return Problem(
            "rate-limited",
            f"sessions of this {self._whose} are opened too fast",
            retry_after_s=later_s,
            headers={
                "RateLimit-Policy": f'"{self._whose}";q={self._burst};w={window_s}',
                "RateLimit": f'"{self._whose}";r=0;t={later_s}',
            },
        )


class Admission:
    """Keeps count of the sessions that are open or being opened."""

    def __init__(self, config: Config, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._clients = Circle(
            "client", config.client_max_sessions, config.client_opens_per_s, config.opens_burst
        )
        self._daemons = {
            name: Circle("daemon", daemon.max_sessions, daemon.opens_per_s, config.opens_burst)
            for name, daemon in config.daemons.items()
        }
        self._places: dict[str, list[tuple[Circle, str]]] = {}

    def enter(self, session: str, daemon: str, client: Client) -> None:
        """Let a session in, by its id. Raises `Problem`: `too-many-sessions`, `rate-limited`."""
        now = self._now()
        places = list(self._circles(daemon, client))
        for circle, key in places:
            circle.check(key, now)
        for circle, key in places:
            circle.enter(key, now)
        self._places[session] = places

    def leave(self, session: str) -> None:
        """It is over; harmless if that was told before."""
        for circle, key in self._places.pop(session, ()):
            circle.leave(key)

    def _circles(self, daemon: str, client: Client) -> Iterator[tuple[Circle, str]]:
        if client.address is not None:
            yield self._clients, owner_of(client.address)
        if daemon in self._daemons:
            yield self._daemons[daemon], daemon


def owner_of(address: str) -> str:
    """What is counted as one client: an IPv4 address, or a network of IPv6."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        bits = 128 - OF_ONE_CLIENT_BITS
        return f"{IPv6Address(int(parsed) >> bits << bits)}/{OF_ONE_CLIENT_BITS}"
    return address
