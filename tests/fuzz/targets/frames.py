"""A client's frames are read as RFC 6455 says, however they are cut and however much is handed on
at a time; the reader from the RFC in tests/rfc6455 shares nothing with the bridge's."""

from typing import Final

from tests.fuzz.dealt import Dealt, cut
from tests.rfc6455 import reference
from tests.rfc6455.bridge_reader import MOST_HELD_BYTES, TURN_BYTES, BridgeReader
from tests.rfc6455.frame import BINARY, CLOSE, CONTINUATION, KEY, PING, TEXT, Frame

WORDS: Final = (
    *(Frame(opcode, b"", fin=fin).encode() for opcode in range(16) for fin in (True, False)),
    *(Frame(BINARY, bytes(size)).encode() for size in (1, 125, 126, 0x10000)),
    *(Frame(BINARY, b"", length_bytes=n).encode() for n in (2, 8)),
    Frame(TEXT, b"\xc3", fin=False).encode() + Frame(CONTINUATION, b"\xa4").encode(),
    Frame(PING, bytes(125)).encode(),
    Frame(CLOSE, b"\x03\xe8bye").encode(),
    KEY,
)
EXAMPLES: Final = (
    b"\2\0\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
    b"\0\0" + Frame(TEXT, b"a", fin=False).encode() + Frame(CONTINUATION, b"b").encode(),
    b"\0\0" + Frame(3, b"reserved").encode(),
    b"\1\1" + Frame(BINARY, bytes(300)).encode() + Frame(CLOSE, b"\x03\xe8bye").encode(),
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    way, turn_bytes = dealt.number(), dealt.one_of((TURN_BYTES, 5, 1 << 10))
    stream = decided(dealt.rest())
    reader = BridgeReader(turn_bytes)
    for chunk in cut(stream, way):
        reader.feed(chunk)
        assert reader.status is not None or reader.held_bytes <= MOST_HELD_BYTES
    assert reader.reading == reference.read(stream)


def decided(stream: bytes) -> bytes:
    """With what it takes to complete a header: how soon a broken one is found out is nobody's
    rule. So much that what completes it cannot be cut short in turn."""
    return stream + bytes(reference.LONGEST_HEADER + 2 + 125)
