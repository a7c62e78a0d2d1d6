"""Reading the frames of a WebSocket client (RFC 6455 section 5), without extensions.

Messages that came whole are handed on many at a time; long ones as they arrive, in pieces, so that
nothing large is held here. Callers check that text is UTF-8; they look at it anyway.
"""

from typing import Final

from bridge.protocol.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    MAX_CONTROL_BYTES,
    OPCODES,
    TEXT,
    protocol_error,
)
from bridge.protocol.masking import unmask

WHOLE_MESSAGE: Final = frozenset({0x80 | TEXT, 0x80 | BINARY})
"""First byte of a message in one frame."""

RUN_MESSAGES: Final = 256
"""Handed on at a time at the most: a quarter of a millisecond for data, some more for the control
frames of `xmlsocket.v1`."""

Frames = tuple[int, list[bytes], bool]
"""Opcode (never CONTINUATION); payloads, each the end of a message; whether the last one is that,
too, or only a piece. A control frame comes whole and alone."""


class FrameReader:
    """Give it what arrives, then ask for frames until there are none.

    So much as `turn_bytes` is handed on at a time, of a longer frame a part. After a `FrameError`
    it must not be asked again.
    """

    __slots__ = ("_data", "_final", "_key", "_left", "_message", "_position", "_turn_bytes")

    def __init__(self, turn_bytes: int) -> None:
        self._turn_bytes = turn_bytes
        self._data = b""
        self._position = 0  # in _data, of what was not yet handed on
        self._left = 0  # payload bytes of the present data frame still to come
        self._key = b""  # its masking key, turned to the next byte
        self._final = True  # its FIN bit
        self._message = CONTINUATION  # opcode of the message under way, CONTINUATION for none

    def receive_data(self, data: bytes) -> None:
        """Take what has arrived."""
        self._data = self._data[self._position :] + data if self._data else data
        self._position = 0

    def drop(self) -> None:
        """Forget what was not handed on."""
        self._data, self._position = b"", 0

    def next_frames(self) -> Frames | None:
        """The next whole messages, piece or control frame; `None` until more arrives. Raises
        `FrameError` behind the last sound one."""
        data, position = self._data, self._position
        if position == len(data):
            self._data, self._position = b"", 0
            return None
        if data[position] in WHOLE_MESSAGE and self._message == CONTINUATION:
            messages = self._whole_messages()
            if messages:
                return data[position] & 0x0F, messages, True
        frames = self._piece() if self._left else self._frame()
        if frames is None:
            self._data, self._position = data[self._position :], 0
        return frames

    def _whole_messages(self) -> list[bytes]:
        """By far the commonest frames, without a detour: messages in one frame each, of one kind,
        short enough for this turn."""
        data, position = self._data, self._position
        first = data[position]
        limit = min(position + self._turn_bytes, len(data))
        messages: list[bytes] = []
        for _ in range(RUN_MESSAGES):
            start = position + 6
            if start > limit or data[position] != first:
                break
            length = data[position + 1] - 0x80
            if length == 126 and start + 2 <= limit:
                length = data[position + 2] << 8 | data[position + 3]
                start += 2
                if length < 126:
                    break
            elif not 0 <= length < 126:
                break
            end = start + length
            if end > limit:
                break
            messages.append(unmask(data[start:end], data[start - 4 : start]))
            position = end
        self._position = position
        return messages

    def _frame(self) -> Frames | None:
        """Any other frame, or the beginning of one."""
        header = self._header()
        if header is None:
            return None
        opcode, length, start = header
        key = self._data[start - 4 : start]
        if opcode >= CLOSE:
            self._position = start + length
            return opcode, [unmask(self._data[start : start + length], key)], True
        self._position, self._left, self._key = start, length, key
        return self._piece()

    def _header(self) -> tuple[int, int, int] | None:
        """Opcode, payload length and where the payload begins; `None` when more must come."""
        data, start = self._data, self._position
        available = len(data) - start
        if available < 2:
            return None
        first, second = data[start], data[start + 1]
        length = second & 0x7F
        if first & 0x70:
            raise protocol_error("reserved bits are set, but no extension was agreed")
        if not second & 0x80:
            raise protocol_error("a client must mask its frames")
        opcode = first & 0x0F
        if opcode not in OPCODES:
            raise protocol_error(f"opcode {opcode} is reserved")
        header_bytes = 6 if length < 126 else 8 if length == 126 else 14
        if opcode >= CLOSE:
            if not first & 0x80 or length > MAX_CONTROL_BYTES:
                raise protocol_error("a control frame is fragmented or longer than 125 bytes")
            return None if available < header_bytes + length else (opcode, length, start + 6)
        if available < header_bytes:
            return None
        if length >= 126:
            length = extended_length(data[start + 2 : start + header_bytes - 4])
        self._begin(opcode, bool(first & 0x80))
        return opcode, length, start + header_bytes

    def _begin(self, opcode: int, final: bool) -> None:
        """A data frame begins; check it against the message under way (section 5.4)."""
        if (opcode == CONTINUATION) == (self._message == CONTINUATION):
            raise protocol_error("a continuation frame continues nothing, or is missing")
        self._message = opcode or self._message
        self._final = final

    def _piece(self) -> Frames | None:
        """So much of the present frame as has arrived, and may be handed on at a time."""
        start = self._position
        masked = self._data[start : start + min(self._left, self._turn_bytes)]
        self._position += len(masked)
        self._left -= len(masked)
        if self._left and not masked:
            return None
        message, key = self._message, self._key
        turn = len(masked) % 4
        self._key = key[turn:] + key[:turn]
        final = self._final and not self._left
        if final:
            self._message = CONTINUATION
        return message, [unmask(masked, key)], final


def extended_length(data: bytes) -> int:
    """The 16 or 64 bit payload length, which must be the shortest form (section 5.2)."""
    length = int.from_bytes(data)
    if length < 126 or (len(data) == 8 and not 0xFFFF < length < 1 << 63):
        raise protocol_error("the payload length is not in its shortest form")
    return length
