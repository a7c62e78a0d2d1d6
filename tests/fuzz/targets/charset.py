"""A daemon's bytes become the same UTF-8 wherever they are cut, and as much of it when they turn
bad; what a client may send means to the daemon what it meant."""

from itertools import accumulate
from typing import Final

from bridge.config.encoding import MULTI_BYTE, SINGLE_BYTE
from bridge.errors import CloseCode
from bridge.protocol.charset import UTF8_GROWTH, Charset, CharsetCheck, CharsetDecoder
from tests.fuzz.dealt import Dealt, cut

ENCODINGS: Final = (*MULTI_BYTE, *SINGLE_BYTE)
LIMIT: Final = 40
WORDS: Final = (
    *(b"\0", b"\x83\x65\x83\x58", b"\x81\x30\x81\x30", b"\x8f\xa2\xaf", b"\x88\x62", b"\xa1\xa1"),
    *("é".encode(), "ア".encode(), "中".encode(), "\U00020000".encode(), b"\xed\xa0\x80"),
)
EXAMPLES: Final = (
    b"\0\0\0\x83\x65\x83\x58\0\x83\x65\0",
    b"\6\3\1\x81\x30\x81\x30a\0\xff",
)


def check(data: bytes) -> None:
    dealt = Dealt(data)
    name, way = dealt.one_of(ENCODINGS), dealt.number()
    charset = Charset(name, dealt.one_of(("strict", "replace")), LIMIT)
    stream = dealt.rest()
    check_messages(charset, stream, way)
    check_pieces(charset, stream, way)
    check_upward(Charset(name, "strict", LIMIT), stream)


def check_messages(charset: Charset, stream: bytes, way: int) -> None:
    decoder, came, code = CharsetDecoder(charset, framed=True), b"", None
    for chunk in cut(stream, way):
        batch, code = decoder.feed(chunk)
        came += batch
        assert decoder.held_bytes <= LIMIT
        if code is not None:
            break
    *complete, tail = stream.split(b"\0")
    expected, fault = b"", None
    for message in complete:
        fault = fault or fault_of(charset, message)
        if fault is None:
            expected += charset.decode(message) + b"\0"
    if fault is None and len(tail) > LIMIT:
        fault = CloseCode.MESSAGE_TOO_BIG
    assert (came, code) == (expected, fault)
    assert len(came) <= UTF8_GROWTH * len(stream)


def fault_of(charset: Charset, message: bytes) -> CloseCode | None:
    if len(message) > LIMIT:
        return CloseCode.MESSAGE_TOO_BIG
    try:
        charset.decode(message)
    except UnicodeError:
        return CloseCode.BAD_ENCODING
    return None


def check_pieces(charset: Charset, stream: bytes, way: int) -> None:
    """Cut or whole, and byte by byte: the same, up to the same fault."""
    ways = {unframed(charset, cut(stream, each)) for each in (way, 0, 1)}
    assert len(ways) == 1


def unframed(charset: Charset, chunks: list[bytes]) -> tuple[bytes, CloseCode | None]:
    decoder, came = CharsetDecoder(charset, framed=False), b""
    for chunk in chunks:
        piece, code = decoder.feed(chunk)
        came += piece
        if code is not None:
            return came, code
    return came, None


def check_upward(charset: Charset, data: bytes) -> None:
    """What passes is no longer than it may be in the daemon's encoding, has no zero byte more, and
    means there what it meant here."""
    text = data.replace(b"\0", b"").decode(errors="replace")
    message = text.encode()
    if CharsetCheck(charset, None)(message) is None:
        written = charset.encode(message + b"\0")
        assert len(written) <= LIMIT + 1
        assert written.count(0) == 1
        assert written.endswith(b"\0")
        assert list(accumulate(markup(written))) == list(accumulate(markup(message + b"\0")))


def markup(message: bytes) -> list[int]:
    """The bytes that mean something in XML; they may belong to no other character."""
    return [byte for byte in message if byte in b"<>&\0"]
