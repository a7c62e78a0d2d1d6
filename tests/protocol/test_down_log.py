"""Messages leave the log in order, are handed out again from any number, and go when they are
acknowledged."""

import pytest

from bridge.protocol.down_log import BATCH_OVERHEAD_BYTES, Batch, DownLog, Gap
from bridge.protocol.framing import split

BATCHES = [b"a\0bb\0ccc\0", b"\0", b"d\0ee\0"]
LAST = 6


def filled(*batches: bytes) -> DownLog:
    """A log of these batches, none of which was handed out."""
    log = DownLog()
    for data in batches or BATCHES:
        log.append(data)
    return log


def sent(*batches: bytes) -> DownLog:
    """A log of these batches, all of which were handed out."""
    log = filled(*batches)
    taken(log)
    return log


def taken(log: DownLog) -> list[Batch]:
    """All that is handed out."""
    found = []
    while (batch := log.take()) is not None:
        found.append(batch)
    return found


def numbered(batches: list[Batch]) -> dict[int, bytes]:
    """The messages of batches by their numbers."""
    found: dict[int, bytes] = {}
    for first, last, data in batches:
        found |= zip(range(first, last + 1), split(data), strict=True)
    return found


def held(*batches: bytes) -> int:
    """What batches count in `held_bytes`."""
    return sum(len(data) + BATCH_OVERHEAD_BYTES for data in batches)


MESSAGES = numbered(taken(filled()))


def test_batches_are_handed_out_once_in_order_with_their_numbers() -> None:
    log = filled()
    assert taken(log) == [
        Batch(1, 3, b"a\0bb\0ccc\0"),
        Batch(4, 4, b"\0"),
        Batch(5, 6, b"d\0ee\0"),
    ]
    assert log.take() is None


def test_a_batch_handed_out_moves_cursor_and_sent() -> None:
    log = filled()
    log.take()
    assert (log.acknowledged, log.cursor, log.sent, log.last) == (0, 3, 3, 6)


def test_something_is_unsent_until_all_is_handed_out() -> None:
    log = DownLog()
    found = [log.unsent]
    log.append(b"a\0")
    found.append(log.unsent)
    log.take()
    found.append(log.unsent)
    assert found == [False, True, False]


def test_a_chunk_counts_as_one_message_whatever_is_in_it() -> None:
    log = DownLog()
    log.append_chunk(b"a\0b\0c")
    log.append_chunk(b"d")
    assert taken(log) == [Batch(1, 1, b"a\0b\0c"), Batch(2, 2, b"d")]


def test_the_log_shows_its_newest_number_the_acknowledged_and_its_size() -> None:
    log = sent()
    log.acknowledge(3)
    assert repr(log) == f"<DownLog 6/3 held={held(b'0', b'd0ee0')}>"


# -- handing out again


@pytest.mark.parametrize("number", range(LAST + 1))
def test_the_log_may_be_rewound_to_every_number(number: int) -> None:
    log = sent()
    log.rewind(number)
    again = taken(log)
    assert numbered(again) == {key: MESSAGES[key] for key in range(number + 1, LAST + 1)}
    assert (log.acknowledged, log.cursor, log.sent) == (0, LAST, LAST)


@pytest.mark.parametrize("first", range(LAST + 1))
@pytest.mark.parametrize("second", range(LAST + 1))
def test_a_rewound_log_may_be_rewound_again(first: int, second: int) -> None:
    log = sent()
    log.rewind(first)
    log.take()
    log.rewind(second)
    assert list(numbered(taken(log))) == list(range(second + 1, LAST + 1))


def test_what_comes_after_rewinding_follows_what_is_handed_out_again() -> None:
    log = sent()
    log.rewind(4)
    log.append(b"f\0")
    assert taken(log) == [Batch(5, 6, b"d\0ee\0"), Batch(7, 7, b"f\0")]


def test_rewinding_into_a_batch_cuts_it_and_counts_the_second_part() -> None:
    log = sent(b"a\0bb\0ccc\0")
    log.rewind(2)
    assert log.held_bytes == held(b"a0bb0", b"ccc0")
    assert taken(log) == [Batch(3, 3, b"ccc\0")]


@pytest.mark.parametrize("number", [0, 3, 4, LAST])
def test_rewinding_between_batches_cuts_none(number: int) -> None:
    log = sent()
    log.rewind(number)
    assert log.held_bytes == held(*BATCHES)


# -- acknowledging


@pytest.mark.parametrize(
    ("number", "left"),
    [
        (0, BATCHES),
        (2, BATCHES),
        (3, [b"0", b"d0ee0"]),
        (4, [b"d0ee0"]),
        (5, [b"d0ee0"]),
        (6, []),
    ],
)
def test_batches_are_forgotten_when_all_of_them_is_acknowledged(
    number: int, left: list[bytes]
) -> None:
    log = sent()
    log.acknowledge(number)
    assert log.acknowledged == number
    assert log.held_bytes == held(*left)


@pytest.mark.parametrize("number", range(LAST + 1))
def test_the_log_goes_on_behind_an_acknowledgement_of_every_number(number: int) -> None:
    log = sent()
    log.acknowledge(number)
    log.append(b"f\0")
    assert taken(log) == [Batch(7, 7, b"f\0")]
    log.rewind(number)
    assert list(numbered(taken(log))) == list(range(number + 1, LAST + 2))


@pytest.mark.parametrize("number", range(LAST + 1))
@pytest.mark.parametrize("cursor", range(LAST + 1))
def test_what_is_acknowledged_is_not_handed_out_again(number: int, cursor: int) -> None:
    log = sent()
    log.rewind(cursor)
    log.acknowledge(number)
    after = max(number, cursor)
    assert list(numbered(taken(log))) == list(range(after + 1, LAST + 1))


def test_an_acknowledgement_that_comes_late_changes_nothing() -> None:
    log = sent()
    log.acknowledge(4)
    log.acknowledge(3)
    assert log.acknowledged == 4
    assert log.held_bytes == held(b"d0ee0")


def test_both_parts_of_a_batch_that_was_cut_are_forgotten() -> None:
    log = sent(b"a\0b\0")
    log.rewind(1)
    log.take()
    log.acknowledge(1)
    assert log.held_bytes == held(b"b0")
    log.acknowledge(2)
    assert log.held_bytes == 0


def test_what_was_dropped_is_not_handed_out_and_its_numbers_stay() -> None:
    log = filled()
    log.take()
    log.drop()
    assert log.take() is None
    assert (log.acknowledged, log.cursor, log.sent, log.last) == (0, 3, 3, 6)
    assert (log.unsent, log.holds, log.held_bytes) == (False, False, 0)


def test_what_was_sent_before_the_rest_was_dropped_may_still_be_acknowledged() -> None:
    log = filled()
    log.take()
    log.drop()
    log.rewind(1)
    log.acknowledge(3)
    assert (log.acknowledged, log.take()) == (3, None)


@pytest.mark.parametrize(("number", "holds"), [(0, True), (5, True), (6, False)])
def test_something_is_held_until_all_is_acknowledged(number: int, holds: bool) -> None:
    log = sent()
    log.acknowledge(number)
    assert log.holds is holds


def test_a_new_log_holds_nothing() -> None:
    assert not DownLog().holds


def test_the_log_goes_on_behind_what_was_dropped() -> None:
    log = filled()
    log.take()
    log.drop()
    log.append(b"f\0")
    assert taken(log) == [Batch(7, 7, b"f\0")]


# -- numbers that cannot be


def at_two_of_four() -> DownLog:
    """Six messages, four of them sent, two of those acknowledged."""
    log = filled(b"a\0", b"b\0", b"c\0d\0", b"e\0f\0")
    for _ in range(3):
        log.take()
    log.acknowledge(2)
    return log


@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_number_from_acknowledged_to_sent_passes_the_check(number: int) -> None:
    at_two_of_four().check(number)


@pytest.mark.parametrize("number", [-1, 0, 1, 5, 6, 7])
def test_a_number_outside_of_acknowledged_to_sent_is_a_gap(number: int) -> None:
    log = at_two_of_four()
    with pytest.raises(Gap, match=rf"^ack={number} cannot be: it must be 2 to 4$"):
        log.check(number)


@pytest.mark.parametrize("number", [1, 5])
def test_rewinding_across_a_gap_changes_nothing(number: int) -> None:
    log = at_two_of_four()
    with pytest.raises(Gap):
        log.rewind(number)
    assert taken(log) == [Batch(5, 6, b"e\0f\0")]


@pytest.mark.parametrize("number", [5, 6, 7])
def test_acknowledging_what_was_not_sent_changes_nothing(number: int) -> None:
    log = at_two_of_four()
    with pytest.raises(Gap, match=rf"^ack={number} cannot be: it must be 2 to 4$"):
        log.acknowledge(number)
    assert (log.acknowledged, log.held_bytes) == (2, held(b"c0d0", b"e0f0"))
    assert taken(log) == [Batch(5, 6, b"e\0f\0")]
