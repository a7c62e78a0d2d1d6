"""What a client knows of its session: messages that come again, go missing, or are too many."""

import pytest

from bridge.client.errors import Garbled, MessageRefused, Missing
from bridge.client.opening import Opening
from bridge.client.session import REMEMBERED_REFUSALS, Session
from tests.client.samples import MAX_HELD_BYTES, OPENED, new_session


def popped(session: Session) -> list[bytes]:
    messages = []
    while session.holds:
        messages.append(session.pop())
    return messages


def test_messages_that_came_before_are_not_handed_on_again() -> None:
    session = new_session()
    session.receive(1, b"a\0b\0")
    session.receive(1, b"a\0b\0")
    session.receive(2, b"b\0c\0")
    assert popped(session) == [b"a", b"b", b"c"]
    assert session.received == 3


def test_a_message_left_out_is_noticed() -> None:
    session = new_session()
    session.receive(1, b"a\0")
    with pytest.raises(Missing):
        session.receive(3, b"c\0")


def test_while_the_program_lags_behind_nothing_more_is_acknowledged() -> None:
    session = new_session()
    session.receive(1, b"a\0")
    assert session.ack == 1
    session.receive(2, b"x" * MAX_HELD_BYTES + b"\0")
    assert not session.has_room
    assert session.ack == 1
    assert popped(session)
    assert session.ack == 2


def test_a_refusal_is_new_once() -> None:
    session = new_session()
    refusal = MessageRefused(3, "not-well-formed", "")
    assert session.refuse(refusal)
    assert not session.refuse(refusal)
    assert not session.refuse(MessageRefused(2, "not-well-formed", ""))


def test_the_latest_refusals_are_remembered() -> None:
    session = new_session()
    for number in range(1, REMEMBERED_REFUSALS + 2):
        session.refuse(MessageRefused(number, "bad-encoding", ""))
    assert [refusal.number for refusal in session.refusals] == [*range(2, REMEMBERED_REFUSALS + 2)]


@pytest.mark.parametrize("name", OPENED)
def test_an_opening_must_have_all_its_members(name: str) -> None:
    with pytest.raises(Garbled):
        Opening.read({key: value for key, value in OPENED.items() if key != name})


def test_the_key_stands_in_no_description() -> None:
    assert str(OPENED["key"]) not in repr(new_session().opening)
