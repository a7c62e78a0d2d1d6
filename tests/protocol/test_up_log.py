"""Every number is accepted once, whatever is sent again; a refusal uses its number up."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.checks import NOT_UTF8, Guard
from bridge.protocol.framing import join, split
from bridge.protocol.up_log import Refusal, TooFarAhead, UpLog

GUARD = Guard("text", 3)
TOO_BIG = GUARD.oversize()
BAD = b"\xff"
LONG = b"long"


def after(*batches: bytes) -> UpLog:
    """A log that was offered these batches one behind the other."""
    log = UpLog(GUARD)
    for batch in batches:
        offered(log, log.accepted + 1, batch)
    return log


def offered(log: UpLog, first: int, batch: bytes) -> list[bytes | Refusal]:
    """All that comes of a batch."""
    return list(log.offer(first, batch))


def test_a_batch_is_accepted_whole_and_its_numbers_and_bytes_are_counted() -> None:
    log = UpLog(GUARD)
    assert offered(log, 1, b"a\0\0bb\0") == [b"a\0\0bb\0"]
    assert (log.accepted, log.accepted_bytes) == (3, 6)


def test_a_batch_that_is_accepted_whole_is_not_copied() -> None:
    batch = b"a\0bb\0"
    assert offered(UpLog(GUARD), 1, batch)[0] is batch


def test_numbers_go_on_from_batch_to_batch() -> None:
    log = after(b"a\0b\0", b"c\0")
    assert (log.accepted, log.accepted_bytes) == (3, 6)


@pytest.mark.parametrize(
    ("first", "batch", "accepted"),
    [
        (1, b"a\0b\0c\0d\0e\0", b"d\0e\0"),
        (2, b"b\0c\0d\0e\0", b"d\0e\0"),
        (3, b"c\0d\0e\0", b"d\0e\0"),
        (4, b"d\0e\0", b"d\0e\0"),
    ],
)
def test_what_was_accepted_before_is_skipped(first: int, batch: bytes, accepted: bytes) -> None:
    log = after(b"a\0b\0c\0")
    assert offered(log, first, batch) == [accepted]
    assert (log.accepted, log.accepted_bytes) == (5, 10)


@pytest.mark.parametrize(("first", "batch"), [(1, b"a\0"), (1, b"a\0b\0c\0"), (3, b"c\0")])
def test_of_a_retry_of_what_was_accepted_nothing_comes(first: int, batch: bytes) -> None:
    log = after(b"a\0b\0c\0")
    assert offered(log, first, batch) == []
    assert (log.accepted, log.accepted_bytes) == (3, 6)


@pytest.mark.parametrize("first", [1, 2])
def test_an_empty_batch_changes_nothing(first: int) -> None:
    log = after(b"a\0")
    assert offered(log, first, b"") == []
    assert log.accepted == 1


def test_a_batch_beyond_the_next_number_is_too_far_ahead_and_changes_nothing() -> None:
    log = after(b"a\0b\0")
    with pytest.raises(TooFarAhead, match=r"^first=4, but message 3 is expected$") as caught:
        offered(log, 4, b"d\0")
    assert caught.value.expected == 3
    assert (log.accepted, log.accepted_bytes) == (2, 4)


def test_bytes_that_are_not_looked_at_are_counted_by_their_zero_bytes() -> None:
    log = UpLog(GUARD)
    log.accept_bytes(b"\xff\0longer")
    log.accept_bytes(b"\0\0")
    assert (log.accepted, log.accepted_bytes) == (3, 10)


@pytest.mark.parametrize("first", [1, 2, 3])
def test_the_check_passes_numbers_up_to_the_next_one(first: int) -> None:
    after(b"a\0b\0").check(first)


def test_the_check_finds_a_gap_from_the_first_missing_number_on() -> None:
    with pytest.raises(TooFarAhead):
        after(b"a\0b\0").check(4)


# -- refusals


@pytest.mark.parametrize(
    ("batch", "items"),
    [
        (b"\xff\0", [Refusal(1, NOT_UTF8)]),
        (b"a\0\xff\0", [b"a\0", Refusal(2, NOT_UTF8)]),
        (b"\xff\0b\0", [Refusal(1, NOT_UTF8), b"b\0"]),
        (b"a\0b\0\xff\0c\0d\0", [b"a\0b\0", Refusal(3, NOT_UTF8), b"c\0d\0"]),
        (b"\xff\0long\0", [Refusal(1, NOT_UTF8), Refusal(2, TOO_BIG)]),
        (
            b"a\0long\0b\0\xff\0c\0",
            [b"a\0", Refusal(2, TOO_BIG), b"b\0", Refusal(4, NOT_UTF8), b"c\0"],
        ),
    ],
)
def test_what_is_refused_stands_in_its_place_between_what_is_accepted(
    batch: bytes, items: list[bytes | Refusal]
) -> None:
    log = UpLog(GUARD)
    assert offered(log, 1, batch) == items
    accepted = b"".join(item for item in items if isinstance(item, bytes))
    assert (log.accepted, log.accepted_bytes) == (batch.count(0), len(accepted))


@pytest.mark.parametrize(
    ("items", "accepted", "accepted_bytes"), [(0, 0, 0), (1, 2, 4), (2, 3, 4), (3, 4, 6)]
)
def test_what_has_not_come_out_is_not_accepted(
    items: int, accepted: int, accepted_bytes: int
) -> None:
    log = UpLog(GUARD)
    offering = log.offer(1, b"a\0b\0\xff\0c\0")
    for _ in range(items):
        next(offering)
    assert (log.accepted, log.accepted_bytes) == (accepted, accepted_bytes)


def test_a_refusal_in_a_retry_counts_from_what_is_new() -> None:
    log = after(b"a\0b\0")
    items = offered(log, 2, b"b\0c\0\xff\0d\0")
    assert items == [b"c\0", Refusal(4, NOT_UTF8), b"d\0"]
    assert (log.accepted, log.accepted_bytes) == (5, 8)


def test_a_message_refused_before_is_skipped_without_a_look() -> None:
    log = after(b"a\0\xff\0")
    assert offered(log, 1, b"a\0\xff\0b\0") == [b"b\0"]


def test_the_latest_refusal_is_the_one_remembered() -> None:
    log = after(b"\xff\0", b"long\0", b"a\0")
    assert log.refusal == Refusal(2, TOO_BIG)


@pytest.mark.parametrize(
    ("first", "following", "covered"),
    [
        (1, 2, False),
        (1, 3, False),
        (1, 4, True),
        (1, 5, True),
        (3, 3, False),
        (3, 4, True),
        (3, 5, True),
        (4, 5, False),
    ],
)
def test_a_refusal_is_remembered_for_a_retry_that_covers_it(
    first: int, following: int, covered: bool
) -> None:
    log = after(b"a\0b\0\xff\0", b"c\0")
    assert log.remembered(first, following) == (Refusal(3, NOT_UTF8) if covered else None)


def test_nothing_is_remembered_where_nothing_was_refused() -> None:
    assert after(b"a\0").remembered(1, 5) is None


def test_a_message_refused_unseen_uses_the_next_number_up() -> None:
    log = after(b"a\0")
    assert log.refuse(TOO_BIG) == Refusal(2, TOO_BIG)
    assert (log.accepted, log.accepted_bytes, log.refusal) == (2, 2, Refusal(2, TOO_BIG))


def test_the_log_shows_the_highest_number_accepted() -> None:
    assert repr(after(b"a\0b\0")) == "<UpLog 2>"


# -- against a model

messages = st.lists(st.sampled_from([b"", b"a", b"bc", b"def", BAD, LONG]))


sends = st.lists(st.tuples(st.integers(0, 7), st.integers(1, 8), st.integers(1, 4)), max_size=20)


@given(messages, sends)
def test_however_often_it_is_sent_again_the_daemon_gets_each_good_message_once(
    messages: list[bytes], sends: list[tuple[int, int, int]]
) -> None:
    log = UpLog(GUARD)
    stream = b""
    for back, sent, taken in [*sends, (0, len(messages), 2 * len(messages) + 1)]:
        first = max(1, log.accepted + 1 - back)
        batch = join(messages[first - 1 : first - 1 + sent])
        items = list(islice(log.offer(first, batch), taken))
        stream += b"".join(item for item in items if isinstance(item, bytes))
    assert log.accepted == len(messages)
    assert split(stream) == [message for message in messages if message not in (BAD, LONG)]
    assert log.accepted_bytes == len(stream)


@given(messages)
def test_each_message_that_may_not_pass_is_refused_by_its_number(messages: list[bytes]) -> None:
    items = offered(UpLog(GUARD), 1, join(messages))
    assert [item.number for item in items if isinstance(item, Refusal)] == [
        number for number, message in enumerate(messages, 1) if message in (BAD, LONG)
    ]
