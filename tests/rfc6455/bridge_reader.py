"""The bridge's own reader. All that is known of its interface in this folder is known here."""

from collections.abc import Iterable
from typing import Final

from bridge.protocol.checks import is_utf8
from bridge.protocol.frame_reader import FrameReader
from bridge.protocol.frames import FrameError, parse_close
from tests.rfc6455.frame import CLOSE, PING, TEXT
from tests.rfc6455.reading import NO_STATUS, Reading

INVALID_DATA: Final = 1007
TURN_BYTES: Final = 1 << 18

MOST_HELD_BYTES: Final = 14 + 125
"""The longest header and the longest control frame; payloads of messages are handed on."""


class BridgeReader:
    """Reads a stream that comes in chunks, as a WebSocket of the bridge does: frames, closing
    handshake and, at the end of each text, UTF-8."""

    def __init__(self, turn_bytes: int = TURN_BYTES) -> None:
        self.status: int | None = None
        self._reader = FrameReader(turn_bytes)
        self._said: list[tuple[int, bytes]] = []
        self._payload = bytearray()

    @property
    def held_bytes(self) -> int:
        """How much of the stream the bridge keeps for later."""
        kept = (getattr(self._reader, name) for name in FrameReader.__slots__)
        return sum(size_of(value) for value in kept)

    @property
    def reading(self) -> Reading:
        """What has come of it so far."""
        return Reading(tuple(self._said), bytes(self._payload), self.status)

    def feed(self, chunk: bytes) -> None:
        """Takes what arrives; after the end (`status` says so) nothing."""
        if self.status is not None:
            return
        try:
            self._reader.receive_data(chunk)
            while self.status is None and (frames := self._reader.next_frames()) is not None:
                opcode, payloads, final = frames
                for index, payload in enumerate(payloads, 1):
                    is_end = final or index < len(payloads)
                    self.status = self.status or self._take(opcode, payload, is_end)
        except FrameError as error:
            self.status = int(error.status)
        if self.status is not None:
            self._reader.drop()

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
        if opcode == TEXT and not is_utf8(bytes(self._payload)):
            return INVALID_DATA
        self._said.append((opcode, bytes(self._payload)))
        self._payload.clear()
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


def read(chunks: Iterable[bytes], turn_bytes: int = TURN_BYTES) -> Reading:
    """What the bridge makes of the chunks if it is shown so much at a time."""
    reader = BridgeReader(turn_bytes)
    for chunk in chunks:
        reader.feed(chunk)
    return reader.reading
