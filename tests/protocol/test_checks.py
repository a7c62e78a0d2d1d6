"""A guard finds the first message that may not pass, and looks no closer than it must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.checks import (
    CHECKED_TURN_BYTES,
    NOT_UTF8,
    UNCHECKED_TURN_BYTES,
    Fault,
    Guard,
    Kind,
    Located,
    is_utf8,
)
from bridge.protocol.framing import join

ODD = Fault("odd", "the message begins with a question mark")
TOO_BIG = Fault("message-too-big", "the message is longer than 4 bytes")


class Question:
    """Refuses messages that begin with "?", and writes down what it saw."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    def __call__(self, message: bytes) -> Fault | None:
        self.seen.append(message)
        return ODD if message.startswith(b"?") else None


@pytest.mark.parametrize(
    ("data", "valid"),
    [
        (b"", True),
        (b"abc\0\x7f", True),
        ("é\0€\0😀\0".encode(), True),
        (b"\x80", False),
        (b"a\xff", False),
        (b"\xc3", False),
        (b"\xc3\0\xa9", False),
        (b"\xc0\x80", False),
        (b"\xed\xa0\x80", False),
        (b"\xf4\x90\x80\x80", False),
    ],
)
def test_utf8_is_what_rfc_3629_says(data: bytes, valid: bool) -> None:
    assert is_utf8(data) is valid


def found(guard: Guard, batch: bytes) -> list[tuple[bytes, Fault]]:
    """The messages of a batch that may not pass, each with its zero byte, and why."""
    return [(batch[start:end], fault) for start, end, fault in guard.faults(batch)]


@pytest.mark.parametrize(
    ("kind", "batch"),
    [
        ("bytes", b"\xff\0\x80\x80\0"),
        ("text", "é\0€\0abcd\0\0".encode()),
        ("xml", b"<a/>\0\0"),
        ("bytes", b""),
        ("text", b""),
        ("bytes", b"abcd\0"),
        ("bytes", b"abcd\0abcd\0abcd\0"),
        ("text", b"abcd\0abcd\0abcd\0"),
    ],
)
def test_sound_messages_pass(kind: Kind, batch: bytes) -> None:
    assert found(Guard(kind, 4), batch) == []


def test_a_fault_is_located_by_where_its_message_begins_and_where_the_next_one_does() -> None:
    faults = Guard("text", 4).faults(b"a\0\xff\0\0abcde\0b\0")
    assert list(faults) == [Located(2, 4, NOT_UTF8), Located(5, 11, TOO_BIG)]


@pytest.mark.parametrize("kind", ["bytes", "text", "xml"])
@pytest.mark.parametrize(
    ("batch", "long"),
    [
        (b"abcde\0", [b"abcde\0"]),
        (b"abcd\0abcde\0", [b"abcde\0"]),
        (b"a\0\0abcdef\0b\0abcdefg\0", [b"abcdef\0", b"abcdefg\0"]),
    ],
)
def test_messages_above_the_limit_are_found(kind: Kind, batch: bytes, long: list[bytes]) -> None:
    assert found(Guard(kind, 4), batch) == [(message, TOO_BIG) for message in long]


@pytest.mark.parametrize("kind", ["text", "xml"])
@pytest.mark.parametrize(
    ("batch", "bad"), [(b"\xff\0", [b"\xff\0"]), (b"a\0\xc3\0\xa9\0b\0", [b"\xc3\0", b"\xa9\0"])]
)
def test_messages_that_are_not_utf8_are_found(kind: Kind, batch: bytes, bad: list[bytes]) -> None:
    assert found(Guard(kind, 4), batch) == [(message, NOT_UTF8) for message in bad]


def test_of_two_faults_of_a_message_its_length_is_told() -> None:
    assert found(Guard("text", 4), b"\xff\xff\xff\xff\xff\0")[0][1] == TOO_BIG


@pytest.mark.parametrize("kind", ["bytes", "text", "xml"])
def test_what_the_check_refuses_is_found(kind: Kind) -> None:
    assert found(Guard(kind, 4, Question()), b"a\0?\0b\0?c\0") == [(b"?\0", ODD), (b"?c\0", ODD)]


def test_a_message_is_looked_at_when_its_turn_comes() -> None:
    question = Question()
    faults = Guard("text", 4, question).faults(b"a\0?\0b\0?c\0")
    next(faults)
    assert question.seen == [b"a", b"?"]


def test_the_check_sees_messages_that_fit_and_are_utf8_and_not_empty() -> None:
    question = Question()
    guard = Guard("xml", 4, question)
    for batch in (b"ab\0\0abcd\0", b"abcde\0", b"\xff\0"):
        found(guard, batch)
    assert question.seen == [b"ab", b"abcd"]


def test_a_guard_for_bytes_asks_its_check_about_any_bytes() -> None:
    question = Question()
    assert found(Guard("bytes", 4, question), b"\xff\0") == []
    assert question.seen == [b"\xff"]


@pytest.mark.parametrize(("kind", "is_text"), [("bytes", False), ("text", True), ("xml", True)])
def test_all_kinds_but_bytes_are_text(kind: Kind, is_text: bool) -> None:
    assert Guard(kind, 4).is_text is is_text


@pytest.mark.parametrize("kind", ["bytes", "text", "xml"])
def test_a_guard_knows_its_kind(kind: Kind) -> None:
    assert Guard(kind, 4).kind == kind


def test_others_have_their_turn_sooner_where_each_message_is_looked_at() -> None:
    assert Guard("text", 4).turn_bytes == UNCHECKED_TURN_BYTES
    assert Guard("text", 4, Question()).turn_bytes == CHECKED_TURN_BYTES < UNCHECKED_TURN_BYTES


def test_the_fault_of_a_message_too_big_names_the_limit() -> None:
    assert Guard("bytes", 4).oversize() == TOO_BIG


@given(st.lists(st.sampled_from([b"", b"a", b"abcd", b"abcde", b"\xff", "éé".encode()])))
def test_a_batch_is_judged_as_its_messages_one_by_one(messages: list[bytes]) -> None:
    guard = Guard("text", 4)
    one_by_one = [fault for message in messages for fault in found(guard, join([message]))]
    assert found(guard, join(messages)) == one_by_one
