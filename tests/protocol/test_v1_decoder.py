"""Frames of the v1 socket become batches and control texts, in however many pieces they come."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.checks import Guard
from bridge.protocol.frames import BINARY, TEXT, CloseStatus, FrameError
from bridge.protocol.framing import join, split
from bridge.protocol.v1_decoder import CONTROL_TEXT_BYTES, ControlText, Item, V1Decoder

LIMIT = CONTROL_TEXT_BYTES
TEXTS = Guard("text", LIMIT)
BYTES = Guard("bytes", LIMIT)
TOO_BIG = TEXTS.oversize()
UNTERMINATED = "each message of a data frame ends in a zero byte"

Pieces = list[tuple[int, bytes, bool]]


def fed(guard: Guard, *pieces: tuple[int, bytes, bool]) -> list[Item]:
    """All that comes out for the pieces."""
    decoder = V1Decoder(guard)
    return [
        item for opcode, payload, final in pieces for item in decoder.feed(opcode, [payload], final)
    ]


def cut(opcode: int, payload: bytes, places: Iterable[int]) -> Pieces:
    """One message in pieces, cut at these places."""
    ends = [0, *sorted(places), len(payload)]
    last = len(ends) - 2
    return [
        (opcode, payload[start:end], index == last)
        for index, (start, end) in enumerate(pairwise(ends))
    ]


def one_by_one(items: Iterable[Item]) -> list[object]:
    """The items, batches split into their messages."""
    found: list[object] = []
    for item in items:
        found += split(item) if isinstance(item, bytes) else [item]
    return found


# -- whole frames


@pytest.mark.parametrize(
    ("guard", "opcode", "payload"),
    [
        (TEXTS, TEXT, b"\0"),
        (TEXTS, TEXT, b"a\0\0b\0"),
        (BYTES, BINARY, b"\xff\0\0b\0"),
        (BYTES, BINARY, b'{"ack":1}\0'),
    ],
)
def test_a_data_frame_is_a_batch(guard: Guard, opcode: int, payload: bytes) -> None:
    assert fed(guard, (opcode, payload, True)) == [payload]


def test_a_data_frame_is_passed_on_without_a_copy() -> None:
    payload = b"a\0b\0"
    assert fed(TEXTS, (TEXT, payload, True))[0] is payload


@pytest.mark.parametrize("guard", [TEXTS, BYTES])
@pytest.mark.parametrize("text", [b"", b"{}", b'{"ack":123456789012345}'])
def test_a_text_frame_without_a_zero_byte_is_a_control_text(guard: Guard, text: bytes) -> None:
    assert fed(guard, (TEXT, text, True)) == [ControlText(text)]


def test_frames_mean_what_they_mean_one_by_one() -> None:
    pieces = [(TEXT, b"a\0", True), (TEXT, b"{}", True), (TEXT, b"b\0c\0", True)]
    assert fed(TEXTS, *pieces) == [b"a\0", ControlText(b"{}"), b"b\0c\0"]


def test_a_message_too_big_in_a_whole_frame_is_left_to_the_guard() -> None:
    batch = b"a\0" + b"x" * (LIMIT + 1) + b"\0"
    assert fed(TEXTS, (TEXT, batch, True)) == [batch]


# -- fragments


@pytest.mark.parametrize("place", range(7))
def test_a_data_frame_may_be_cut_at_every_byte(place: int) -> None:
    assert one_by_one(fed(TEXTS, *cut(TEXT, b"ab\0\0c\0", [place]))) == [b"ab", b"", b"c"]


@pytest.mark.parametrize("place", range(10))
def test_a_control_frame_may_be_cut_at_every_byte(place: int) -> None:
    assert fed(TEXTS, *cut(TEXT, b'{"ack":1}', [place])) == [ControlText(b'{"ack":1}')]


def test_batches_are_passed_on_from_the_middle_of_a_frame() -> None:
    decoder = V1Decoder(TEXTS)
    found = [
        list(decoder.feed(TEXT, [b"a\0b"], False)),
        list(decoder.feed(TEXT, [b"c"], False)),
        list(decoder.feed(TEXT, [b"d\0"], False)),
        list(decoder.feed(TEXT, [b""], True)),
    ]
    assert found == [[b"a\0"], [], [b"bcd\0"], []]


@pytest.mark.parametrize("began", [b"", b"b\0c"])
def test_frames_that_come_together_are_a_batch_each(began: bytes) -> None:
    decoder = V1Decoder(TEXTS)
    list(decoder.feed(TEXT, [began or b"\0"], not began))
    found = list(decoder.feed(TEXT, [b"d\0", b"{}", b"e\0f\0"], True))
    assert found == [began[2:] + b"d\0", ControlText(b"{}"), b"e\0f\0"]


def test_the_last_of_frames_that_come_together_may_be_a_piece() -> None:
    decoder = V1Decoder(TEXTS)
    assert list(decoder.feed(TEXT, [b"a\0", b"b\0c"], False)) == [b"a\0", b"b\0"]
    assert list(decoder.feed(TEXT, [b"d\0"], True)) == [b"cd\0"]


def test_what_is_sound_in_frames_that_come_together_comes_before_a_broken_rule() -> None:
    feeding = iter(V1Decoder(TEXTS).feed(TEXT, [b"a\0", b"b\0c"], True))
    assert next(feeding) == b"a\0"
    with pytest.raises(FrameError):
        next(feeding)


def test_a_frame_without_data_behind_a_fragmented_data_frame_is_a_control_text() -> None:
    pieces = [*cut(TEXT, b"a\0b\0", [1]), *cut(TEXT, b"{}", [1]), (TEXT, b"{}", True)]
    assert fed(TEXTS, *pieces) == [b"a\0b\0", ControlText(b"{}"), ControlText(b"{}")]


def test_a_whole_frame_behind_a_fragmented_one_is_whole_again() -> None:
    longer = b'{"ack":123456789012345}'
    pieces = [*cut(TEXT, b"a\0", [1]), (TEXT, longer, True)]
    assert fed(TEXTS, *pieces) == [b"a\0", ControlText(longer)]


@pytest.mark.parametrize(
    "places",
    [
        [],
        [0],
        [5],
        *([2 + LIMIT + more] for more in range(3)),
        [5, LIMIT + 3],
        range(LIMIT + 9),
    ],
)
def test_a_message_too_big_is_told_in_its_place_however_it_is_cut(places: list[int]) -> None:
    long = b"x" * (LIMIT + 1)
    payload = b"a\0" + long + b"\0b\0c\0"
    pieces = [*cut(TEXT, payload, places), (TEXT, b"d\0", True)]
    expected = [b"a", TOO_BIG if places else long, b"b", b"c", b"d"]
    assert one_by_one(fed(TEXTS, *pieces)) == expected


def test_several_messages_too_big_in_one_piece_are_told_one_by_one() -> None:
    long = b"x" * (LIMIT + 1) + b"\0"
    pieces: Pieces = [(TEXT, long + b"a\0" + long + long, False), (TEXT, b"b\0", True)]
    assert fed(TEXTS, *pieces) == [TOO_BIG, b"a\0", TOO_BIG, TOO_BIG, b"b\0"]


@pytest.mark.parametrize(
    "guard", [Guard("text", 20), Guard("bytes", 20)], ids=lambda guard: guard.kind
)
@pytest.mark.parametrize("place", [0, 20, 21, LIMIT])
def test_a_control_text_may_be_longer_than_a_message(guard: Guard, place: int) -> None:
    text = b'{"ack":1}'.ljust(LIMIT)
    assert fed(guard, *cut(TEXT, text, [place])) == [ControlText(text)]


frames = st.one_of(
    st.lists(st.binary(max_size=20).map(lambda data: data.replace(b"\0", b"")), min_size=1).map(
        lambda messages: (BINARY, join(messages))
    ),
    st.sampled_from([(TEXT, b""), (TEXT, b"{}"), (TEXT, b'{"ack":1}')]),
)


@given(st.lists(frames), st.data())
def test_any_fragmenting_of_any_frames_says_the_same(
    frames: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    pieces: Pieces = []
    for opcode, payload in frames:
        places = data.draw(st.lists(st.integers(0, len(payload)), max_size=5))
        pieces += cut(opcode, payload, places)
    said = [payload if opcode == BINARY else ControlText(payload) for opcode, payload in frames]
    assert one_by_one(fed(BYTES, *pieces)) == one_by_one(said)


# -- broken rules


@pytest.mark.parametrize("places", [[], [0], [1], [2], [3]])
@pytest.mark.parametrize(
    ("guard", "opcode", "kind"), [(TEXTS, BINARY, "text"), (BYTES, TEXT, "binary")]
)
def test_data_in_frames_of_the_other_kind_is_refused(
    guard: Guard, opcode: int, kind: str, places: list[int]
) -> None:
    with pytest.raises(FrameError, match=f"^messages go in {kind} frames here$") as caught:
        fed(guard, *cut(opcode, b"ab\0", places))
    assert caught.value.status is CloseStatus.UNSUPPORTED_DATA


@pytest.mark.parametrize("places", [[], [0], [1]])
def test_a_binary_frame_is_never_a_control_frame(places: list[int]) -> None:
    with pytest.raises(FrameError, match=r"^messages go in text frames here$") as caught:
        fed(TEXTS, *cut(BINARY, b"{}", places))
    assert caught.value.status is CloseStatus.UNSUPPORTED_DATA


@pytest.mark.parametrize("places", [[], [0], [1], [2], [3], [1, 2]])
@pytest.mark.parametrize(
    ("guard", "opcode", "payload"),
    [
        (TEXTS, TEXT, b"a\0b"),
        (BYTES, BINARY, b"a\0b"),
        (BYTES, BINARY, b"abc"),
        (TEXTS, TEXT, b"\0\0{"),
    ],
)
def test_data_that_does_not_end_in_a_zero_byte_is_refused(
    guard: Guard, opcode: int, payload: bytes, places: list[int]
) -> None:
    with pytest.raises(FrameError, match=f"^{UNTERMINATED}$") as caught:
        fed(guard, *cut(opcode, payload, places))
    assert caught.value.status is CloseStatus.PROTOCOL_ERROR


def test_a_whole_frame_that_is_unterminated_says_nothing_at_all() -> None:
    feeding = iter(V1Decoder(TEXTS).feed(TEXT, [b"a\0b"], True))
    with pytest.raises(FrameError):
        next(feeding)


def test_what_is_sound_in_a_fragmented_frame_comes_before_its_broken_rule() -> None:
    decoder = V1Decoder(TEXTS)
    assert list(decoder.feed(TEXT, [b"a\0b"], False)) == [b"a\0"]
    with pytest.raises(FrameError):
        list(decoder.feed(TEXT, [b""], True))


def test_a_message_too_big_that_never_ends_is_unterminated() -> None:
    decoder = V1Decoder(TEXTS)
    assert list(decoder.feed(TEXT, [b"a\0" + b"x" * (LIMIT + 1)], False)) == [b"a\0"]
    with pytest.raises(FrameError, match=UNTERMINATED):
        list(decoder.feed(TEXT, [b"x"], True))


def test_too_big_a_message_of_the_other_kind_is_refused_as_the_wrong_kind() -> None:
    with pytest.raises(FrameError) as caught:
        fed(TEXTS, (BINARY, b"x" * (LIMIT + 1), False))
    assert caught.value.status is CloseStatus.UNSUPPORTED_DATA


def test_an_unterminated_frame_leaves_nothing_behind() -> None:
    """An exception that is raised again would keep the frames of each time."""
    depths = []
    for _ in range(3):
        with pytest.raises(FrameError) as caught:
            list(V1Decoder(Guard("text", 10)).feed(TEXT, [b"a\0b"], True))
        depths.append(len(caught.traceback))
    assert depths == depths[:1] * 3
