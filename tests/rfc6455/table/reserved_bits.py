"""3: no extension is agreed on, so the reserved bits are zero in every frame."""

from typing import Final

from tests.rfc6455.frame import Frame
from tests.rfc6455.table.case import (
    PROTOCOL_ERROR,
    Case,
    binary,
    close_frame,
    more,
    ping,
    pong,
    text,
)

ALL: Final = range(0x10, 0x80, 0x10)
EACH: Final = (0x10, 0x20, 0x40)


def row(name: str, bits: int, *send: Frame, messages: tuple[bytes, ...] = ()) -> Case:
    """A frame with these bits fails the connection."""
    return Case(f"3 {name}, bits {bits:#x}", "5.2", send, messages, status=PROTOCOL_ERROR)


CASES: Final = [
    *(row("text", bits, text(b"bits", bits=bits), ping()) for bits in ALL),
    *(
        row("second text", bits, text(b"sound"), text(bits=bits), ping(), messages=(b"sound",))
        for bits in EACH
    ),
    *(row("binary", bits, binary(b"bits", bits=bits)) for bits in EACH),
    *(row("Ping", bits, ping(b"bits", bits=bits)) for bits in EACH),
    *(row("Pong", bits, pong(b"bits", bits=bits)) for bits in EACH),
    *(row("Close", bits, close_frame(b"\x03\xe8", bits=bits)) for bits in EACH),
    *(row("continuation", bits, text(fin=False), more(bits=bits)) for bits in EACH),
    *(row("first fragment", bits, text(fin=False, bits=bits), more()) for bits in EACH),
]
