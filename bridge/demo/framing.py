"""Bytes from the wire to messages: each ends with a zero byte, which is not part of it."""

from collections.abc import Iterator


class Framer:
    """Holds the one message that has not ended yet, at most `max_message_bytes` of it."""

    def __init__(self, max_message_bytes: int) -> None:
        self._max_message_bytes = max_message_bytes
        self._held: bytearray | None = bytearray()  # None: skipping what is too long

    def feed(self, data: bytes) -> Iterator[bytes | None]:
        """The messages that end in `data`. `None` stands for one that is too long: it comes as soon
        as that is known, and the rest of the message is skipped."""
        *ends, rest = data.split(b"\0")
        for end in ends:
            yield from self._hold(end)
            if self._held is not None:
                yield bytes(self._held)
            self._held = bytearray()
        yield from self._hold(rest)

    def _hold(self, piece: bytes) -> Iterator[None]:
        if self._held is None:
            return
        if len(self._held) + len(piece) > self._max_message_bytes:
            self._held = None
            yield None
        else:
            self._held += piece
