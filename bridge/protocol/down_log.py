"""The numbered log of messages from the daemon to the client.

Messages enter at the end, are handed out in order through a cursor, and leave at the front, only
when the client has acknowledged them. Attaching a receiver is moving the cursor: whatever lies
behind it is handed out again.
"""

from collections import deque
from typing import Final, NamedTuple

from bridge.protocol.framing import count, offset_of

BATCH_OVERHEAD_BYTES: Final = 160
"""What one held batch costs besides its bytes (object headers, tuple, deque slot: measured), so
that a daemon that dribbles one-byte messages is bounded by memory, not by payload."""


class Batch(NamedTuple):
    """Messages `first` to `last`, each ended by a zero byte in `data`."""

    first: int
    last: int
    data: bytes


class Gap(Exception):
    """An acknowledgement outside of what is held: above `sent`, or below `acknowledged`."""

    def __init__(self, number: int, acknowledged: int, sent: int) -> None:
        super().__init__(f"ack={number} cannot be: it must be {acknowledged} to {sent}")


class DownLog:
    """Numbers, in order: `acknowledged` <= `cursor` <= `sent` <= `last`.

    `acknowledged`: the client has all up to here, they are forgotten. `cursor`: handed to the
    present receiver up to here. `sent`: the highest number ever handed to any receiver. `last`:
    the newest.
    """

    __slots__ = ("_batches", "_next", "acknowledged", "cursor", "held_bytes", "last", "sent")

    def __init__(self) -> None:
        self.acknowledged = 0
        self.cursor = 0
        self.sent = 0
        self.last = 0
        self.held_bytes = 0
        self._batches: deque[Batch] = deque()
        self._next = 0  # index in _batches of the batch that begins at cursor + 1

    def __repr__(self) -> str:
        return f"<DownLog {self.last}/{self.acknowledged} held={self.held_bytes}>"

    @property
    def unsent(self) -> bool:
        """Whether the present receiver still has something to get."""
        return self._next < len(self._batches)

    @property
    def holds(self) -> bool:
        """Whether there is anything that the client has not acknowledged."""
        return bool(self._batches)

    def append(self, data: bytes) -> None:
        """Number and hold a batch that is not empty."""
        self._append(count(data), data)

    def append_chunk(self, data: bytes) -> None:
        """Number and hold bytes that are not cut into messages, as if they were one."""
        self._append(1, data)

    def _append(self, messages: int, data: bytes) -> None:
        first = self.last + 1
        self.last += messages
        self._batches.append(Batch(first, self.last, data))
        self.held_bytes += len(data) + BATCH_OVERHEAD_BYTES

    def take(self) -> Batch | None:
        """Hand out the next batch behind the cursor, or `None`."""
        if self._next == len(self._batches):
            return None
        batch = self._batches[self._next]
        self._next += 1
        self.cursor = batch.last
        self.sent = max(self.sent, self.cursor)
        return batch

    def check(self, number: int) -> None:
        """Raise `Gap` if `number` was never sent, or is below what was acknowledged already."""
        if not self.acknowledged <= number <= self.sent:
            raise Gap(number, self.acknowledged, self.sent)

    def acknowledge(self, number: int) -> None:
        """Forget all messages up to `number`; one acknowledged before changes nothing. The batch
        that `number` cuts in two stays held as a whole.

        Raises `Gap` if `number` was never sent.
        """
        if number > self.sent:
            raise Gap(number, self.acknowledged, self.sent)
        self.acknowledged = max(self.acknowledged, number)
        batches = self._batches
        while batches and batches[0].last <= number:
            self.held_bytes -= len(batches.popleft().data) + BATCH_OVERHEAD_BYTES
            self._next -= 1
        if self.cursor < number:
            self.rewind(number)

    def rewind(self, number: int) -> None:
        """Set the cursor so that `number + 1` is handed out next.

        Raises `Gap` unless `acknowledged` <= `number` <= `sent`.
        """
        self.check(number)
        self.cursor = number
        for index, batch in enumerate(self._batches):
            if batch.last > number:
                self._next = index + self._split(index, number)
                return
        self._next = len(self._batches)

    def drop(self) -> None:
        """Forget everything, acknowledged or not; nothing is left to hand out."""
        self._batches.clear()
        self._next = 0
        self.held_bytes = 0

    def _split(self, index: int, number: int) -> int:
        """Make a batch begin at `number + 1`; return 1 if that put one more in front of it."""
        batch = self._batches[index]
        behind = number + 1 - batch.first
        if behind <= 0:
            return 0
        offset = offset_of(batch.data, behind)
        self._batches[index] = Batch(batch.first, number, batch.data[:offset])
        rest = Batch(number + 1, batch.last, batch.data[offset:])
        self._batches.insert(index + 1, rest)
        self.held_bytes += BATCH_OVERHEAD_BYTES
        return 1
