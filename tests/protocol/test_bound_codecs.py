"""Plain frames are messages, raw frames are pieces of the stream; both however they are cut."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.bound_codecs import INNER_ZERO, BoundCodec, PlainCodec, RawCodec, breach
from bridge.protocol.checks import NOT_UTF8, Fault, Guard
from bridge.protocol.down_log import Batch
from bridge.protocol.frames import BINARY, TEXT, CloseStatus, FrameError
from bridge.protocol.framing import join

TEXTS = Guard("text", 4)
BYTES = Guard("bytes", 4)
TOO_BIG = TEXTS.oversize()


def fed(codec: BoundCodec, opcode: int, *pieces: bytes) -> list[bytes | Fault]:
    """All that comes of one message in these pieces, up to its fault."""
    found: list[bytes | Fault] = []
    for index, piece in enumerate(pieces, 1):
        found += codec.feed(opcode, [piece], index == len(pieces))
        if found and isinstance(found[-1], Fault):
            break
    return found


def cut(data: bytes, places: Iterable[int]) -> list[bytes]:
    """The data in pieces, cut at these places."""
    return [data[start:end] for start, end in pairwise([0, *sorted(places), len(data)])]


# -- plain


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b"", b"\0"),
        (b"\0", b"\0"),
        (b"a", b"a\0"),
        (b"a\0", b"a\0"),
        (b"abcd", b"abcd\0"),
        (b"abcd\0", b"abcd\0"),
        (b"\xff", b"\xff\0"),
    ],
)
@pytest.mark.parametrize(("guard", "opcode"), [(TEXTS, TEXT), (BYTES, BINARY)])
def test_a_plain_frame_is_one_message_with_or_without_its_zero_byte(
    guard: Guard, opcode: int, payload: bytes, message: bytes
) -> None:
    for place in range(len(payload) + 1):
        assert fed(PlainCodec(guard), opcode, *cut(payload, [place])) == [message]
    assert fed(PlainCodec(guard), opcode, payload) == [message]


def test_plain_frames_follow_each_other() -> None:
    codec = PlainCodec(TEXTS)
    messages = [fed(codec, TEXT, b"a", b"b"), fed(codec, TEXT, b""), fed(codec, TEXT, b"c", b"")]
    assert messages == [[b"ab\0"], [b"\0"], [b"c\0"]]


def test_plain_frames_that_come_together_are_one_batch() -> None:
    assert list(PlainCodec(TEXTS).feed(TEXT, [b"a", b"", b"c"], True)) == [b"a\0\0c\0"]


@pytest.mark.parametrize(
    ("payloads", "items"),
    [
        ([b"a", b"b\0", b"c"], [b"a\0", b"b\0", b"c\0"]),
        ([b"a", b"b\0b", b"c"], [b"a\0", INNER_ZERO, b"c\0"]),
        ([b"", b"\0"], [b"\0", b"\0"]),
    ],
)
def test_zero_bytes_in_plain_frames_that_come_together_mean_what_they_mean_in_one(
    payloads: list[bytes], items: list[bytes | Fault]
) -> None:
    assert list(PlainCodec(TEXTS).feed(TEXT, payloads, True)) == items


def test_the_last_of_plain_frames_that_come_together_may_be_a_piece() -> None:
    codec = PlainCodec(TEXTS)
    assert list(codec.feed(TEXT, [b"a", b"b"], False)) == [b"a\0"]
    assert list(codec.feed(TEXT, [b"c", b"d"], True)) == [b"bc\0", b"d\0"]


@pytest.mark.parametrize("payload", [b"\0\0", b"\0a", b"a\0b", b"a\0b\0", b"a\0\0"])
def test_a_zero_byte_inside_of_a_plain_frame_is_a_fault(payload: bytes) -> None:
    for place in range(len(payload) + 1):
        assert fed(PlainCodec(TEXTS), TEXT, *cut(payload, [place])) == [INNER_ZERO]


def test_a_whole_plain_frame_that_is_too_big_is_left_to_the_guard() -> None:
    assert fed(PlainCodec(TEXTS), TEXT, b"abcde") == [b"abcde\0"]


@pytest.mark.parametrize("pieces", [(b"abcdef", b""), (b"abc", b"def"), (b"abc", b"def", b"g")])
def test_a_plain_frame_in_pieces_is_refused_as_soon_as_it_cannot_be_held(
    pieces: tuple[bytes, ...],
) -> None:
    assert fed(PlainCodec(TEXTS), TEXT, *pieces) == [TOO_BIG]


@pytest.mark.parametrize("final", [True, False])
@pytest.mark.parametrize(
    ("guard", "opcode", "kind"), [(TEXTS, BINARY, "text"), (BYTES, TEXT, "binary")]
)
def test_a_plain_frame_of_the_other_kind_breaks_a_rule(
    guard: Guard, opcode: int, kind: str, final: bool
) -> None:
    with pytest.raises(FrameError, match=rf"^messages go in {kind} frames here$") as caught:
        list(PlainCodec(guard).feed(opcode, [b"a"], final))
    assert caught.value.status is CloseStatus.UNSUPPORTED_DATA


def test_a_batch_goes_down_as_one_plain_frame_for_each_message() -> None:
    long = b"x" * 126
    assert PlainCodec(TEXTS).encode(Batch(1, 3, b"ab\0\0" + long + b"\0")) == (
        b"\x81\x02ab" + b"\x81\x00" + b"\x81\x7e\x00\x7e" + long,
    )
    assert PlainCodec(BYTES).encode(Batch(7, 7, b"\xff\xfe\0")) == (b"\x82\x02\xff\xfe",)


def test_what_comes_in_plain_frames_is_checked() -> None:
    assert [PlainCodec(guard).is_checked for guard in (TEXTS, BYTES)] == [True, True]


# -- raw


@pytest.mark.parametrize(("guard", "checked"), [(TEXTS, True), (BYTES, False)])
def test_what_comes_raw_is_checked_unless_the_daemon_takes_any_bytes(
    guard: Guard, checked: bool
) -> None:
    assert RawCodec(guard).is_checked is checked


@pytest.mark.parametrize("payload", [b"", b"a", b"a\0b", b"longer than a message"])
def test_raw_bytes_for_a_daemon_of_bytes_go_on_as_they_come(payload: bytes) -> None:
    assert fed(RawCodec(BYTES), BINARY, payload, payload) == [payload, payload]


@given(st.lists(st.sampled_from([b"", b"a", b"bcd", b"\xff"])), st.data())
def test_raw_bytes_for_a_daemon_of_text_are_cut_into_messages(
    messages: list[bytes], data: st.DataObject
) -> None:
    stream = join(messages)
    places = data.draw(st.lists(st.integers(0, len(stream)), max_size=5))
    codec = RawCodec(TEXTS)
    items = [item for piece in cut(stream, places) for item in codec.feed(BINARY, [piece], True)]
    batches = [item for item in items if isinstance(item, bytes)]
    assert len(batches) == len(items)
    assert all(batch.endswith(b"\0") for batch in batches if batch)
    assert b"".join(batches) == stream


def test_raw_frames_that_come_together_are_one_stream() -> None:
    assert list(RawCodec(TEXTS).feed(BINARY, [b"a\0b", b"c", b"\0d"], True)) == [b"a\0bc\0"]


def test_raw_bytes_that_complete_no_message_come_to_nothing() -> None:
    assert list(RawCodec(TEXTS).feed(BINARY, [b"a"], True)) == []


@pytest.mark.parametrize("place", range(9))
def test_a_raw_message_too_big_is_a_fault_behind_those_before_it(place: int) -> None:
    items = fed(RawCodec(TEXTS), BINARY, *cut(b"a\0bcdefg\0", [place]))
    assert [item for item in items if item] == [b"a\0", TOO_BIG]


@pytest.mark.parametrize("guard", [TEXTS, BYTES])
def test_a_raw_text_frame_breaks_a_rule(guard: Guard) -> None:
    with pytest.raises(FrameError, match=r"^bytes go in binary frames here") as caught:
        list(RawCodec(guard).feed(TEXT, [b"a\0"], True))
    assert caught.value.status is CloseStatus.UNSUPPORTED_DATA


@pytest.mark.parametrize("guard", [TEXTS, BYTES])
def test_bytes_go_down_in_one_binary_frame(guard: Guard) -> None:
    assert RawCodec(guard).encode(Batch(1, 1, b"a\0b")) == (b"\x82\x03a\0b",)


# -- refusals


@pytest.mark.parametrize(
    ("fault", "opcode", "status"),
    [
        (TOO_BIG, TEXT, CloseStatus.MESSAGE_TOO_BIG),
        (TOO_BIG, BINARY, CloseStatus.MESSAGE_TOO_BIG),
        (NOT_UTF8, TEXT, CloseStatus.INVALID_DATA),
        (NOT_UTF8, BINARY, CloseStatus.POLICY_VIOLATION),
        (INNER_ZERO, TEXT, CloseStatus.POLICY_VIOLATION),
        (Fault("not-well-formed", "why"), TEXT, CloseStatus.POLICY_VIOLATION),
    ],
)
def test_a_refusal_ends_the_socket_with_the_status_of_its_cause(
    fault: Fault, opcode: int, status: CloseStatus
) -> None:
    error = breach(fault, opcode)
    assert (error.status, error.reason) == (status, f"{fault.code}: {fault.detail}")
