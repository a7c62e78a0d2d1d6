"""The words of WebSocket frames (RFC 6455 section 5): opcodes, close codes, headers that a server
writes.
"""

import struct
from enum import IntEnum
from functools import lru_cache
from typing import Final

CONTINUATION: Final = 0x0
TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
OPCODES: Final = frozenset({CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG})

MAX_CONTROL_BYTES: Final = 125
"""RFC 6455 section 5.5."""


JOIN_BYTES: Final = 1 << 12
"""Up to this size header and payload are cheaper to copy together than to write apart."""
HEADERS_KEPT: Final = 1 << 10
"""Of headers made before: looking one up takes a third of the time."""


class CloseStatus(IntEnum):
    """Close codes of RFC 6455 section 7.4.1 that the bridge itself sends."""

    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    INVALID_DATA = 1007
    POLICY_VIOLATION = 1008
    MESSAGE_TOO_BIG = 1009


RECEIVABLE_STATUS: Final = frozenset(
    {1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)}
)
"""What a peer may put into a Close frame (RFC 6455 section 7.4 and the IANA registry)."""


class FrameError(Exception):
    """The peer broke a rule; the connection must be failed with `status`."""

    def __init__(self, status: CloseStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def protocol_error(reason: str) -> FrameError:
    """A breach of RFC 6455 itself."""
    return FrameError(CloseStatus.PROTOCOL_ERROR, reason)


def data_opcode(is_text: bool) -> int:
    """The kind of frame that carries the messages of a daemon."""
    return TEXT if is_text else BINARY


@lru_cache(HEADERS_KEPT)
def header(opcode: int, size: int) -> bytes:
    """The header of an unfragmented, unmasked frame with `size` bytes of payload."""
    if size < 126:
        return bytes((0x80 | opcode, size))
    if size < 1 << 16:
        return struct.pack("!BBH", 0x80 | opcode, 126, size)
    return struct.pack("!BBQ", 0x80 | opcode, 127, size)


def frame(opcode: int, payload: bytes) -> tuple[bytes, ...]:
    """An unfragmented, unmasked frame, to be written piece by piece."""
    head = header(opcode, len(payload))
    return (head + payload,) if len(payload) <= JOIN_BYTES else (head, payload)


def close_payload(status: int, reason: str) -> bytes:
    """The body of a Close frame; the reason is cut, between characters, to what fits."""
    text = reason.encode()[: MAX_CONTROL_BYTES - 2].decode(errors="ignore")
    return status.to_bytes(2) + text.encode()


def parse_close(payload: bytes) -> int | None:
    """The peer's close code, or `None` where it gave none.

    Raises `FrameError` for a body of one byte, a code that may not be sent, or a reason that is
    not UTF-8 (section 5.5.1).
    """
    if not payload:
        return None
    status = int.from_bytes(payload[:2])
    if len(payload) == 1 or status not in RECEIVABLE_STATUS:
        raise protocol_error("the Close frame holds no valid close code")
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        raise FrameError(CloseStatus.INVALID_DATA, "the close reason is not UTF-8") from None
    return status
