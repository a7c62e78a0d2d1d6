"""Who is here under which name, and who hears what; no I/O but `Person.send`."""

from itertools import count
from typing import Protocol

from bridge.demo import reply
from bridge.demo.request import RequestError


class Person(Protocol):
    """One who hears; compared by identity."""

    def send(self, message: bytes) -> None:
        """Take a message, or drop it when it can no longer arrive; never raises, and never calls
        the room back."""


class Room:
    """Everybody has one name that nobody else has: that of a guest until a `join` takes another.

    Guests come and go unannounced; only names that were taken are told as joined and left.
    """

    def __init__(self, max_name_length: int) -> None:
        self._max_name_length = max_name_length
        self._names: dict[Person, str] = {}  # in the order of their coming
        self._guests: set[Person] = set()

    def __repr__(self) -> str:
        return f"<Room people={len(self._names)} guests={len(self._guests)}>"

    def enter(self, person: Person) -> None:
        """Give the newcomer a guest's name and a welcome."""
        taken = self._names.values()
        name = next(name for name in map("guest{}".format, count(1)) if name not in taken)
        self._names[person] = name
        self._guests.add(person)
        person.send(reply.welcome(name))

    def join(self, person: Person, name: str) -> None:
        """Let the person take a name; raises `RequestError`, and changes nothing, where it cannot
        be had."""
        self._check(name)
        before = self._names[person]
        self._names[person] = name
        if person in self._guests:
            self._guests.remove(person)
        else:
            self._tell(reply.left(before))
        self._tell(reply.joined(name))

    def say(self, person: Person, text: str) -> None:
        """Tell everybody, the speaker included."""
        self._tell(reply.said(self._names[person], text))

    def list_people(self, person: Person) -> None:
        """Tell this person who is here."""
        person.send(reply.people(self._names.values()))

    def leave(self, person: Person) -> None:
        """Forget the person; those who never entered have nothing to be forgotten."""
        name = self._names.pop(person, None)
        if person in self._guests:
            self._guests.remove(person)
        elif name is not None:
            self._tell(reply.left(name))

    def _check(self, name: str) -> None:
        if not 0 < len(name) <= self._max_name_length:
            raise RequestError("bad-name", f"a name has 1 to {self._max_name_length} characters")
        if not name.isprintable() or name != name.strip():
            raise RequestError("bad-name", "a name is printable and has no space at its ends")
        if name in self._names.values():
            raise RequestError("name-taken", "somebody has this name already")

    def _tell(self, message: bytes) -> None:
        for person in self._names:
            person.send(message)
