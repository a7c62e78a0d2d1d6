"""Frames are read however they arrive, and held to RFC 6455."""

import gc
import struct
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.frame_reader import RUN_MESSAGES, FrameReader, Frames
from bridge.protocol.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    CloseStatus,
    FrameError,
)
from bridge.protocol.masking import unmask_in_python

FIN = 0x80
MASKED = 0x80
KEY = b"\x11\x22\x33\x44"
TURN_BYTES = 1 << 18

Piece = tuple[int, bytes, bool]
"""Opcode, payload, and whether the message ends with it."""


def encoded(opcode: int, payload: bytes = b"", *, fin: bool = True, key: bytes = KEY) -> bytes:
    """A client's frame (section 5.2), its length in the shortest form."""
    size = len(payload)
    if size < 126:
        length = bytes([MASKED | size])
    elif size < 0x10000:
        length = struct.pack("!BH", MASKED | 126, size)
    else:
        length = struct.pack("!BQ", MASKED | 127, size)
    return bytes([FIN * fin | opcode]) + length + key + unmask_in_python(payload, key)


def turns(reader: FrameReader, chunk: bytes) -> Iterator[Frames]:
    """What it hands on of a chunk, one turn after the other."""
    reader.receive_data(chunk)
    while (frames := reader.next_frames()) is not None:
        yield frames


def pieces_of(frames: Frames) -> Iterator[Piece]:
    """The same, one by one."""
    opcode, payloads, final = frames
    *whole, last = payloads
    yield from ((opcode, payload, True) for payload in whole)
    yield opcode, last, final


def read(*chunks: bytes, turn_bytes: int = TURN_BYTES) -> list[Piece]:
    """All pieces that a reader hands on of the chunks."""
    reader = FrameReader(turn_bytes)
    handed_on = (frames for chunk in chunks for frames in turns(reader, chunk))
    return [piece for frames in handed_on for piece in pieces_of(frames)]


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
    reader = FrameReader(TURN_BYTES)
    chunks = (frame[:6], frame[6:9], frame[9:10], frame[10:13], frame[13:])
    assert [list(turns(reader, chunk)) for chunk in chunks] == [
        [],
        [(BINARY, [b"abc"], False)],
        [(BINARY, [b"d"], False)],
        [(BINARY, [b"efg"], False)],
        [(BINARY, [b"h"], True)],
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


def handed_on(wire: bytes, *, turn_bytes: int = TURN_BYTES) -> list[Frames]:
    """What a reader hands on of a stream that came at once."""
    return list(turns(FrameReader(turn_bytes), wire))


@pytest.mark.parametrize("payload", [b"", b"a", b"x" * 125, b"x" * 126, b"x" * 1000])
def test_messages_of_one_kind_that_came_at_once_are_handed_on_together(payload: bytes) -> None:
    assert handed_on(encoded(TEXT, payload) * 100) == [(TEXT, [payload] * 100, True)]


def test_another_kind_of_frame_is_handed_on_by_itself() -> None:
    wire = encoded(TEXT, b"a") + encoded(TEXT, b"b") + encoded(BINARY, b"c") + encoded(PING, b"d")
    assert handed_on(wire + encoded(TEXT, b"e") + encoded(TEXT, b"f", fin=False)) == [
        (TEXT, [b"a", b"b"], True),
        (BINARY, [b"c"], True),
        (PING, [b"d"], True),
        (TEXT, [b"e"], True),
        (TEXT, [b"f"], False),
    ]


def test_a_turn_has_a_bound_for_messages() -> None:
    sizes = [len(payloads) for _, payloads, _ in handed_on(encoded(TEXT) * (RUN_MESSAGES + 2))]
    assert (RUN_MESSAGES, sizes) == (256, [256, 2])


def test_a_turn_has_a_bound_for_bytes() -> None:
    frame = encoded(TEXT, b"x" * 10)
    turns_taken = handed_on(frame * 5, turn_bytes=2 * len(frame))
    assert [len(payloads) for _, payloads, _ in turns_taken] == [2, 2, 1]


def test_a_frame_longer_than_a_turn_is_handed_on_in_pieces() -> None:
    assert handed_on(encoded(TEXT, b"abcdefgh") + encoded(TEXT), turn_bytes=3) == [
        (TEXT, [b"abc"], False),
        (TEXT, [b"def"], False),
        (TEXT, [b"gh"], True),
        (TEXT, [b""], True),
    ]


def test_what_was_dropped_is_not_handed_on() -> None:
    reader = FrameReader(TURN_BYTES)
    reader.receive_data(encoded(TEXT, b"a"))
    reader.drop()
    assert list(turns(reader, encoded(TEXT, b"b"))) == [(TEXT, [b"b"], True)]


def test_of_a_long_chunk_only_what_waits_for_more_is_kept() -> None:
    reader = FrameReader(TURN_BYTES)
    beginning = encoded(PING, b"12345")[:-1]
    list(turns(reader, encoded(TEXT, b"x" * 1000) + beginning))
    kept = [value for value in gc.get_referents(reader) if isinstance(value, bytes)]
    assert max(kept, key=len) == beginning


def test_what_was_not_yet_handed_on_stays_in_front() -> None:
    reader = FrameReader(TURN_BYTES)
    reader.receive_data(encoded(PING, b"a") + encoded(TEXT, b"b"))
    assert reader.next_frames() == (PING, [b"a"], True)
    assert list(turns(reader, encoded(TEXT, b"c"))) == [(TEXT, [b"b", b"c"], True)]


def test_the_longest_payload_that_can_be_written_down_begins_to_be_read() -> None:
    head = struct.pack("!BBQ", FIN | BINARY, MASKED | 127, (1 << 63) - 1)
    assert read(head + KEY + unmask_in_python(b"abc", KEY)) == [(BINARY, b"abc", False)]


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
    turn_bytes = data.draw(st.integers(1, 300))
    assert list(whole(read(*chunks, turn_bytes=turn_bytes))) == said


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
    reader = FrameReader(TURN_BYTES)
    reader.receive_data(encoded(TEXT, b"ab") + encoded(PING) + b"\x81\x00")
    assert reader.next_frames() == (TEXT, [b"ab"], True)
    assert reader.next_frames() == (PING, [b""], True)
    with pytest.raises(FrameError):
        reader.next_frames()
