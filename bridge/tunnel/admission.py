"""Who may open another session: limits by the client's address, by user and by daemon.

Whoever is refused costs nothing: no connection to the daemon, and no token of a bucket.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

from bridge.config import Config
from bridge.errors import Problem
from bridge.tunnel.client import Client
from bridge.tunnel.pace.quota import Crowded, Quota, rate_limit_fields
from bridge.tunnel.pace.rate import Rate

RETRY_AFTER_S: Final = 5
"""Long enough for some sessions to end, short enough for a person to wait."""


class Circle:
    """What is limited together: the sessions of each client or user, or of one daemon. `whose` is
    the name of the policy in the header fields, `prefix` begins the keys of the configuration."""

    def __init__(
        self, whose: str, prefix: str, most: int | None, per_s: float | None, burst: int
    ) -> None:
        self._whose = whose
        self._prefix = prefix
        self._most = math.inf if most is None else most
        self._rate = None if per_s is None else Rate(per_s, burst)
        self._members = Counter[str]()

    def check(self, key: str, now: float) -> None:
        """Raises `Problem`: `too-many-sessions`, `rate-limited`."""
        if self._members[key] >= self._most:
            detail = f"this {self._whose} has {self._most} sessions, and may have no more"
            problem = Problem("too-many-sessions", detail, retry_after_s=RETRY_AFTER_S)
            raise problem from Crowded(f"{self._prefix}max_sessions", key)
        for quota in self.quotas(key):
            if (wait_s := quota.wait_s(now)) > 0:
                raise quota.refusal(f"sessions of this {self._whose} are opened too fast", wait_s)

    def enter(self, key: str, now: float) -> None:
        """One session more."""
        self._members[key] += 1
        for quota in self.quotas(key):
            quota.take(now)

    def leave(self, key: str) -> None:
        """One less."""
        self._members[key] -= 1
        if not self._members[key]:
            del self._members[key]

    def quotas(self, key: str) -> Iterator[Quota]:
        """How fast its sessions may be opened, if that is limited."""
        if self._rate is not None:
            yield Quota(self._whose, f"{self._prefix}opens_per_s", self._rate, key)


class Admission:
    """Keeps count of the sessions that are open or being opened."""

    def __init__(self, config: Config, now: Callable[[], float]) -> None:
        self._now = now
        burst = config.opens_burst
        self._clients = Circle(
            "client", "client_", config.client_max_sessions, config.client_opens_per_s, burst
        )
        self._users = Circle(
            "user", "user_", config.user_max_sessions, config.user_opens_per_s, burst
        )
        self._daemons = {
            name: Circle("daemon", "", daemon.max_sessions, daemon.opens_per_s, burst)
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

    def fields(self, client: Client) -> dict[str, str]:
        """What the client may still open, as header fields; none where that is not limited."""
        own = chain.from_iterable(circle.quotas(key) for circle, key in self._own(client))
        return rate_limit_fields(list(own), self._now())

    def _circles(self, daemon: str, client: Client) -> Iterator[tuple[Circle, str]]:
        yield from self._own(client)
        if daemon in self._daemons:
            yield self._daemons[daemon], daemon

    def _own(self, client: Client) -> Iterator[tuple[Circle, str]]:
        """Those that are not shared with strangers."""
        for circle, key in ((self._clients, client.owner), (self._users, client.user)):
            if key is not None:
                yield circle, key
