"""The bridge's own reader. All that is known of its interface in this folder is known here."""

from collections.abc import Iterable
from typing import Final

from bridge.protocol.checks import is_utf8
from bridge.protocol.frames import FrameError, FrameReader, parse_close
from tests.rfc6455.frame import CLOSE, PING, TEXT
from tests.rfc6455.reading import NO_STATUS, Reading

INVALID_DATA: Final = 1007

MOST_HELD_BYTES: Final = 14 + 125
"""The longest header and the longest control frame; payloads of messages are handed on."""


class BridgeReader:
    """Reads a stream that comes in chunks, as a WebSocket of the bridge does: frames, closing
    handshake and, at the end of each text, UTF-8."""

    def __init__(self) -> None:
        self.status: int | None = None
        self._reader = FrameReader()
        self._said: list[tuple[int, bytes]] = []
        self._payload = b""

    @property
    def held_bytes(self) -> int:
        """How much of the stream the bridge keeps for later."""
        kept = (getattr(self._reader, name) for name in FrameReader.__slots__)
        return sum(size_of(value) for value in kept)

    @property
    def reading(self) -> Reading:
        """What has come of it so far."""
        return Reading(tuple(self._said), self._payload, self.status)

    def feed(self, chunk: bytes) -> None:
        """Takes what arrives; after the end (`status` says so) nothing."""
        if self.status is not None:
            return
        try:
            for opcode, payload, final in self._reader.feed(chunk):
                self.status = self._take(opcode, payload, final)
                if self.status is not None:
                    return
        except FrameError as error:
            self.status = int(error.status)

    def _take(self, opcode: int, payload: bytes, final: bool) -> int | None:
        if opcode == CLOSE:
            status = parse_close(payload)
            return NO_STATUS if status is None else status
        if opcode >= PING:
            self._said.append((opcode, bytes(payload)))
            return None
        self._payload += payload
        return self._end_message(opcode) if final else None

    def _end_message(self, opcode: int) -> int | None:
        if opcode == TEXT and not is_utf8(self._payload):
            return INVALID_DATA
        self._said.append((opcode, self._payload))
        self._payload = b""
        return None


def size_of(value: object) -> int:
    """The bytes that a value keeps alive."""
    if isinstance(value, memoryview):
        return size_of(value.obj)
    if isinstance(value, bytes | bytearray):
        return len(value)
    if isinstance(value, list | tuple):
        return sum(size_of(item) for item in value)
    return 0


def read(chunks: Iterable[bytes]) -> Reading:
    """What the bridge makes of the chunks."""
    reader = BridgeReader()
    for chunk in chunks:
        reader.feed(chunk)
    return reader.reading
