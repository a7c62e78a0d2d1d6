"""Cutting a stream at its zero bytes, in batches.

A *batch* is one `bytes` that holds whole messages, each ended by a zero byte. Batches are what
moves through the bridge: counting, cutting and joining them runs at the speed of `bytes.count` and
`bytes.find`, and nothing is split into single messages unless somebody must look at one.
"""

from collections.abc import Iterator
from typing import Final

ZERO: Final = b"\0"

SMALL_PIECE_BYTES: Final = 4096
"""A page: below it copying costs less than another list entry."""


def is_single(batch: bytes) -> bool:
    """Whether a batch holds just one message. `find` looks at many bytes at a time, `count` and
    `split` at one: for a message of 16 KB that is 0.2 against 7 us."""
    return 0 <= batch.find(ZERO) == len(batch) - 1


def count(batch: bytes) -> int:
    """How many messages a batch holds. `is_single` is written out: a call costs as much as it."""
    return 1 if 0 <= batch.find(ZERO) == len(batch) - 1 else batch.count(ZERO)


def split(batch: bytes) -> list[bytes]:
    """The messages of a batch, without their zero bytes."""
    if is_single(batch):
        return [batch[:-1]]
    messages = batch.split(ZERO)
    messages.pop()
    return messages


def join(messages: list[bytes]) -> bytes:
    """The batch that holds these messages; the inverse of `split`."""
    if len(messages) == 1:
        return messages[0] + ZERO
    return ZERO.join((*messages, b""))


def offset_of(batch: bytes, index: int) -> int:
    """Where message number `index` of the batch begins (0 is the first, the count is the end)."""
    return len(batch) - len(batch.split(ZERO, index)[-1])


def chunks(batch: bytes, size: int) -> Iterator[bytes]:
    """Cut a batch into smaller batches of about `size` bytes; none is cut inside a message."""
    start = 0
    while start < len(batch):
        end = batch.rfind(0, start, start + size) + 1 or batch.index(0, start) + 1
        yield batch[start:end]
        start = end


class Oversize(Exception):
    """A message has outgrown the limit.

    `before` is the batch of messages ahead of it. To go on after it, feed `rest` and what follows
    to the same decoder; where that is `skipping`, the end of the message is still to come, and
    brings this once more.
    """

    def __init__(self, before: bytes, rest: bytes) -> None:
        super().__init__("message too big")
        self.before = before
        self.rest = rest


class Pieces:
    """One message that comes in pieces. Small ones are gathered in one buffer, since a message that
    comes a byte at a time would cost forty times its size in list entries; large ones are joined
    once, at the end."""

    __slots__ = ("_pieces", "size")

    def __init__(self) -> None:
        self.size = 0
        self._pieces: list[bytes | bytearray] = []

    def append(self, data: bytes) -> None:
        """The next piece; an empty one leaves no trace."""
        if not data:
            return
        self.size += len(data)
        last = self._pieces[-1] if self._pieces else None
        if len(data) >= SMALL_PIECE_BYTES:
            self._pieces.append(data)
        elif isinstance(last, bytearray):
            last += data
        else:
            self._pieces.append(bytearray(data))

    def take(self) -> bytes:
        """All of it; then there is nothing."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        self.size = 0
        return whole


class MessageDecoder:
    """Turn a byte stream, cut anywhere, into batches.

    Holds at most one unfinished message of `max_message_bytes` (its zero byte not counted).
    """

    __slots__ = ("_held", "_max_message_bytes", "skipping")

    def __init__(self, max_message_bytes: int) -> None:
        self._max_message_bytes = max_message_bytes
        self._held = Pieces()
        self.skipping = False  # whether the stream stands inside a message that is too big

    @property
    def unfinished(self) -> bool:
        """Whether the stream stands inside a message."""
        return self._held.size > 0 or self.skipping

    @property
    def held_bytes(self) -> int:
        """How much of an unfinished message is held."""
        return self._held.size

    def take_unfinished(self) -> bytes:
        """Give up the unfinished message, as far as it came, and start anew."""
        self.skipping = False
        return self._held.take()

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes of the stream; return the batch they complete, maybe empty.

        Raises `Oversize` as soon as a message is known to be above the limit.
        """
        if self.skipping:
            return self._skip(data)
        end = data.rfind(ZERO) + 1
        if end == len(data) and not self._held.size:
            batch = data
        elif end:
            batch = self._held.take() + data[:end]
            self._held.append(data[end:])
        else:
            batch = b""
            self._held.append(data)
        if len(batch) > self._max_message_bytes:
            self._refuse_oversize(batch)
        if self._held.size > self._max_message_bytes:
            self._held.take()
            self.skipping = True
            raise Oversize(batch, b"")
        return batch

    def _skip(self, data: bytes) -> bytes:
        end = data.find(ZERO) + 1
        if not end:
            return b""
        self.skipping = False
        raise Oversize(b"", data[end:])

    def _refuse_oversize(self, batch: bytes) -> None:
        start = 0
        while start < len(batch):
            end = batch.index(ZERO, start)
            if end - start > self._max_message_bytes:
                raise Oversize(batch[:start], batch[end + 1 :] + self._held.take())
            start = end + 1
