"""So many a second, and so many at once, for each of many: token buckets, a number each.

The number is the time at which a bucket will be full again (GCRA, ITU-T I.371): a bucket that is
full is as good as none, and is forgotten.
"""

from typing import Final

FEW: Final = 1024
"""So many buckets are kept before it is looked which of them are full."""


class Rate:
    """`per_s` a second on average, `burst` at once, at least one. Times are seconds on any clock
    that only goes forward."""

    def __init__(self, per_s: float, burst: float) -> None:
        self.per_s: Final = per_s
        self.burst: Final = max(burst, 1)
        self._interval_s = 1 / per_s
        self._full_at: dict[str, float] = {}
        self._look_at = FEW

    def __len__(self) -> int:
        """Buckets that are kept."""
        return len(self._full_at)

    @property
    def window_s(self) -> float:
        """How long an empty bucket takes to fill."""
        return self.burst * self._interval_s

    def fills_in_s(self, key: str, now: float) -> float:
        """How long until the bucket is full, if nothing more is taken."""
        return max(self._full_at.get(key, now) - now, 0.0)

    def wait_s(self, key: str, now: float) -> float:
        """How long until one may be taken: 0 for now."""
        return max(self.fills_in_s(key, now) - (self.window_s - self._interval_s), 0.0)

    def left(self, key: str, now: float) -> int:
        """How many may be taken now."""
        return max(int((self.window_s - self.fills_in_s(key, now)) * self.per_s + 1e-9), 0)

    def take(self, key: str, now: float, amount: float = 1) -> None:
        """So many. Where that is more than there are, whoever comes next has to wait for longer;
        less than 0 gives back."""
        self._full_at[key] = max(self._full_at.get(key, now), now) + amount * self._interval_s
        if len(self._full_at) > self._look_at:
            self._full_at = {each: at for each, at in self._full_at.items() if at > now}
            self._look_at = max(FEW, 2 * len(self._full_at))
