"""The numbered log of messages from the client to the daemon.

Nothing is held here: a message is *accepted* when it goes into the daemon's ordered stream, or when
it is refused; either way its number is used up. What is kept is the number, so that a retry is
recognised, and the latest refusal, so that a retry which covers it gets the same answer.
"""

from collections.abc import Iterator
from typing import NamedTuple

from bridge.protocol.checks import Fault, Guard
from bridge.protocol.framing import count, offset_of


class Refusal(NamedTuple):
    """Up message `number` was refused; nothing of it reached the daemon."""

    number: int
    fault: Fault


class TooFarAhead(Exception):
    """Messages are missing before the first one offered; `expected` is the number to send."""

    def __init__(self, first: int, expected: int) -> None:
        super().__init__(f"first={first}, but message {expected} is expected")
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

    def remembered(self, first: int, following: int) -> Refusal | None:
        """The latest refusal, if the messages from `first` up to, not including, `following` cover
        it."""
        refusal = self.refusal
        if refusal is not None and first <= refusal.number < following:
            return refusal
        return None

    def accept(self, first: int, batch: bytes) -> bool:
        """Accept the whole batch at once, if it is the next one and that can be told of it; by far
        the commonest case. Otherwise nothing is accepted: `offer` it."""
        if first != self.accepted + 1 or not self._guard.passes(batch):
            return False
        self._accept(batch)
        return True

    def offer(self, first: int, batch: bytes) -> Iterator[bytes | Refusal]:
        """Accept a batch numbered from `first`: yields what to write to the daemon, and between it
        a `Refusal` for each message that may not pass. Numbers already accepted are skipped.

        Whatever has been yielded is accepted, the rest is not: a caller may stop at any item.
        Raises `TooFarAhead`; then nothing was accepted.
        """
        self.check(first)
        known = self.accepted + 1 - first
        if known:
            batch = batch[offset_of(batch, min(known, count(batch))) :]
        start = 0
        for fault_start, fault_end, fault in self._guard.faults(batch):
            if fault_start > start:
                yield self._accept(batch[start:fault_start])
            yield self.refuse(fault)
            start = fault_end
        if start < len(batch):
            yield self._accept(batch[start:])

    def accept_bytes(self, data: bytes) -> None:
        """Count bytes that are not looked at as messages (the raw transport)."""
        self._accept(data)

    def _accept(self, batch: bytes) -> bytes:
        self.accepted += count(batch)
        self.accepted_bytes += len(batch)
        return batch

    def refuse(self, fault: Fault) -> Refusal:
        """Use up the next number for a message that is refused unseen, too big to be held say."""
        self.accepted += 1
        self.refusal = Refusal(self.accepted, fault)
        return self.refusal
