"""The client's side of a socket, frame by frame."""

import json

import pytest

from bridge.client.errors import Garbled, MessageRefused, Missing
from bridge.client.outcome import Ended
from bridge.client.session import Session
from bridge.client.v1 import ACK_AFTER_BYTES, ACK_AFTER_S, CLOSE, Frame, OpenFrame, V1Connection
from tests.client.samples import OPENED, new_session


def opened(accepted: int = 0, first: int = 1) -> OpenFrame:
    return OpenFrame.read(json.dumps({"open": OPENED, "ack": accepted, "first": first}))


def connection_of(session: Session, *, is_text: bool = True) -> V1Connection:
    first = session.ack + 1
    return V1Connection(session, opened(session.outbox.acknowledged, first), is_text=is_text)


def test_messages_are_sent_in_text_frames() -> None:
    session = new_session()
    session.outbox.push("é".encode())
    assert connection_of(session).frames(0) == ["é\0"]


def test_messages_of_a_daemon_of_bytes_are_sent_in_binary_frames() -> None:
    session = new_session()
    session.outbox.push(b"\xff")
    assert connection_of(session, is_text=False).frames(0) == [b"\xff\0"]


def test_what_comes_after_a_pause_is_acknowledged_at_once() -> None:
    connection = connection_of(new_session())
    connection.receive("a\0")
    assert connection.frames(7.0) == ['{"ack":1}']
    assert connection.frames(7.0) == []


def test_what_comes_soon_after_is_acknowledged_a_little_later() -> None:
    connection = connection_of(new_session())
    connection.receive("a\0")
    connection.frames(7.0)
    connection.receive("b\0")
    assert connection.frames(7.1) == []
    assert connection.due_in_s(7.1) == pytest.approx(ACK_AFTER_S - 0.1)
    assert connection.frames(7.0 + ACK_AFTER_S) == ['{"ack":2}']
    assert connection.due_in_s(8) is None


def test_much_is_acknowledged_at_once() -> None:
    session = Session(new_session().opening, max_held_bytes=1 << 20)
    connection = connection_of(session)
    connection.receive("a\0")
    connection.frames(7.0)
    connection.receive("b" * ACK_AFTER_BYTES + "\0")
    assert connection.frames(7.0) == ['{"ack":2}']


def test_refusals_are_told_once() -> None:
    session = new_session()
    session.outbox.push(b"a")
    connection = connection_of(session)
    connection.frames(0)
    reject = '{"reject": {"message": 1, "code": "not-well-formed", "detail": "no"}}'
    (refusal,) = connection.receive(reject)
    assert isinstance(refusal, MessageRefused)
    assert (refusal.number, refusal.code, refusal.detail) == (1, "not-well-formed", "no")
    assert connection.receive(reject) == []


def test_the_end_and_when_to_come_back_are_told() -> None:
    connection = connection_of(new_session())
    connection.receive('{"close": {"code": "shutdown", "detail": "bye", "retry_after_s": 7}}')
    assert connection.end == Ended("shutdown", "bye", retry_after_s=7)


def test_with_the_end_all_counts_that_was_accepted_over_any_transport() -> None:
    session = new_session()
    session.outbox.push(b"a")
    session.outbox.take()
    connection = connection_of(session)
    connection.receive('{"ack": 1}')
    assert not session.outbox.is_empty
    connection.receive('{"close": {"code": "daemon-closed"}}')
    assert session.outbox.is_empty


def test_hanging_up_comes_behind_all_that_waits_and_once() -> None:
    session = new_session()
    session.outbox.push(b"x" * 500)
    session.outbox.push(b"y" * 500)
    connection = connection_of(session)
    connection.hang_up()
    assert connection.frames(0) == ["x" * 500 + "\0"]
    connection.receive('{"ack": 1}')
    assert connection.frames(0) == ["y" * 500 + "\0", CLOSE]
    assert connection.frames(0) == []


def test_members_that_are_not_known_mean_nothing() -> None:
    assert connection_of(new_session()).receive('{"news": [1]}') == []


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        b"{}",
        b"a\0",
        "a\0b",
        '{"ack": -1}',
        '{"ack": true}',
        '{"ack": "1"}',
        '{"close": 1}',
    ],
    ids=lambda frame: str(frame[:12]),
)
def test_what_cannot_be_understood_is_told(frame: Frame) -> None:
    with pytest.raises(Garbled):
        connection_of(new_session()).receive(frame)


def test_text_from_a_daemon_of_bytes_is_not_understood() -> None:
    with pytest.raises(Garbled):
        connection_of(new_session(), is_text=False).receive("a\0")


def test_an_acknowledgement_of_what_was_never_sent_is_told() -> None:
    with pytest.raises(Missing):
        connection_of(new_session()).receive('{"ack": 1}')


@pytest.mark.parametrize(
    "frame", ["a\0", b"{}", "{}", '{"ack": 0, "first": 1}', '{"open": {}, "ack": 0, "first": 1}']
)
def test_a_first_frame_that_opens_nothing_is_told(frame: Frame) -> None:
    with pytest.raises(Garbled):
        OpenFrame.read(frame)
