"""Places for what anybody may ask for: so many in all, and so many for one client."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bridge.errors import Problem


class Places:
    """Whose they are is counted by the address of a client, where that is known."""

    def __init__(self, in_all: int, of_one: int) -> None:
        self._in_all = in_all
        self._of_one = of_one
        self._taken = Counter[str | None]()

    def take(self, owner: str | None) -> None:
        """One more, until `leave`. Raises `Problem` `rate-limited` if there is none."""
        has_its_own = owner is not None and self._taken[owner] >= self._of_one
        if has_its_own or self._taken.total() >= self._in_all:
            raise Problem("rate-limited", "too many of this are under way", retry_after_s=1)
        self._taken[owner] += 1

    def leave(self, owner: str | None) -> None:
        """One of its places is free."""
        self._taken[owner] -= 1
        if not self._taken[owner]:
            del self._taken[owner]

    @contextmanager
    def taken(self, owner: str | None) -> Iterator[None]:
        """A place within the block; raises as `take` does."""
        self.take(owner)
        try:
            yield
        finally:
            self.leave(owner)
