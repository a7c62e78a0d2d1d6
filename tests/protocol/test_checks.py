"""A guard finds the first message that may not pass, and looks no closer than it must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.checks import NOT_UTF8, Fault, Guard, Kind, Located, is_utf8
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
    assert Guard(kind, 4).first_fault(batch) is None


@pytest.mark.parametrize("kind", ["bytes", "text", "xml"])
@pytest.mark.parametrize(
    ("batch", "position"),
    [
        (b"abcde\0", 0),
        (b"abcd\0abcde\0", 1),
        (b"a\0\0abcdef\0abcdefg\0", 2),
    ],
)
def test_the_first_message_above_the_limit_is_found(
    kind: Kind, batch: bytes, position: int
) -> None:
    assert Guard(kind, 4).first_fault(batch) == Located(position, TOO_BIG)


@pytest.mark.parametrize("kind", ["text", "xml"])
@pytest.mark.parametrize(("batch", "position"), [(b"\xff\0", 0), (b"a\0\xc3\0\xa9\0", 1)])
def test_the_first_message_that_is_not_utf8_is_found(
    kind: Kind, batch: bytes, position: int
) -> None:
    assert Guard(kind, 4).first_fault(batch) == Located(position, NOT_UTF8)


@pytest.mark.parametrize(
    ("batch", "located"),
    [
        (b"\xff\xff\xff\xff\xff\0", Located(0, TOO_BIG)),
        (b"\xff\0abcde\0", Located(0, NOT_UTF8)),
        (b"abcde\0\xff\0", Located(0, TOO_BIG)),
    ],
)
def test_of_several_faults_the_first_is_told_and_the_length_before_the_text(
    batch: bytes, located: Located
) -> None:
    assert Guard("text", 4).first_fault(batch) == located


@pytest.mark.parametrize("kind", ["bytes", "text", "xml"])
def test_what_the_check_refuses_is_found(kind: Kind) -> None:
    assert Guard(kind, 4, Question()).first_fault(b"a\0?\0?\0") == Located(1, ODD)


def test_the_check_sees_messages_that_fit_and_are_utf8_and_not_empty() -> None:
    question = Question()
    guard = Guard("xml", 4, question)
    for batch in (b"ab\0\0abcd\0", b"abcde\0", b"\xff\0"):
        guard.first_fault(batch)
    assert question.seen == [b"ab", b"abcd"]


def test_a_guard_for_bytes_asks_its_check_about_any_bytes() -> None:
    question = Question()
    assert Guard("bytes", 4, question).first_fault(b"\xff\0") is None
    assert question.seen == [b"\xff"]


@pytest.mark.parametrize(("kind", "is_text"), [("bytes", False), ("text", True), ("xml", True)])
def test_all_kinds_but_bytes_are_text(kind: Kind, is_text: bool) -> None:
    assert Guard(kind, 4).is_text is is_text


def test_the_fault_of_a_message_too_big_names_the_limit() -> None:
    assert Guard("bytes", 4).oversize() == TOO_BIG


@given(st.lists(st.sampled_from([b"", b"a", b"abcd", b"abcde", b"\xff", "éé".encode()])))
def test_a_batch_is_judged_as_its_messages_one_by_one(messages: list[bytes]) -> None:
    guard = Guard("text", 4)
    faults = [guard.first_fault(join([message])) for message in messages]
    expected = next((Located(at, found.fault) for at, found in enumerate(faults) if found), None)
    assert guard.first_fault(join(messages)) == expected
