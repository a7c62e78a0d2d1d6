"""Frames are read however they arrive and held to RFC 6455; what is written keeps to it too."""

import struct
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    SHORT_PAYLOAD_BYTES,
    TEXT,
    CloseStatus,
    FrameError,
    FrameReader,
    Piece,
    close_payload,
    data_opcode,
    header,
    parse_close,
    unmask,
)

FIN = 0x80
MASKED = 0x80
KEY = b"\x11\x22\x33\x44"


def xored(payload: bytes, key: bytes) -> bytes:
    """RFC 6455 section 5.3, octet by octet."""
    return bytes(octet ^ key[index % 4] for index, octet in enumerate(payload))


def encoded(opcode: int, payload: bytes = b"", *, fin: bool = True, key: bytes = KEY) -> bytes:
    """A client's frame (section 5.2), its length in the shortest form."""
    size = len(payload)
    if size < 126:
        length = bytes([MASKED | size])
    elif size < 0x10000:
        length = struct.pack("!BH", MASKED | 126, size)
    else:
        length = struct.pack("!BQ", MASKED | 127, size)
    return bytes([FIN * fin | opcode]) + length + key + xored(payload, key)


def read(*chunks: bytes) -> list[Piece]:
    """All pieces that a reader yields for the chunks."""
    reader = FrameReader()
    return [piece for chunk in chunks for piece in reader.feed(chunk)]


def whole(pieces: Iterable[Piece]) -> Iterator[tuple[int, bytes]]:
    """The messages of pieces; control messages stand where they came in."""
    opcode, payload = CONTINUATION, b""
    for piece_opcode, piece, final in pieces:
        if piece_opcode >= CLOSE:
            assert final
            yield piece_opcode, piece
            continue
        assert opcode in (CONTINUATION, piece_opcode)
        opcode, payload = piece_opcode, payload + piece
        if final:
            yield opcode, payload
            opcode, payload = CONTINUATION, b""


# -- reading

STREAM = b"".join(
    (
        encoded(TEXT, b"hello"),
        encoded(BINARY, bytes(range(130)), key=b"\xff\x00\x80\x7f"),
        encoded(TEXT, b"", fin=False),
        encoded(CONTINUATION, b"ab", fin=False),
        encoded(PING, b"are you there"),
        encoded(CONTINUATION, b"cde"),
        encoded(TEXT),
        encoded(PONG),
        encoded(CLOSE, b"\x03\xe8bye"),
    )
)
SAID = [
    (TEXT, b"hello"),
    (BINARY, bytes(range(130))),
    (PING, b"are you there"),
    (TEXT, b"abcde"),
    (TEXT, b""),
    (PONG, b""),
    (CLOSE, b"\x03\xe8bye"),
]


@pytest.mark.parametrize("place", range(len(STREAM) + 1))
def test_the_stream_may_be_cut_at_every_byte(place: int) -> None:
    assert list(whole(read(STREAM[:place], STREAM[place:]))) == SAID


def test_the_stream_may_come_byte_by_byte() -> None:
    assert list(whole(read(*(bytes([octet]) for octet in STREAM)))) == SAID


def test_a_frame_that_came_whole_is_one_piece() -> None:
    assert read(STREAM) == [
        (TEXT, b"hello", True),
        (BINARY, bytes(range(130)), True),
        (TEXT, b"", False),
        (TEXT, b"ab", False),
        (PING, b"are you there", True),
        (TEXT, b"cde", True),
        (TEXT, b"", True),
        (PONG, b"", True),
        (CLOSE, b"\x03\xe8bye", True),
    ]


def test_a_payload_is_handed_on_as_it_arrives() -> None:
    frame = encoded(BINARY, b"abcdefgh")
    reader = FrameReader()
    chunks = (frame[:6], frame[6:9], frame[9:10], frame[10:13], frame[13:])
    assert [list(reader.feed(chunk)) for chunk in chunks] == [
        [],
        [(BINARY, b"abc", False)],
        [(BINARY, b"d", False)],
        [(BINARY, b"efg", False)],
        [(BINARY, b"h", True)],
    ]


def test_only_the_last_piece_of_the_last_frame_is_final() -> None:
    first, second = encoded(TEXT, b"abcd", fin=False), encoded(CONTINUATION, b"efgh")
    assert read(first[:8], first[8:], second[:8], second[8:]) == [
        (TEXT, b"ab", False),
        (TEXT, b"cd", False),
        (TEXT, b"ef", False),
        (TEXT, b"gh", True),
    ]


def test_a_control_frame_is_held_until_it_is_whole() -> None:
    frame = encoded(PING, b"x" * 125)
    assert read(frame[:-1]) == []
    assert read(frame[:-1], frame[-1:]) == [(PING, b"x" * 125, True)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 0xFFFF, 0x10000, 0x10001])
def test_a_payload_of_every_form_of_length_is_read(size: int) -> None:
    payload = (b"0123456789" * (size // 10 + 1))[:size]
    assert read(encoded(BINARY, payload)) == [(BINARY, payload, True)]


def test_many_short_frames_that_came_at_once_are_a_piece_each() -> None:
    assert read(encoded(TEXT, b"a") * 100) == [(TEXT, b"a", True)] * 100


def test_the_longest_payload_that_can_be_written_down_begins_to_be_read() -> None:
    head = struct.pack("!BBQ", FIN | BINARY, MASKED | 127, (1 << 63) - 1)
    assert read(head + KEY + xored(b"abc", KEY)) == [(BINARY, b"abc", False)]


payloads = st.one_of(st.binary(max_size=20), st.binary(min_size=120, max_size=140))
keys = st.binary(min_size=4, max_size=4)


@st.composite
def conversations(draw: st.DrawFn) -> tuple[list[tuple[int, bytes]], bytes]:
    """Messages, in the order in which they end, and the frames that carry them."""
    said: list[tuple[int, bytes]] = []
    wire: list[bytes] = []
    for _ in range(draw(st.integers(1, 4))):
        opcode = draw(st.sampled_from([TEXT, BINARY]))
        fragments = draw(st.lists(payloads, min_size=1, max_size=3))
        for index, fragment in enumerate(fragments):
            if draw(st.booleans()):
                said.append((draw(st.sampled_from([PING, PONG])), draw(st.binary(max_size=125))))
                wire.append(encoded(*said[-1], key=draw(keys)))
            last = index == len(fragments) - 1
            wire.append(encoded(0 if index else opcode, fragment, fin=last, key=draw(keys)))
        said.append((opcode, b"".join(fragments)))
    return said, b"".join(wire)


@given(conversations(), st.data())
def test_any_chunking_of_any_conversation_says_the_same(
    conversation: tuple[list[tuple[int, bytes]], bytes], data: st.DataObject
) -> None:
    said, wire = conversation
    places = sorted({0, len(wire), *data.draw(st.lists(st.integers(0, len(wire)), max_size=20))})
    chunks = [wire[start:end] for start, end in pairwise(places)]
    assert list(whole(read(*chunks))) == said


# -- the rules of RFC 6455

RESERVED_BITS = {f"the reserved bit {bit:#x} is set": bytes([FIN | bit | TEXT, MASKED]) for bit in
                 (0x40, 0x20, 0x10)}  # fmt: skip
RESERVED_OPCODES = {
    f"the opcode {opcode:#x} is reserved": bytes([FIN | opcode, MASKED])
    for opcode in (0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF)
}
UNMASKED = {
    f"a frame of opcode {opcode:#x} is not masked": bytes([FIN | opcode, 5]) + b"hello you"
    for opcode in (TEXT, BINARY, CLOSE, PING, PONG)
}
CONTROL = {
    "a Ping is fragmented": bytes([PING, MASKED]),
    "a Pong is fragmented": bytes([PONG, MASKED]),
    "a Close is fragmented": bytes([CLOSE, MASKED]),
    "a Ping is longer than 125 bytes": bytes([FIN | PING, MASKED | 126]),
    "a Close is much longer than 125 bytes": bytes([FIN | CLOSE, MASKED | 127]),
}
LENGTHS = {
    "125 is written in 16 bits": struct.pack("!BBH", FIN | TEXT, MASKED | 126, 125) + KEY,
    "0 is written in 16 bits": struct.pack("!BBH", FIN | TEXT, MASKED | 126, 0) + KEY,
    "65535 is written in 64 bits": struct.pack("!BBQ", FIN | TEXT, MASKED | 127, 0xFFFF) + KEY,
    "0 is written in 64 bits": struct.pack("!BBQ", FIN | TEXT, MASKED | 127, 0) + KEY,
    "the highest bit of 64 is set": struct.pack("!BBQ", FIN | TEXT, MASKED | 127, 1 << 63) + KEY,
}
CONTINUATIONS = {
    "the first frame is a continuation": encoded(CONTINUATION),
    "the first frame is a continuation that goes on": encoded(CONTINUATION, fin=False),
    "a continuation follows a whole message": encoded(TEXT) + encoded(CONTINUATION),
    "a text interrupts a text": encoded(TEXT, fin=False) + encoded(TEXT),
    "a binary interrupts a text": encoded(TEXT, b"a", fin=False) + encoded(BINARY),
    "a continuation follows the last one": encoded(TEXT, fin=False) + 2 * encoded(CONTINUATION),
    "a Ping between them makes no difference": encoded(TEXT, fin=False) + encoded(PING)
    + encoded(TEXT),
}  # fmt: skip
RULES = {**RESERVED_BITS, **RESERVED_OPCODES, **UNMASKED, **CONTROL, **LENGTHS, **CONTINUATIONS}


@pytest.mark.parametrize("wire", RULES.values(), ids=RULES.keys())
@pytest.mark.parametrize(
    "feed",
    [
        lambda wire: [wire],
        lambda wire: [wire + KEY + encoded(TEXT, b"more")],
        lambda wire: [bytes([octet]) for octet in wire],
    ],
    ids=["at once", "with more behind it", "byte by byte"],
)
def test_a_broken_rule_fails_the_connection(
    wire: bytes, feed: Callable[[bytes], list[bytes]]
) -> None:
    with pytest.raises(FrameError) as caught:
        read(*feed(wire))
    assert caught.value.status is CloseStatus.PROTOCOL_ERROR


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        (b"\xc1\x80", "reserved bits are set, but no extension was agreed"),
        (b"\x81\x00", "a client must mask its frames"),
        (b"\x81\x05" + b"\x90" * 20, "a client must mask its frames"),
        (b"\x83\x80", "opcode 3 is reserved"),
        (b"\x09\x80", "a control frame is fragmented or longer than 125 bytes"),
        (b"\x81\xfe\x00\x01" + KEY, "the payload length is not in its shortest form"),
        (b"\x80\x80" + KEY, "a continuation frame continues nothing, or is missing"),
    ],
)
def test_the_reason_says_which_rule_was_broken(wire: bytes, reason: str) -> None:
    with pytest.raises(FrameError) as caught:
        read(wire)
    assert (caught.value.reason, str(caught.value)) == (reason, reason)


def test_a_broken_rule_is_told_behind_the_last_sound_piece() -> None:
    feeding = FrameReader().feed(encoded(TEXT, b"ab") + encoded(PING) + b"\x81\x00")
    assert [next(feeding), next(feeding)] == [(TEXT, b"ab", True), (PING, b"", True)]
    with pytest.raises(FrameError):
        next(feeding)


# -- masking


@given(st.binary(max_size=40), keys)
def test_unmasking_is_the_xor_of_the_rfc(payload: bytes, key: bytes) -> None:
    assert unmask(payload, key) == xored(payload, key)


@pytest.mark.parametrize("size", range(SHORT_PAYLOAD_BYTES - 1, SHORT_PAYLOAD_BYTES + 5))
@pytest.mark.parametrize("key", [KEY, b"\x00\xff\x80\x01"])
def test_unmasking_is_the_same_for_a_long_payload(size: int, key: bytes) -> None:
    payload = bytes(index % 251 for index in range(size))
    assert unmask(payload, key) == xored(payload, key)


# -- writing


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (0xFFFF, b"\x81\x7e\xff\xff"),
        (0x10000, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_header_is_final_and_unmasked_with_the_shortest_length(size: int, head: bytes) -> None:
    assert header(TEXT, size) == head


@pytest.mark.parametrize("opcode", [TEXT, BINARY, CLOSE, PING, PONG])
def test_a_header_names_the_opcode(opcode: int) -> None:
    assert [header(opcode, size)[0] for size in (0, 126, 0x10000)] == [FIN | opcode] * 3


@pytest.mark.parametrize(("is_text", "opcode"), [(True, TEXT), (False, BINARY)])
def test_text_goes_in_text_frames_and_bytes_in_binary_ones(is_text: bool, opcode: int) -> None:
    assert data_opcode(is_text) == opcode


# -- the Close frame


def test_a_close_frame_says_code_and_reason() -> None:
    assert close_payload(4409, "displaced") == b"\x11\x39displaced"


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("x" * 123, "x" * 123),
        ("x" * 124, "x" * 123),
        ("x" * 121 + "é", "x" * 121 + "é"),
        ("x" * 122 + "é", "x" * 122),
        ("x" * 120 + "😀", "x" * 120),
    ],
)
def test_a_reason_too_long_is_cut_between_characters(reason: str, kept: str) -> None:
    assert close_payload(1000, reason) == b"\x03\xe8" + kept.encode()


@pytest.mark.parametrize(
    "status",
    [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4409, 4999],
)
def test_a_code_that_may_be_sent_is_read(status: int) -> None:
    assert parse_close(status.to_bytes(2)) == status


@pytest.mark.parametrize(
    "status", [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]
)
def test_a_code_that_may_not_be_sent_is_refused(status: int) -> None:
    with pytest.raises(FrameError, match=r"^the Close frame holds no valid close code$") as caught:
        parse_close(status.to_bytes(2) + b"reason")
    assert caught.value.status is CloseStatus.PROTOCOL_ERROR


def test_the_opcodes_are_those_of_the_rfc() -> None:
    assert (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG) == (0, 1, 2, 8, 9, 10)


def test_the_codes_that_the_bridge_sends_are_those_of_the_rfc() -> None:
    assert {status.name: status.value for status in CloseStatus} == {
        "PROTOCOL_ERROR": 1002,
        "UNSUPPORTED_DATA": 1003,
        "INVALID_DATA": 1007,
        "POLICY_VIOLATION": 1008,
        "MESSAGE_TOO_BIG": 1009,
    }


def test_a_close_frame_may_be_empty() -> None:
    assert parse_close(b"") is None


def test_a_close_frame_of_one_byte_is_refused() -> None:
    with pytest.raises(FrameError) as caught:
        parse_close(b"\x03")
    assert caught.value.status is CloseStatus.PROTOCOL_ERROR


def test_a_reason_in_utf8_is_read_over() -> None:
    assert parse_close(b"\x03\xe8" + "tschüß".encode()) == 1000


@pytest.mark.parametrize("reason", [b"\xff", b"tsch\xfc"])
def test_a_reason_that_is_not_utf8_is_refused(reason: bytes) -> None:
    with pytest.raises(FrameError, match=r"^the close reason is not UTF-8$") as caught:
        parse_close(b"\x03\xe8" + reason)
    assert caught.value.status is CloseStatus.INVALID_DATA
