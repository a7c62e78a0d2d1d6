"""So many a second, and so many at once, for each of many: token buckets, a number each.

The number is the time at which a bucket will be full again (GCRA, ITU-T I.371): a bucket that is
full is as good as none, and is forgotten.
"""

from typing import Final

FEW: Final = 1024
"""So many buckets are kept before it is looked which of them are full."""


class Rate:
    """`per_s` a second on average, `burst` at once. Times are seconds on any clock that only goes
    forward."""

    def __init__(self, per_s: float, burst: int) -> None:
        self._interval_s = 1 / per_s
        self._burst = burst
        self._full_at: dict[str, float] = {}
        self._look_at = FEW

    def __len__(self) -> int:
        """Buckets that are kept."""
        return len(self._full_at)

    @property
    def window_s(self) -> float:
        """How long an empty bucket takes to fill."""
        return self._burst * self._interval_s

    def wait_s(self, key: str, now: float) -> float:
        """How long until one may be taken: 0 for now."""
        to_fill_s = self._full_at.get(key, now) - now
        return max(to_fill_s - (self.window_s - self._interval_s), 0.0)

    def take(self, key: str, now: float) -> None:
        """One, which `wait_s` has allowed."""
        self._full_at[key] = max(self._full_at.get(key, now), now) + self._interval_s
        if len(self._full_at) > self._look_at:
            self._full_at = {each: at for each, at in self._full_at.items() if at > now}
            self._look_at = max(FEW, 2 * len(self._full_at))
