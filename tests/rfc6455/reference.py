"""A reader of a client's frames, written from RFC 6455 section 5 sentence by sentence.

It shares nothing with the bridge, takes the stream as a whole, and is in no hurry.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from tests.rfc6455.frame import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, masked
from tests.rfc6455.reading import NO_STATUS, Reading

LONGEST_HEADER: Final = 14
PROTOCOL_ERROR: Final = 1002
INVALID_DATA: Final = 1007


class Broken(Exception):
    """The stream breaks a rule; the connection is failed with this code."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Header(NamedTuple):
    """What section 5.2 puts in front of a payload."""

    fin: bool
    bits: int
    opcode: int
    is_masked: bool
    length: int
    length_bytes: int
    key: bytes
    size: int


def read(stream: bytes) -> Reading:
    """The stream up to its end, to its first broken rule, or to a Close frame."""
    said: list[tuple[int, bytes]] = []
    message: tuple[int, bytes] | None = None
    status = None
    try:
        for header, payload in frames(stream):
            check(header, is_within_message=message is not None)
            is_whole = len(payload) == header.length
            if header.opcode == CLOSE and is_whole:
                status = answer_to(payload)
                break
            if header.opcode in (PING, PONG) and is_whole:
                said.append((header.opcode, payload))
            if header.opcode in (CONTINUATION, TEXT, BINARY):
                opcode, before = message or (header.opcode, b"")
                message = opcode, before + payload
                if header.fin and is_whole:
                    said.append(checked(*message))
                    message = None
    except Broken as broken:
        status = broken.status
    return Reading(tuple(said), message[1] if message else b"", status)


def frames(stream: bytes) -> Iterator[tuple[Header, bytes]]:
    """Headers and unmasked payloads; the last payload may be cut off by the end of the stream."""
    while (header := header_of(stream)) is not None:
        payload = stream[header.size : header.size + header.length]
        yield header, masked(payload, header.key)
        stream = stream[header.size + header.length :]


def header_of(stream: bytes) -> Header | None:
    """The header that the stream begins with, if it is there as far as its last byte. One that no
    client may send needs no key."""
    if len(stream) < 2:
        return None
    fin, bits, opcode = bool(stream[0] & 0b1000_0000), stream[0] & 0b0111_0000, stream[0] & 0b1111
    is_masked, length = bool(stream[1] & 0b1000_0000), stream[1] & 0b0111_1111
    length_bytes = {126: 2, 127: 8}.get(length, 0)
    size = 2 + length_bytes + 4 * is_masked
    if len(stream) < size:
        return None
    if length_bytes:
        length = int.from_bytes(stream[2 : 2 + length_bytes], "big")
    key = stream[size - 4 : size] if is_masked else b"\0\0\0\0"
    return Header(fin, bits, opcode, is_masked, length, length_bytes, key, size)


def check(header: Header, *, is_within_message: bool) -> None:
    """Raises `Broken` for a frame that may not come here."""
    # 5.2: "MUST be 0 unless an extension is negotiated".
    is_broken = header.bits != 0
    # 5.2: "If an unknown opcode is received, the receiving endpoint MUST _Fail".
    is_broken |= header.opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG)
    # 5.1: "The server MUST close the connection upon receiving a frame that is not masked."
    is_broken |= not header.is_masked
    # 5.2: "the minimal number of bytes MUST be used", "the most significant bit MUST be 0".
    is_broken |= header.length_bytes == 2 and header.length < 126
    is_broken |= header.length_bytes == 8 and not 1 << 16 <= header.length < 1 << 63
    # 5.5: "a payload length of 125 bytes or less and MUST NOT be fragmented".
    is_control = header.opcode >= CLOSE
    is_broken |= is_control and (header.length > 125 or not header.fin)
    # 5.4: a message is one frame, or a first one and continuations, not interleaved.
    is_broken |= not is_control and (header.opcode == CONTINUATION) != is_within_message
    if is_broken:
        raise Broken(PROTOCOL_ERROR)


def checked(opcode: int, message: bytes) -> tuple[int, bytes]:
    """The message. Raises `Broken` for a text that is not UTF-8 (section 8.1)."""
    if opcode == TEXT and not is_utf8(message):
        raise Broken(INVALID_DATA)
    return opcode, message


def answer_to(payload: bytes) -> int:
    """The code that a Close frame is answered with. Raises `Broken` for one that is not sound."""
    if not payload:
        return NO_STATUS
    if len(payload) == 1 or not is_sendable(status_of(payload)):
        raise Broken(PROTOCOL_ERROR)
    if not is_utf8(payload[2:]):
        raise Broken(INVALID_DATA)
    return status_of(payload)


def is_sendable(status: int) -> bool:
    """Whether the code may stand in a Close frame: 7.4.1, 7.4.2, and the registry of 11.7, which
    knows 1012 to 1014 by now."""
    is_of_the_protocol = 1000 <= status <= 1014 and status not in (1004, 1005, 1006)
    return is_of_the_protocol or 3000 <= status <= 4999


def status_of(payload: bytes) -> int:
    """The code in the body of a sound Close frame."""
    return int.from_bytes(payload[:2], "big") if payload else NO_STATUS


def is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8", "strict")
    except UnicodeDecodeError:
        return False
    return True


def ends_within_header(stream: bytes) -> bool:
    """Whether the end cuts a header off. How soon a broken one is found out is nobody's rule."""
    end = sum(header.size + header.length for header, _ in frames(stream))
    return end < len(stream)
