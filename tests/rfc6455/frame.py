"""A client's frames as they go over the wire, the sound ones and those that no client may send."""

from dataclasses import dataclass
from typing import Final

CONTINUATION: Final = 0x0
TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA

KEY: Final = b"\x37\xfa\x21\x3d"
"""The masking key of the examples in RFC 6455 section 5.7."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame (RFC 6455 section 5.2), sound unless a field says otherwise.

    `bits` are the reserved ones, as they stand in the first byte; `length_bytes` is the size of the
    extended length, 0, 2 or 8, where it is not to be the shortest; `announced` is the length given
    where that is not the payload's.
    """

    opcode: int
    payload: bytes = b""
    fin: bool = True
    bits: int = 0
    is_masked: bool = True
    length_bytes: int | None = None
    announced: int | None = None
    key: bytes = KEY

    @property
    def is_data(self) -> bool:
        """Whether it belongs to a message, and is not a control frame."""
        return self.opcode < CLOSE

    def encode(self) -> bytes:
        """Its bytes."""
        size = len(self.payload) if self.announced is None else self.announced
        n_bytes = shortest(size) if self.length_bytes is None else self.length_bytes
        short = size if n_bytes == 0 else 126 if n_bytes == 2 else 127
        first = self.fin << 7 | self.bits | self.opcode
        head = bytes((first, self.is_masked << 7 | short))
        if n_bytes:
            head += size.to_bytes(n_bytes)
        if not self.is_masked:
            return head + self.payload
        return head + self.key + masked(self.payload, self.key)


def shortest(size: int) -> int:
    """How many bytes the extended length of so long a payload takes."""
    return 0 if size < 126 else 2 if size < 1 << 16 else 8


def masked(payload: bytes, key: bytes) -> bytes:
    """The payload XORed with the repeated key (section 5.3); twice is not at all."""
    size = len(payload)
    repeated = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(repeated)).to_bytes(size)
