"""The numbered log of messages from the client to the daemon.

Nothing is held here: a message is *accepted* when it goes into the daemon's ordered stream, or when
it is refused; either way its number is used up. What is kept is the number, so that a retry is
recognised, and the latest refusal, so that a retry which covers it gets the same answer.
"""

from typing import NamedTuple

from bridge.protocol.checks import Fault, Guard
from bridge.protocol.framing import offset_of


class Refusal(NamedTuple):
    """Up message `number` was refused; nothing of it reached the daemon."""

    number: int
    fault: Fault


class Admitted(NamedTuple):
    """The outcome of offering a batch: write `data` to the daemon. With a `refusal`, `rest` is what
    stood behind the refused message and has not been looked at."""

    data: bytes
    refusal: Refusal | None = None
    rest: bytes = b""


class TooFarAhead(Exception):
    """Messages are missing before the first one offered; `expected` is the number to send."""

    def __init__(self, first: int, expected: int) -> None:
        super().__init__(f"first={first}, but message {expected} is expected")
        self.first = first
        self.expected = expected


class UpLog:
    """`accepted`: the highest number accepted. `refusal`: the latest one, or `None`."""

    __slots__ = ("_guard", "accepted", "accepted_bytes", "refusal")

    def __init__(self, guard: Guard) -> None:
        self.accepted = 0
        self.accepted_bytes = 0
        self.refusal: Refusal | None = None
        self._guard = guard

    def __repr__(self) -> str:
        return f"<UpLog {self.accepted}>"

    def check(self, first: int) -> None:
        """Raise `TooFarAhead` where messages from `first` on would leave a gap."""
        if first > self.accepted + 1:
            raise TooFarAhead(first, self.accepted + 1)

    def remembered(self, first: int, count: int) -> Refusal | None:
        """The latest refusal, if messages `first` to `first + count - 1` cover it."""
        refusal = self.refusal
        if refusal is not None and first <= refusal.number < first + count:
            return refusal
        return None

    def offer(self, first: int, batch: bytes) -> Admitted:
        """Accept a batch numbered from `first`, up to the first message that is refused.

        Numbers already accepted are skipped. Raises `TooFarAhead`; then nothing was accepted.
        """
        self.check(first)
        known = self.accepted + 1 - first
        if known:
            batch = batch[offset_of(batch, min(known, batch.count(0))) :]
        located = self._guard.first_fault(batch)
        if located is None:
            self.accepted += batch.count(0)
            self.accepted_bytes += len(batch)
            return Admitted(batch)
        data = batch[: offset_of(batch, located.position)]
        rest = batch[offset_of(batch, located.position + 1) :]
        self.accepted += located.position
        self.accepted_bytes += len(data)
        return Admitted(data, self.refuse(located.fault), rest)

    def refuse(self, fault: Fault) -> Refusal:
        """Use up the next number for a message that is refused unseen, too big to be held say."""
        self.accepted += 1
        self.refusal = Refusal(self.accepted, fault)
        return self.refusal
