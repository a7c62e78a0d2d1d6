"""What the bodies of requests hold while they are under way.

One that is accepted as it comes holds little at a time. One in JSON, one that is compressed and
that of an exchange are held whole, and a few kilobytes may be inflated to megabytes. Of such long
ones a client has its portion, or it could take all that may be held.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from bridge.errors import Problem
from bridge.tunnel.budget import Budget, Share

LONG_BYTES: Final = 1 << 19
"""A body of which no more is held is not among the long ones."""
PORTIONS: Final = 8

Hold: TypeAlias = Callable[[int], None]
"""To be told how many bytes of a body are held now. Raises `Problem` where that is too much:
`rate-limited` for this client, `too-many-sessions` for all together."""


class HeldBodies:
    """Those of all clients; the budget is that of sessions, too."""

    def __init__(self, budget: Budget, max_body_bytes: int) -> None:
        self._budget = budget
        self._portion_bytes = max(budget.limit_bytes // PORTIONS, max_body_bytes)
        self._long_bytes = Counter[str]()

    @property
    def exceeded(self) -> bool:
        """Whether nothing more may be held."""
        return self._budget.exceeded

    @contextmanager
    def body_of(self, owner: str | None) -> Iterator[Hold]:
        """One more, held within the block. Clients of whom nothing is known have no portion."""
        share, long = Share(self._budget), Portion(self._long_bytes, owner)

        def hold(held_bytes: int) -> None:
            share.settle(held_bytes)
            long.settle(held_bytes if held_bytes > LONG_BYTES else 0)
            if self._budget.exceeded:
                detail = "the bridge holds as much as it may; send this again"
                raise Problem("too-many-sessions", detail, retry_after_s=1)
            if long.of_owner > self._portion_bytes:
                detail = "the bridge holds as much of this client as it may; send this again"
                raise Problem("rate-limited", detail, retry_after_s=1)

        try:
            yield hold
        finally:
            share.settle(0)
            long.settle(0)


class Portion:
    """What one long body adds to those of its client."""

    def __init__(self, all_of_them: Counter[str], owner: str | None) -> None:
        self._all = all_of_them
        self._owner = owner
        self._held_bytes = 0

    @property
    def of_owner(self) -> int:
        """Bytes that the client's long bodies hold together."""
        return 0 if self._owner is None else self._all[self._owner]

    def settle(self, held_bytes: int) -> None:
        """It holds so much now; 0 when it is over."""
        if self._owner is None or held_bytes == self._held_bytes:
            return
        self._all[self._owner] += held_bytes - self._held_bytes
        self._held_bytes = held_bytes
        if not self._all[self._owner]:
            del self._all[self._owner]
