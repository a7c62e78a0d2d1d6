"""Who hears what in the room, and which names can be had."""

import pytest

from bridge.demo.request import RequestError
from bridge.demo.room import Room


class Listener:
    """A person who writes down what is heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def send(self, message: bytes) -> None:
        self.heard.append(message.decode())


@pytest.fixture
def room() -> Room:
    return Room(max_name_length=8)


def entered(room: Room) -> Listener:
    """A newcomer, whose welcome is not written down."""
    listener = Listener()
    room.enter(listener)
    listener.heard.clear()
    return listener


def test_each_guest_has_the_first_free_number(room: Room) -> None:
    first, _ = entered(room), entered(room)
    room.leave(first)
    newcomer = Listener()
    room.enter(newcomer)
    assert newcomer.heard == ['<welcome name="guest1"/>']


def test_a_guest_gets_no_name_that_somebody_took(room: Room) -> None:
    room.join(entered(room), "guest2")
    assert [names(room), names(room)] == [
        '<people><person name="guest2"/><person name="guest1"/></people>',
        '<people><person name="guest2"/><person name="guest1"/></people>',
    ]
    entered(room)
    newcomer = Listener()
    room.enter(newcomer)
    assert newcomer.heard == ['<welcome name="guest3"/>']


def names(room: Room) -> str:
    """What somebody who comes for that alone is told of the people."""
    listener = entered(room)
    room.list_people(listener)
    room.leave(listener)
    return listener.heard[0]


def test_guests_come_and_go_unannounced(room: Room) -> None:
    listener = entered(room)
    room.leave(entered(room))
    assert listener.heard == []


def test_a_guest_that_joins_is_told_as_joined_alone(room: Room) -> None:
    listener = entered(room)
    room.join(entered(room), "ada")
    assert listener.heard == ['<joined name="ada"/>']


def test_a_second_join_gives_the_first_name_up(room: Room) -> None:
    listener = entered(room)
    room.join(listener, "ada")
    room.join(listener, "eve")
    assert listener.heard == ['<joined name="ada"/>', '<left name="ada"/>', '<joined name="eve"/>']


def test_who_leaves_is_not_told_of_it_and_frees_the_name(room: Room) -> None:
    ada, listener = entered(room), entered(room)
    room.join(ada, "ada")
    room.leave(ada)
    room.join(listener, "ada")
    assert ada.heard == ['<joined name="ada"/>']
    assert listener.heard == ['<joined name="ada"/>', '<left name="ada"/>', '<joined name="ada"/>']


def test_who_never_entered_leaves_without_a_word(room: Room) -> None:
    listener = entered(room)
    room.leave(Listener())
    assert listener.heard == []


@pytest.mark.parametrize("name", ["a", "ada b", "12345678", "Zoë", "李"])
def test_a_name_may_be_any_printable_text(room: Room, name: str) -> None:
    listener = entered(room)
    room.join(listener, name)
    assert listener.heard == [f'<joined name="{name}"/>']


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "bad-name"),
        ("123456789", "bad-name"),
        (" ada", "bad-name"),
        ("ada ", "bad-name"),
        ("a\tb", "bad-name"),
        ("a\u202eb", "bad-name"),
        ("guest1", "name-taken"),
        ("eve", "name-taken"),
    ],
)
def test_a_name_that_cannot_be_had_changes_nothing(room: Room, name: str, code: str) -> None:
    listener, eve = entered(room), entered(room)
    room.join(eve, "eve")
    with pytest.raises(RequestError) as refused:
        room.join(listener, name)
    assert refused.value.code == code
    assert names(room) == (
        '<people><person name="guest1"/><person name="eve"/><person name="guest2"/></people>'
    )
