"""A compressed body is what zlib makes of it as a whole, however it is cut, and never more of it
than was allowed."""

import zlib
from typing import Final

from bridge.protocol.inflate import WINDOW_BITS, BadEncoding, Inflater
from tests.fuzz.dealt import Dealt, cut

WORDS: Final = (
    *(b"\x1f\x8b\x08\0\0\0\0\0\0\x03", b"\x78\x9c", b"\x03\0", b"\x01\0\0\xff\xff", b"\0\0\0\0"),
    *(zlib.compress(b"a" * size) for size in (0, 1, 64, 70000)),
)
MAX_BYTES: Final = (0, 1, 64, 1 << 16)
EXAMPLES: Final = (
    b"\0\3\1\1hello hello",
    b"\2\2\2\1" + b"a" * 300,
    b"\2\2\0\0" + zlib.compress(b"abc")[:-4],
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    encoding = dealt.one_of(tuple(WINDOW_BITS))
    max_bytes, way, is_plain = dealt.one_of(MAX_BYTES), dealt.number(), dealt.number(1)
    bits, body = WINDOW_BITS[encoding], dealt.rest()
    if is_plain:
        packer = zlib.compressobj(wbits=bits)
        body = packer.compress(body) + packer.flush()
    assert_same(inflated(encoding, max_bytes, cut(body, way)), expected(body, bits), max_bytes)


def inflated(encoding: str, max_bytes: int, chunks: list[bytes]) -> tuple[bytes, bool]:
    """What came out, and whether the body was sound as far as it was looked at."""
    inflater, whole = Inflater(encoding, max_bytes), bytearray()
    try:
        for chunk in chunks:
            whole += inflater.feed(chunk)
            assert len(whole) <= max_bytes + 1
        if len(whole) <= max_bytes:
            inflater.finish()
    except BadEncoding:
        return bytes(whole), False
    return bytes(whole), True


def expected(body: bytes, bits: int) -> tuple[bytes, bool]:
    """The same from zlib; what it made of an unsound body is left out."""
    stream = zlib.decompressobj(bits)
    try:
        whole = stream.decompress(body)
    except zlib.error:
        return b"", False
    return whole, stream.eof and not stream.unused_data


def assert_same(came: tuple[bytes, bool], whole: tuple[bytes, bool], max_bytes: int) -> None:
    if len(came[0]) > max_bytes:
        assert not whole[1] or whole[0].startswith(came[0])
    elif whole[1]:
        assert came == whole
    else:
        assert not came[1]
