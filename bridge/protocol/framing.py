"""Cutting a stream at its zero bytes, in batches.

A *batch* is one `bytes` that holds whole messages, each ended by a zero byte. Batches are what
moves through the bridge: counting, cutting and joining them runs at the speed of `bytes.count` and
`bytes.find`, and nothing is split into single messages unless somebody must look at one.
"""

from collections.abc import Iterator
from typing import Final

ZERO: Final = b"\0"

SMALL_PIECE_BYTES: Final = 4096
"""Pieces below this are gathered in one buffer: a message that comes a byte at a time would
otherwise cost forty times its size in list entries; larger pieces are joined once, at the end."""


def split(batch: bytes) -> list[bytes]:
    """The messages of a batch, without their zero bytes."""
    messages = batch.split(ZERO)
    messages.pop()
    return messages


def join(messages: list[bytes]) -> bytes:
    """The batch that holds these messages; the inverse of `split`."""
    return ZERO.join((*messages, b""))


def offset_of(batch: bytes, index: int) -> int:
    """Where message number `index` of the batch begins (0 is the first, the count is the end)."""
    offset = 0
    for _ in range(index):
        offset = batch.index(0, offset) + 1
    return offset


def chunks(batch: bytes, size: int) -> Iterator[bytes]:
    """Cut a batch into smaller batches of about `size` bytes; none is cut inside a message."""
    start = 0
    while start < len(batch):
        end = batch.rfind(0, start, start + size) + 1 or batch.index(0, start) + 1
        yield batch[start:end]
        start = end


class Oversize(Exception):
    """A message has outgrown the limit.

    `before` is the batch of messages ahead of it. The message itself is being skipped; to go on
    after it, feed `rest` and what follows to the same decoder.
    """

    def __init__(self, before: bytes, rest: bytes) -> None:
        super().__init__("message too big")
        self.before = before
        self.rest = rest


class MessageDecoder:
    """Turn a byte stream, cut anywhere, into batches.

    Holds at most one unfinished message of `max_message_bytes` (its zero byte not counted).
    """

    __slots__ = ("_held", "_held_bytes", "_max_message_bytes", "_skipping")

    def __init__(self, max_message_bytes: int) -> None:
        self._max_message_bytes = max_message_bytes
        self._held: list[bytes | bytearray] = []
        self._held_bytes = 0
        self._skipping = False

    @property
    def unfinished(self) -> bool:
        """Whether the stream stands inside a message."""
        return self._held_bytes > 0 or self._skipping

    @property
    def held_bytes(self) -> int:
        """Bytes of the unfinished message held back."""
        return self._held_bytes

    def take_unfinished(self) -> bytes:
        """Give up the unfinished message, as far as it came, and start anew."""
        unfinished = b"".join(self._held)
        self._hold(b"")
        self._skipping = False
        return unfinished

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes of the stream; return the batch they complete, maybe empty.

        Raises `Oversize` as soon as a message is known to be above the limit.
        """
        if self._skipping:
            return self._skip(data)
        end = data.rfind(0) + 1
        if end == len(data) and not self._held:
            batch = data
        elif not end:
            return self._hold_more(data)
        else:
            batch = b"".join((*self._held, data[:end])) if self._held else data[:end]
            self._hold(data[end:])
        if len(batch) > self._max_message_bytes:
            self._refuse_oversize(batch)
        if self._held_bytes > self._max_message_bytes:
            self._hold(b"")
            self._skipping = True
            raise Oversize(batch, b"")
        return batch

    def _hold(self, data: bytes) -> None:
        self._held = [data] if data else []
        self._held_bytes = len(data)

    def _hold_more(self, data: bytes) -> bytes:
        last = self._held[-1] if self._held else None
        if len(data) < SMALL_PIECE_BYTES and isinstance(last, bytearray):
            last += data
        else:
            self._held.append(bytearray(data) if len(data) < SMALL_PIECE_BYTES else data)
        self._held_bytes += len(data)
        if self._held_bytes > self._max_message_bytes:
            self._hold(b"")
            self._skipping = True
            raise Oversize(b"", b"")
        return b""

    def _skip(self, data: bytes) -> bytes:
        end = data.find(0) + 1
        if not end:
            return b""
        self._skipping = False
        return self.feed(data[end:]) if end < len(data) else b""

    def _refuse_oversize(self, batch: bytes) -> None:
        start = 0
        while start < len(batch):
            end = batch.index(0, start)
            if end - start > self._max_message_bytes:
                rest = b"".join((batch[end + 1 :], *self._held))
                self._hold(b"")
                raise Oversize(batch[:start], rest)
            start = end + 1
