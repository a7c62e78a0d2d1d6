"""Which transport to try next, and when. Pure: outcomes in, decisions out.

A transport that worked is tried again; one that did not get through makes room for the next in the
list, at once. When all have failed it goes on from the start, after a pause that doubles each time.
From a transport that is not the best one we return now and then.
"""

import random
from collections.abc import Callable, Sequence
from typing import Final, Literal

from bridge.client.outcome import Left, Lost

Transport = Literal["websocket", "event-stream", "long-poll"]

TRANSPORTS: Final[tuple[Transport, ...]] = ("websocket", "event-stream", "long-poll")

FIRST_PAUSE_S: Final = 0.5
"""Short enough not to be felt."""
LONGEST_PAUSE_S: Final = 10.0
PAUSES_TO_RESUME: Final = 6
"""So many of the longest pauses fit into the time for which the bridge keeps the session."""
PATIENCE: Final = 3
"""So many breaks in a row soon after connecting, and the transport is taken to be a bad one."""
LONGEST_STAY_S: Final = 600.0
"""A trial of the better transport can hold up messages for as long as its opening may take."""
MOST_DOUBLINGS: Final = 16
"""Far above either of the longest."""


class Route:
    """`transport` is the one to try now. `stay_s` is how long to stay with one that is not the best
    before the best is tried again; it doubles with each trial."""

    def __init__(
        self,
        transports: Sequence[Transport],
        stay_s: float,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._transports: Final = transports
        self._stay_s: Final = stay_s
        self._draw: Final = draw
        self._longest_pause_s = LONGEST_PAUSE_S
        self._index = 0
        self._breaks = 0
        self._returns = 0

    @property
    def transport(self) -> Transport:
        """The one to try."""
        return self._transports[self._index]

    @property
    def stay_s(self) -> float | None:
        """How long to stay with it; `None`: for ever, since it is the best one."""
        if self._index == 0:
            return None
        return min(doubled(self._stay_s, self._returns), LONGEST_STAY_S)

    def hurry(self, resume_s: float) -> None:
        """The bridge keeps a session so long without a connection."""
        self._longest_pause_s = min(LONGEST_PAUSE_S, resume_s / PAUSES_TO_RESUME)

    def after(self, outcome: Lost | Left, *, steady: bool) -> float:
        """Take how `transport` came out, and whether it had worked for a good while; move on.
        Returns how many seconds to wait before `transport` is tried."""
        if steady:
            self._forgive()
        if isinstance(outcome, Left):
            return self._return_to_best()
        if not outcome.worked or self._breaks >= PATIENCE:
            self._index = (self._index + 1) % len(self._transports)
            if self._index > 0:
                return outcome.retry_after_s
        self._breaks += 1
        return max(self._pause_s(), outcome.retry_after_s)

    def _forgive(self) -> None:
        self._breaks = 0
        if self._index == 0:
            self._returns = 0

    def _return_to_best(self) -> float:
        self._index = 0
        self._returns += 1
        return 0.0

    def _pause_s(self) -> float:
        # Half of it by chance: the clients of a bridge that is back must not all come at once.
        longest_s = min(doubled(FIRST_PAUSE_S, self._breaks - 1), self._longest_pause_s)
        return longest_s * (0.5 + self._draw() / 2)


def doubled(seconds: float, times: int) -> float:
    """So many times twice as long."""
    return float(seconds * 2 ** min(times, MOST_DOUBLINGS))
