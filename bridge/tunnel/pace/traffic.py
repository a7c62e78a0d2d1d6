"""How fast clients, users and daemons may go, each way, and what is left to them."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from bridge.config import Config
from bridge.config.pace import Pace
from bridge.tunnel.client import Client
from bridge.tunnel.pace.quota import Quota
from bridge.tunnel.pace.rate import Rate
from bridge.tunnel.pace.throttle import Throttle

MAX_DEBT_S: Final = 5.0
"""An end lets pass at once what was waiting. Whoever has gone so far ahead of the limit by it opens
no session before most of that has been earned; or else sessions that end would be a way around."""


class Lane:
    """The pace of each client, user or daemon in one direction; `whose` begins its policies, `key`
    is that of the configuration."""

    def __init__(self, whose: str, key: str, pace: Pace | None) -> None:
        self._rates: list[tuple[str, str, Rate, bool]] = []
        if pace is None:
            return
        for unit, per_s in (("messages", pace.messages_per_s), ("bytes", pace.bytes_per_s)):
            if per_s is not None:
                rate = Rate(per_s, per_s * pace.burst_s)
                limit = f"{key}.{unit}_per_s"
                self._rates.append((f"{whose}-{unit}", limit, rate, unit == "bytes"))

    def quotas(self, key: str | None) -> Iterator[Quota]:
        """Of one of them; none where nobody knows which it is."""
        if key is not None:
            for policy, limit, rate, of_bytes in self._rates:
                yield Quota(policy, limit, rate, key, of_bytes)


class Way:
    """One direction, up or down, for everybody."""

    def __init__(
        self, name: str, client: Pace | None, user: Pace | None, daemons: Mapping[str, Pace | None]
    ) -> None:
        self._clients = Lane(f"client-{name}", f"client_{name}", client)
        self._users = Lane(f"user-{name}", f"user_{name}", user)
        self._daemons = {each: Lane(f"daemon-{name}", name, pace) for each, pace in daemons.items()}

    def throttle(self, daemon: str, client: Client, *, whole: bool) -> Throttle | None:
        """For a session of its own; `None` without limits."""
        shared = self._daemons[daemon].quotas(daemon) if daemon in self._daemons else ()
        quotas = list(chain(self.own(client), shared))
        return Throttle(quotas, whole=whole) if quotas else None

    def own(self, client: Client) -> Iterator[Quota]:
        """What nobody but this client and user takes from."""
        return chain(self._clients.quotas(client.owner), self._users.quotas(client.user))


class Traffic:
    """Makes the throttles of sessions. Times are those of the event loop."""

    def __init__(self, config: Config) -> None:
        ups = {name: daemon.up for name, daemon in config.daemons.items()}
        downs = {name: daemon.down for name, daemon in config.daemons.items()}
        self.up: Final = Way("up", config.client_up, config.user_up, ups)
        self.down: Final = Way("down", config.client_down, config.user_down, downs)

    def check(self, client: Client, now: float) -> None:
        """Raises `Problem` `rate-limited` for who is far ahead of its own limits."""
        for quota in self.up.own(client):
            if (wait_s := quota.wait_s(now)) > MAX_DEBT_S:
                raise quota.refusal(f"{quota.policy} came too fast", wait_s)
