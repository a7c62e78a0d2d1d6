"""Batches come out of a stream however it is cut; a message too long is told once and skipped."""

import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.framing import (
    SMALL_PIECE_BYTES,
    MessageDecoder,
    Oversize,
    Pieces,
    chunks,
    count,
    is_single,
    join,
    offset_of,
    split,
)

TOO_BIG = None
"""Stands among messages for one that was too big."""

messages = st.binary(max_size=12).map(lambda data: data.replace(b"\0", b"x"))
streams = st.lists(messages).map(join)


def reference(stream: bytes, limit: int) -> list[bytes | None]:
    """What a stream says, told by `bytes.split` alone."""
    *complete, tail = stream.split(b"\0")
    found = [message if len(message) <= limit else TOO_BIG for message in complete]
    return found + [TOO_BIG] * (len(tail) > limit)


def fed(decoder: MessageDecoder, *pieces: bytes) -> list[bytes | None]:
    """All that comes out for the pieces."""
    return [message for piece in pieces for message in _fed(decoder, piece)]


def _fed(decoder: MessageDecoder, piece: bytes) -> Iterator[bytes | None]:
    was_told = decoder.skipping
    try:
        yield from split(decoder.feed(piece))
    except Oversize as oversize:
        yield from split(oversize.before)
        if not was_told:
            yield TOO_BIG
        yield from _fed(decoder, oversize.rest)


def cut(stream: bytes, places: Iterable[int]) -> list[bytes]:
    """The stream in pieces, cut at these places."""
    ends = sorted({0, len(stream), *places})
    return [stream[start:end] for start, end in pairwise(ends)]


# -- batches


@pytest.mark.parametrize(
    ("batch", "parts"),
    [(b"", []), (b"\0", [b""]), (b"a\0", [b"a"]), (b"ab\0\0c\0", [b"ab", b"", b"c"])],
)
def test_a_batch_is_split_into_its_messages_and_joined_again(
    batch: bytes, parts: list[bytes]
) -> None:
    assert split(batch) == parts
    assert join(parts) == batch
    assert count(batch) == len(parts)


@pytest.mark.parametrize(
    ("batch", "single"),
    [(b"", False), (b"\0", True), (b"a\0", True), (b"\0\0", False), (b"a\0b\0", False)],
)
def test_a_batch_is_single_if_its_only_zero_byte_is_its_last_one(
    batch: bytes, single: bool
) -> None:
    assert is_single(batch) is single


@pytest.mark.parametrize(("data", "messages"), [(b"a", 0), (b"a\0b", 1), (b"a\0\0b", 2)])
def test_what_is_unterminated_does_not_count(data: bytes, messages: int) -> None:
    assert count(data) == messages


@given(st.lists(messages))
def test_splitting_undoes_joining(parts: list[bytes]) -> None:
    assert split(join(parts)) == parts


@pytest.mark.parametrize(("index", "offset"), [(0, 0), (1, 3), (2, 4), (3, 6)])
def test_the_offset_of_a_message_is_where_it_begins(index: int, offset: int) -> None:
    assert offset_of(b"ab\0\0c\0", index) == offset


@pytest.mark.parametrize(
    ("size", "parts"),
    [
        (1, [b"ab\0", b"\0", b"cdef\0", b"g\0"]),
        (3, [b"ab\0", b"\0", b"cdef\0", b"g\0"]),
        (4, [b"ab\0\0", b"cdef\0", b"g\0"]),
        (5, [b"ab\0\0", b"cdef\0", b"g\0"]),
        (7, [b"ab\0\0", b"cdef\0g\0"]),
        (10, [b"ab\0\0cdef\0", b"g\0"]),
        (11, [b"ab\0\0cdef\0g\0"]),
    ],
)
def test_a_chunk_holds_as_many_messages_as_fit_and_at_least_one(
    size: int, parts: list[bytes]
) -> None:
    assert list(chunks(b"ab\0\0cdef\0g\0", size)) == parts


def test_an_empty_batch_has_no_chunks() -> None:
    assert list(chunks(b"", 5)) == []


@given(streams, st.integers(1, 30))
def test_chunks_are_the_batch_and_none_above_the_size_could_be_smaller(
    batch: bytes, size: int
) -> None:
    parts = list(chunks(batch, size))
    assert b"".join(parts) == batch
    assert all(part.endswith(b"\0") for part in parts)
    assert all(len(part) <= size or part.count(0) == 1 for part in parts)


# -- the decoder

STREAM = b"ab\0\0abc\0abcd\0abcdefgh\0a\0rest"
SAID = [b"ab", b"", b"abc", TOO_BIG, TOO_BIG, b"a", TOO_BIG]


@pytest.mark.parametrize("place", range(len(STREAM) + 1))
def test_the_stream_may_be_cut_at_every_byte(place: int) -> None:
    assert fed(MessageDecoder(3), STREAM[:place], STREAM[place:]) == SAID


def test_the_stream_may_come_byte_by_byte() -> None:
    assert fed(MessageDecoder(3), *cut(STREAM, range(len(STREAM)))) == SAID


@given(st.lists(st.sampled_from([b"\0", b"a", b"bc", b"def"])).map(b"".join), st.data())
def test_any_cutting_of_any_stream_says_what_the_reference_says(
    stream: bytes, data: st.DataObject
) -> None:
    limit = data.draw(st.integers(1, 5), "limit")
    places = data.draw(st.lists(st.integers(0, len(stream))), "places")
    assert fed(MessageDecoder(limit), *cut(stream, places)) == reference(stream, limit)


SIZES = [1, SMALL_PIECE_BYTES - 1, SMALL_PIECE_BYTES, SMALL_PIECE_BYTES + 1]


@given(st.lists(st.sampled_from(SIZES), max_size=8), st.binary(max_size=3))
def test_pieces_of_all_sizes_make_up_one_message(sizes: list[int], end: bytes) -> None:
    pieces = [bytes([65 + index]) * size for index, size in enumerate(sizes)]
    decoder = MessageDecoder(1 << 20)
    assert fed(decoder, *pieces, b"\0") == [b"".join(pieces)]
    assert fed(decoder, *pieces, end.replace(b"\0", b"x")) == []


def test_whole_messages_are_passed_on_without_a_copy() -> None:
    data = b"ab\0cd\0"
    assert MessageDecoder(3).feed(data) is data


@pytest.mark.parametrize(
    ("pieces", "batches"),
    [
        ([b"a\0b", b"\0", b""], [b"a\0", b"b\0", b""]),
        ([b"a\0b\0c", b"d\0e\0f", b"\0"], [b"a\0b\0", b"cd\0e\0", b"f\0"]),
    ],
)
def test_each_piece_gives_the_batch_that_it_completes(
    pieces: list[bytes], batches: list[bytes]
) -> None:
    decoder = MessageDecoder(9)
    assert [decoder.feed(piece) for piece in pieces] == batches


@pytest.mark.parametrize(
    ("pieces", "held"),
    [
        ([], b""),
        ([b""], b""),
        ([b"ab\0"], b""),
        ([b"ab\0c"], b"c"),
        ([b"ab", b"", b"cd"], b"abcd"),
        ([b"ab", b"c\0d"], b"d"),
        ([b"ab", b"c\0"], b""),
    ],
)
def test_what_is_unfinished_is_held_and_given_up_once(pieces: list[bytes], held: bytes) -> None:
    decoder = MessageDecoder(9)
    fed(decoder, *pieces)
    assert decoder.unfinished is bool(held)
    assert [decoder.take_unfinished(), decoder.take_unfinished()] == [held, b""]
    assert not decoder.unfinished


def test_the_stream_begins_anew_behind_what_was_given_up() -> None:
    decoder = MessageDecoder(9)
    fed(decoder, b"a\0bcd")
    decoder.take_unfinished()
    assert fed(decoder, b"e\0") == [b"e"]


# -- pieces


@given(st.lists(st.sampled_from([0, *SIZES]), max_size=8))
def test_pieces_are_counted_and_taken_once(sizes: list[int]) -> None:
    whole = [bytes([65 + index]) * size for index, size in enumerate(sizes)]
    pieces = Pieces()
    for piece in whole:
        pieces.append(piece)
    assert pieces.size == sum(sizes)
    assert [pieces.take(), pieces.take(), pieces.size] == [b"".join(whole), b"", 0]


@pytest.mark.parametrize("size", [2, SMALL_PIECE_BYTES - 1])
def test_small_pieces_cost_about_their_own_size(size: int) -> None:
    held_bytes = 1 << 18
    pieces = Pieces()
    tracemalloc.start()
    try:
        for number in range(held_bytes // size):
            pieces.append(number.to_bytes(3)[-2:] * (size // 2))
        traced_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert traced_bytes < 2 * held_bytes


def test_a_large_piece_is_held_without_a_copy() -> None:
    pieces, data = Pieces(), bytes(1 << 20)
    tracemalloc.start()
    try:
        pieces.append(data)
        traced_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert traced_bytes < len(data)


# -- too big


@pytest.mark.parametrize("place", range(5))
def test_a_message_of_just_the_limit_passes_wherever_it_is_cut(place: int) -> None:
    assert fed(MessageDecoder(4), b"abcd\0"[:place], b"abcd\0"[place:]) == [b"abcd"]


@pytest.mark.parametrize(
    ("pieces", "before", "rest"),
    [
        ([b"abcd"], b"", b""),
        ([b"abcd\0"], b"", b""),
        ([b"abcdefg\0h\0i"], b"", b"h\0i"),
        ([b"a\0b\0cdef"], b"a\0b\0", b""),
        ([b"a\0b\0cdef\0g\0h"], b"a\0b\0", b"g\0h"),
        ([b"ab", b"cd"], b"", b""),
        ([b"ab", b"cd\0e\0f"], b"", b"e\0f"),
        ([b"ab", b"c\0defg"], b"abc\0", b""),
    ],
)
def test_a_message_too_big_is_told_with_what_stands_around_it(
    pieces: list[bytes], before: bytes, rest: bytes
) -> None:
    decoder = MessageDecoder(3)
    *held, last = pieces
    assert fed(decoder, *held) == []
    with pytest.raises(Oversize, match=r"^message too big$") as caught:
        decoder.feed(last)
    assert (caught.value.before, caught.value.rest) == (before, rest)


def test_a_message_too_big_is_told_before_its_end_and_at_its_end() -> None:
    decoder = MessageDecoder(3)
    assert fed(decoder, b"abc") == []
    assert fed(decoder, b"d") == [TOO_BIG]
    assert [decoder.feed(piece) for piece in (b"e", b"fghijkl", b"")] == [b"", b"", b""]
    with pytest.raises(Oversize) as caught:
        decoder.feed(b"m\0n\0")
    assert (caught.value.before, caught.value.rest) == (b"", b"n\0")
    assert fed(decoder, caught.value.rest) == [b"n"]


def test_the_stream_stands_inside_a_message_that_is_skipped() -> None:
    decoder = MessageDecoder(3)
    fed(decoder, b"abcd", b"efgh")
    assert decoder.unfinished


@pytest.mark.parametrize("end", [b"\0", b"e\0", b"e\0f\0"])
def test_the_stream_stands_between_messages_behind_one_that_was_skipped(end: bytes) -> None:
    decoder = MessageDecoder(3)
    fed(decoder, b"abcd", end)
    assert not decoder.unfinished


def test_giving_up_a_message_too_big_ends_the_skipping() -> None:
    decoder = MessageDecoder(3)
    fed(decoder, b"abcd")
    assert decoder.take_unfinished() == b""
    assert not decoder.unfinished
    assert fed(decoder, b"e\0") == [b"e"]
