"""How fast one session may go one way: as fast as each of its quotas allows.

Data goes in portions. A portion is paid for at once, and goes when all that was paid before has
been earned. So those who share a quota take turns, a portion each, and no flood keeps anybody from
his turn.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from bridge.errors import Problem
from bridge.protocol.framing import ZERO, offset_of
from bridge.tunnel.pace.quota import Quota

PORTION_S: Final = 0.1
"""What comes together in so long is one portion: nobody notices that it is none, and a timer for
each costs nothing to speak of."""


class Price(NamedTuple):
    """What a portion takes of the quotas."""

    messages: int
    bytes: int


class Throttle:
    """Tells how much may go, and when; times are seconds on any clock that only goes forward. Where
    messages are `whole`, a portion is one at least, however long it is."""

    def __init__(self, quotas: Sequence[Quota], *, whole: bool) -> None:
        self._quotas = quotas
        self._whole = whole
        self._most_messages = portion_of(quotas, of_bytes=False)
        self._most_bytes = portion_of(quotas, of_bytes=True)
        self._paid: Price | None = None  # for the portion that waits
        self._goes_at = 0.0

    def ask(self, data: bytes, now: float) -> int:
        """How much of the data, from its beginning, may go now. It is paid for, so it has to. With
        0, ask again after `wait_s`."""
        paid, wait_s = self._paid, self.wait_s(now)
        if paid is not None and wait_s > 0:
            return 0
        size = self._portion(data)
        price = price_of(data[:size])
        self._pay(price, now)
        if paid is None and wait_s > 0:
            self._paid, self._goes_at = price, now + wait_s
            return 0
        return size

    def charge(self, data: bytes, now: float) -> None:
        """All of it goes, whatever is left of the quotas; later portions wait for longer."""
        self._pay(price_of(data), now)

    def wait_s(self, now: float) -> float:
        """How long until the next portion may go."""
        if self._paid is not None:
            return max(self._goes_at - now, 0.0)
        return max(quota.wait_s(now) for quota in self._quotas)

    def refusal(self, now: float) -> Problem:
        """The answer to a request that cannot wait for so long."""
        slowest = max(self._quotas, key=lambda quota: quota.wait_s(now))
        return slowest.refusal(
            f"{slowest.policy} come too fast; send the rest later", self.wait_s(now)
        )

    def _pay(self, price: Price, now: float) -> None:
        paid, self._paid = self._paid or Price(0, 0), None
        for quota in self._quotas:
            amount = price.bytes - paid.bytes if quota.of_bytes else price.messages - paid.messages
            quota.take(now, amount)

    def _portion(self, data: bytes) -> int:
        end = len(data)
        if self._most_bytes is not None and end > self._most_bytes:
            end = self._cut(data, self._most_bytes)
        if self._most_messages is not None and data.count(ZERO, 0, end) > self._most_messages:
            end = offset_of(data[:end], self._most_messages)
        return end

    def _cut(self, data: bytes, most: int) -> int:
        if not self._whole:
            return most
        return data.rfind(ZERO, 0, most) + 1 or data.find(ZERO) + 1 or len(data)


def price_of(data: bytes) -> Price:
    """A message counts where it ends."""
    return Price(data.count(ZERO), len(data))


def portion_of(quotas: Sequence[Quota], *, of_bytes: bool) -> int | None:
    """The largest portion that no quota of this kind forbids; `None` where there is none."""
    rates = [quota.rate for quota in quotas if quota.of_bytes is of_bytes]
    return min((max(int(rate.per_s * PORTION_S), 1) for rate in rates), default=None)
