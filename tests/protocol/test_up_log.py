"""Every number is accepted once, whatever is sent again; a refusal uses its number up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.checks import NOT_UTF8, Guard
from bridge.protocol.framing import join, split
from bridge.protocol.up_log import Admitted, Refusal, TooFarAhead, UpLog

GUARD = Guard("text", 3)
TOO_BIG = GUARD.oversize()
BAD = b"\xff"
LONG = b"long"


def after(*batches: bytes) -> UpLog:
    """A log that was offered these batches one behind the other."""
    log = UpLog(GUARD)
    for batch in batches:
        log.offer(log.accepted + 1, batch)
    return log


def test_a_batch_is_admitted_whole_and_its_numbers_and_bytes_are_counted() -> None:
    log = UpLog(GUARD)
    assert log.offer(1, b"a\0\0bb\0") == Admitted(b"a\0\0bb\0")
    assert (log.accepted, log.accepted_bytes) == (3, 6)


def test_numbers_go_on_from_batch_to_batch() -> None:
    log = after(b"a\0b\0", b"c\0")
    assert (log.accepted, log.accepted_bytes) == (3, 6)


@pytest.mark.parametrize(
    ("first", "admitted"),
    [(1, b"d\0e\0"), (2, b"d\0e\0"), (3, b"d\0e\0"), (4, b"b\0c\0d\0e\0")],
)
def test_what_was_accepted_before_is_skipped(first: int, admitted: bytes) -> None:
    log = after(b"a\0b\0c\0")
    batch = {1: b"a\0b\0c\0d\0e\0", 2: b"b\0c\0d\0e\0", 3: b"c\0d\0e\0", 4: b"b\0c\0d\0e\0"}[first]
    assert log.offer(first, batch) == Admitted(admitted)
    assert log.accepted == first - 1 + batch.count(0)
    assert log.accepted_bytes == len(b"a0b0c0" + admitted)


@pytest.mark.parametrize(("first", "batch"), [(1, b"a\0"), (1, b"a\0b\0c\0"), (3, b"c\0")])
def test_a_retry_of_what_was_accepted_admits_nothing(first: int, batch: bytes) -> None:
    log = after(b"a\0b\0c\0")
    assert log.offer(first, batch) == Admitted(b"")
    assert (log.accepted, log.accepted_bytes) == (3, 6)


def test_an_empty_batch_changes_nothing() -> None:
    log = after(b"a\0")
    assert [log.offer(first, b"") for first in (1, 2)] == [Admitted(b""), Admitted(b"")]
    assert log.accepted == 1


def test_a_batch_beyond_the_next_number_is_too_far_ahead_and_changes_nothing() -> None:
    log = after(b"a\0b\0")
    with pytest.raises(TooFarAhead, match=r"^first=4, but message 3 is expected$") as caught:
        log.offer(4, b"d\0")
    assert (caught.value.first, caught.value.expected) == (4, 3)
    assert (log.accepted, log.accepted_bytes) == (2, 4)


@pytest.mark.parametrize("first", [1, 2, 3])
def test_the_check_passes_numbers_up_to_the_next_one(first: int) -> None:
    after(b"a\0b\0").check(first)


def test_the_check_finds_a_gap_from_the_first_missing_number_on() -> None:
    with pytest.raises(TooFarAhead):
        after(b"a\0b\0").check(4)


# -- refusals


@pytest.mark.parametrize(
    ("batch", "data", "refusal", "rest"),
    [
        (b"\xff\0", b"", Refusal(1, NOT_UTF8), b""),
        (b"a\0\xff\0", b"a\0", Refusal(2, NOT_UTF8), b""),
        (b"\xff\0b\0", b"", Refusal(1, NOT_UTF8), b"b\0"),
        (b"a\0b\0\xff\0c\0d\0", b"a\0b\0", Refusal(3, NOT_UTF8), b"c\0d\0"),
        (b"a\0long\0\xff\0", b"a\0", Refusal(2, TOO_BIG), b"\xff\0"),
    ],
)
def test_a_batch_is_admitted_up_to_the_first_message_refused(
    batch: bytes, data: bytes, refusal: Refusal, rest: bytes
) -> None:
    log = UpLog(GUARD)
    assert log.offer(1, batch) == Admitted(data, refusal, rest)
    assert log.refusal == refusal
    assert (log.accepted, log.accepted_bytes) == (refusal.number, len(data))


def test_a_refusal_in_a_retry_counts_from_what_is_new() -> None:
    log = after(b"a\0b\0")
    assert log.offer(2, b"b\0c\0\xff\0d\0") == Admitted(b"c\0", Refusal(4, NOT_UTF8), b"d\0")
    assert (log.accepted, log.accepted_bytes) == (4, 6)


def test_a_message_refused_before_is_skipped_without_a_look() -> None:
    log = after(b"a\0\xff\0")
    assert log.offer(1, b"a\0\xff\0b\0") == Admitted(b"b\0")


def test_the_latest_refusal_is_the_one_remembered() -> None:
    log = after(b"\xff\0", b"long\0", b"a\0")
    assert log.refusal == Refusal(2, TOO_BIG)


@pytest.mark.parametrize(
    ("first", "count", "covered"),
    [
        (1, 1, False),
        (1, 2, False),
        (1, 3, True),
        (1, 4, True),
        (3, 0, False),
        (3, 1, True),
        (3, 2, True),
        (4, 1, False),
    ],
)
def test_a_refusal_is_remembered_for_a_retry_that_covers_it(
    first: int, count: int, covered: bool
) -> None:
    log = after(b"a\0b\0\xff\0", b"c\0")
    assert log.remembered(first, count) == (Refusal(3, NOT_UTF8) if covered else None)


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


sends = st.lists(st.tuples(st.integers(0, 7), st.integers(1, 8)), max_size=20)


@given(messages, sends)
def test_however_often_it_is_sent_again_the_daemon_gets_each_good_message_once(
    messages: list[bytes], sends: list[tuple[int, int]]
) -> None:
    log = UpLog(GUARD)
    stream = b""
    for back, count in [*sends, *[(0, len(messages))] * len(messages)]:
        first = max(1, log.accepted + 1 - back)
        batch = join(messages[first - 1 : first - 1 + count])
        admitted = log.offer(first, batch)
        stream += admitted.data
        assert admitted.refusal is not None or log.accepted >= first - 1 + batch.count(0)
    assert log.accepted == len(messages)
    assert split(stream) == [message for message in messages if message not in (BAD, LONG)]
    assert log.accepted_bytes == len(stream)


@given(messages)
def test_going_on_with_the_rest_accepts_a_batch_whole(messages: list[bytes]) -> None:
    log = UpLog(GUARD)
    batch, refused = join(messages), []
    while batch:
        _, refusal, batch = log.offer(log.accepted + 1, batch)
        refused += [refusal.number] if refusal else []
    assert log.accepted == len(messages)
    assert refused == [
        number for number, message in enumerate(messages, 1) if message in (BAD, LONG)
    ]
