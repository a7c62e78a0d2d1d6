"""The log from the daemon to the client as a list that never forgets, and plain numbers."""

from bridge.protocol.down_log import BATCH_OVERHEAD_BYTES, Batch


class DownModel:
    """`entries` is all that was ever logged, as bytes of the wire; `cuts` are the numbers at which
    a batch ends; up to `front` everything is gone."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.cuts: set[int] = set()
        self.front = 0
        self.acknowledged = 0
        self.cursor = 0
        self.sent = 0

    @property
    def last(self) -> int:
        """The newest number."""
        return len(self.entries)

    @property
    def held(self) -> list[int]:
        """Where the batches end that are still held."""
        return [cut for cut in sorted(self.cuts) if cut > self.front]

    @property
    def unsent(self) -> list[int]:
        """Where the batches end that the present receiver has not got."""
        return [cut for cut in self.held if cut > self.cursor]

    @property
    def held_bytes(self) -> int:
        """The bytes in the batches held, and what each batch costs besides."""
        return len(b"".join(self.entries[self.front :])) + BATCH_OVERHEAD_BYTES * len(self.held)

    def append(self, entries: list[bytes]) -> None:
        """One more batch, unless there is nothing in it."""
        self.entries += entries
        if entries:
            self.cuts.add(self.last)

    def take(self) -> Batch | None:
        """The next batch for the receiver."""
        if not self.unsent:
            return None
        first = max(self.cursor, self.front) + 1
        self.cursor = self.unsent[0]
        self.sent = max(self.sent, self.cursor)
        return Batch(first, self.cursor, b"".join(self.entries[first - 1 : self.cursor]))

    def acknowledge(self, number: int) -> None:
        """Batches go whole, when the client has all of one; and it is not handed what it has."""
        self.acknowledged = max(self.acknowledged, number)
        self.front = max([self.front, *(cut for cut in self.cuts if cut <= number)])
        if self.cursor < number:
            self.rewind(number)

    def rewind(self, number: int) -> None:
        """From here on again; a batch that holds messages on both sides is cut in two."""
        self.cursor = number
        if self.front < number:
            self.cuts.add(number)

    def drop(self) -> None:
        """Nothing is held any more."""
        self.front = self.last
